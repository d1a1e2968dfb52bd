package dev.beamline.report.explain;

import dev.beamline.project.Durations;
import dev.beamline.project.Windowing;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Numbers and policies in words. */
public final class Words {

  private Words() {}

  /** Such as {@code 1 window} or {@code 86,400 windows}. */
  public static String count(long number, String noun) {
    return String.format(Locale.ROOT, "%,d %s%s", number, noun, number == 1 ? "" : "s");
  }

  /** Two or three digits, with a unit: {@code 0}, {@code 4,660}, {@code 1.2 million}. */
  public static String number(double value) {
    if (value >= 1e9) {
      return String.format(Locale.ROOT, "%.1f billion", value / 1e9);
    } else if (value >= 1e6) {
      return String.format(Locale.ROOT, "%.1f million", value / 1e6);
    } else if (value >= 100 || value == Math.rint(value)) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    return String.format(Locale.ROOT, "%.1f", value);
  }

  /** Such as {@code 310 kB}. */
  public static String bytes(double value) {
    String[] units = {"B", "kB", "MB", "GB", "TB", "PB"};
    int unit = 0;
    double scaled = value;
    while (scaled >= 1000 && unit < units.length - 1) {
      scaled /= 1000;
      unit++;
    }
    return String.format(
        Locale.ROOT, unit == 0 || scaled >= 100 ? "%.0f %s" : "%.1f %s", scaled, units[unit]);
  }

  /** Microseconds as users write durations. */
  public static String duration(long micros) {
    return micros % 1000 == 0
        ? Durations.format(Duration.of(micros, ChronoUnit.MICROS))
        : micros + "us";
  }

  /**
   * A length of time in its parts, such as {@code 1d 2h 10m}; what is below a second is left out.
   */
  public static String parts(Duration duration) {
    List<String> parts = new ArrayList<>();
    long[] counts = {
      duration.toDays(), duration.toHoursPart(), duration.toMinutesPart(), duration.toSecondsPart()
    };
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > 0) {
        parts.add(counts[i] + "dhms".substring(i, i + 1));
      }
    }
    return parts.isEmpty() ? "0s" : String.join(" ", parts);
  }

  /** When results are sent. */
  public static String panes(Windowing windowing) {
    StringBuilder text = new StringBuilder();
    Windowing.Firing early = windowing.trigger().early();
    if (early != null) {
      text.append("early ").append(firing(early)).append("; ");
    }
    text.append("on time when the watermark passes the window's end");
    if (!windowing.allowedLateness().isZero()) {
      Windowing.Firing late = windowing.trigger().late();
      text.append("; late ").append(late == null ? "with each late row" : firing(late));
    }
    return text.append("; each pane ")
        .append(
            windowing.accumulationMode() == Windowing.AccumulationMode.ACCUMULATING
                ? "holds all rows so far"
                : "holds only its new rows")
        .toString();
  }

  private static String firing(Windowing.Firing firing) {
    return firing instanceof Windowing.Every every
        ? "every " + Durations.format(every.period())
        : "after every " + count(((Windowing.AfterCount) firing).count(), "row");
  }
}
