package dev.beamline.project;

import java.math.BigInteger;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Durations as users write them: {@code 250ms 10s 5m 1h 1d}; a day is 24 hours. */
public final class Durations {

  static final String ALLOWED =
      "allowed: a whole number with ms, s, m, h or d, such as 250ms, 10s, 5m, 1h, 1d";

  private static final Pattern WRITTEN = Pattern.compile("([0-9]+)(ms|s|m|h|d)");
  private static final Pattern LOOSE =
      Pattern.compile("([0-9]+)\\s*([a-z]+)", Pattern.CASE_INSENSITIVE);
  private static final BigInteger LONGEST = BigInteger.valueOf(Duration.ofDays(36_500).toMillis());

  private Durations() {}

  /** A duration, or a hint of what to write. */
  public record Result(@Nullable Duration duration, @Nullable String hint) {}

  public static Result parse(String text) {
    Matcher matcher = WRITTEN.matcher(text);
    if (!matcher.matches()) {
      return new Result(null, hint(text));
    }
    BigInteger millis =
        new BigInteger(matcher.group(1)).multiply(BigInteger.valueOf(millis(matcher.group(2))));
    if (millis.compareTo(LONGEST) > 0) {
      return new Result(null, "at most 100 years: 36500d");
    }
    return new Result(Duration.ofMillis(millis.longValue()), null);
  }

  /** As users write it, in the largest unit that is whole. */
  public static String format(Duration duration) {
    long millis = duration.toMillis();
    for (String unit : new String[] {"d", "h", "m", "s"}) {
      if (millis != 0 && millis % millis(unit) == 0) {
        return millis / millis(unit) + unit;
      }
    }
    return millis == 0 ? "0s" : millis + "ms";
  }

  private static long millis(String unit) {
    return switch (unit) {
      case "ms" -> 1L;
      case "s" -> 1_000L;
      case "m" -> 60_000L;
      case "h" -> 3_600_000L;
      default -> 86_400_000L;
    };
  }

  private static String hint(String text) {
    String guess = null;
    Matcher loose = LOOSE.matcher(text.strip());
    if (text.matches("[0-9]+")) {
      guess = text + "s";
    } else if (loose.matches()) {
      String unit = unit(loose.group(2).toLowerCase(Locale.ROOT));
      guess = unit == null ? null : loose.group(1) + unit;
    }
    return guess == null ? ALLOWED : "did you mean " + guess + "? A" + ALLOWED.substring(1);
  }

  private static @Nullable String unit(String word) {
    return switch (word) {
      case "ms", "msec", "millis", "millisecond", "milliseconds" -> "ms";
      case "s", "sec", "secs", "second", "seconds" -> "s";
      case "m", "min", "mins", "minute", "minutes" -> "m";
      case "h", "hr", "hrs", "hour", "hours" -> "h";
      case "d", "day", "days" -> "d";
      default -> null;
    };
  }
}
