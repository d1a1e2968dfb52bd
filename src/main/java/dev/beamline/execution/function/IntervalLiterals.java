package dev.beamline.execution.function;

import dev.beamline.catalog.IntervalValue;
import dev.beamline.execution.expression.EvaluationException;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads INTERVALs: the text of literals, of CAST, and ISO 8601 durations. */
public final class IntervalLiterals {

  /** The parts of {@code Y-M D H:M:S}, in that order. */
  private static final List<DatePart> FIELDS =
      List.of(
          DatePart.YEAR,
          DatePart.MONTH,
          DatePart.DAY,
          DatePart.HOUR,
          DatePart.MINUTE,
          DatePart.SECOND);

  /** Patterns of each field where it comes first and where it follows another. */
  private static final List<String> FIRST =
      List.of(
          "(?<ms>[-+])?(?<YEAR>\\d+)",
          "(?<ms>[-+])?(?<MONTH>\\d+)",
          "(?<DAY>[-+]?\\d+)",
          "(?<ts>[-+])?(?<HOUR>\\d+)",
          "(?<ts>[-+])?(?<MINUTE>\\d+)",
          "");

  private static final List<String> NEXT =
      List.of(
          "",
          "-(?<MONTH>\\d+)",
          " (?<DAY>[-+]?\\d+)",
          " (?<ts>[-+])?(?<HOUR>\\d+)",
          ":(?<MINUTE>\\d+)",
          ":(?<SECOND>\\d+)(?:\\.(?<fraction>\\d{1,6}))?");

  private static final Pattern[][] RANGES = ranges();

  private static final Pattern SECONDS = Pattern.compile("([-+])?(\\d*)(?:\\.(\\d{1,6}))?");

  private static final Pattern ISO_NUMBER = Pattern.compile("(-?)(\\d+)(?:[.,](\\d*))?(.)");

  private IntervalLiterals() {}

  /**
   * The value of {@code INTERVAL 'text' part [TO toPart]}.
   *
   * @param part upper case, such as {@code DAY}
   * @param toPart null where there is only one part
   * @throws EvaluationException where text or parts are wrong
   */
  public static IntervalValue parse(String text, String part, @Nullable String toPart) {
    DatePart from = part(part);
    return toPart == null ? parseOne(text, from) : parseRange(text, from, part(toPart));
  }

  private static DatePart part(String name) {
    Optional<DatePart> part = DatePart.of(name);
    return part.orElseThrow(
        () -> new EvaluationException("Unsupported interval datetime field " + name));
  }

  private static IntervalValue parseOne(String text, DatePart part) {
    Matcher number = SECONDS.matcher(text);
    if (text.isEmpty() || !number.matches()) {
      throw invalid(text);
    }
    if (number.group(3) != null) {
      if (part != DatePart.SECOND) {
        throw invalid(text);
      }
      BigInteger micros =
          new BigInteger("0" + number.group(2)).multiply(big(CivilTime.MICROS_PER_SECOND));
      micros = micros.add(big(fraction(number.group(3))));
      return Intervals.of(
          0, 0, exact("-".equals(number.group(1)) ? micros.negate() : micros, text));
    }
    if (number.group(2).isEmpty()) {
      throw invalid(text);
    }
    BigInteger count = new BigInteger(number.group(2));
    return Intervals.of(exact("-".equals(number.group(1)) ? count.negate() : count, text), part);
  }

  private static IntervalValue parseRange(String text, DatePart from, DatePart to) {
    int first = FIELDS.indexOf(from);
    int last = FIELDS.indexOf(to);
    if (first < 0 || last <= first) {
      throw new EvaluationException("Invalid interval datetime fields: " + from + " TO " + to);
    }
    Matcher m = RANGES[first][last].matcher(text);
    if (!m.matches()) {
      throw invalid(text);
    }
    BigInteger[] values = new BigInteger[FIELDS.size()];
    for (int i = 0; i < values.length; i++) {
      String digits = i < first || i > last ? "0" : m.group(FIELDS.get(i).name());
      values[i] = new BigInteger(digits.startsWith("+") ? digits.substring(1) : digits);
    }
    BigInteger months = values[0].multiply(big(12)).add(values[1]);
    BigInteger micros =
        values[3]
            .multiply(big(CivilTime.MICROS_PER_HOUR))
            .add(values[4].multiply(big(CivilTime.MICROS_PER_MINUTE)))
            .add(values[5].multiply(big(CivilTime.MICROS_PER_SECOND)));
    if (last == 5 && m.group("fraction") != null) {
      micros = micros.add(big(fraction(m.group("fraction"))));
    }
    boolean negativeMonths = first <= 1 && "-".equals(m.group("ms"));
    boolean negativeTime = last >= 3 && "-".equals(m.group("ts"));
    return Intervals.of(
        exact(negativeMonths ? months.negate() : months, text),
        exact(values[2], text),
        exact(negativeTime ? micros.negate() : micros, text));
  }

  /** The value of CAST(text AS INTERVAL): all parts, or as many as spaces and colons tell. */
  public static IntervalValue parse(String text) {
    if (text.startsWith("P")) {
      return parseIso(text);
    }
    int spaces = 0;
    int colons = 0;
    int dashes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == ' ') {
        spaces++;
      } else if (c == ':') {
        colons++;
      } else if (c == '-' && i > 0 && TextCursor.isDigit(text.charAt(i - 1))) {
        dashes++;
      }
    }
    return switch (spaces * 100 + colons * 10 + dashes) {
      case 221 -> parseRange(text, DatePart.YEAR, DatePart.SECOND);
      case 211 -> parseRange(text, DatePart.YEAR, DatePart.MINUTE);
      case 201 -> parseRange(text, DatePart.YEAR, DatePart.HOUR);
      case 101 -> parseRange(text, DatePart.YEAR, DatePart.DAY);
      case 1 -> parseRange(text, DatePart.YEAR, DatePart.MONTH);
      case 200 -> parseRange(text, DatePart.MONTH, DatePart.HOUR);
      case 210 -> parseRange(text, DatePart.MONTH, DatePart.MINUTE);
      case 220 -> parseRange(text, DatePart.MONTH, DatePart.SECOND);
      case 110 -> parseRange(text, DatePart.DAY, DatePart.MINUTE);
      case 120 -> parseRange(text, DatePart.DAY, DatePart.SECOND);
      case 20 -> parseRange(text, DatePart.HOUR, DatePart.SECOND);
      default -> throw invalid(text);
    };
  }

  /** {@code P1Y2M3W4DT5H6M7.8S}: parts in any order, each with a sign of its own. */
  private static IntervalValue parseIso(String text) {
    BigInteger months = BigInteger.ZERO;
    BigInteger days = BigInteger.ZERO;
    BigInteger micros = BigInteger.ZERO;
    boolean time = false;
    int position = 1;
    if (text.length() == 1) {
      throw invalid(text);
    }
    while (position < text.length()) {
      if (text.charAt(position) == 'T') {
        if (time) {
          throw invalid(text);
        }
        time = true;
        position++;
        continue;
      }
      Matcher m = ISO_NUMBER.matcher(text).region(position, text.length());
      if (!m.lookingAt()) {
        throw invalid(text);
      }
      position = m.end();
      BigInteger sign = big(m.group(1).isEmpty() ? 1 : -1);
      BigInteger number = new BigInteger(m.group(2)).multiply(sign);
      String unit = (time ? "T" : "") + m.group(4);
      String decimals = m.group(3);
      if (decimals != null && (!unit.equals("TS") || decimals.isEmpty() || decimals.length() > 6)) {
        throw invalid(text);
      }
      switch (unit) {
        case "Y" -> months = months.add(number.multiply(big(12)));
        case "M" -> months = months.add(number);
        case "W" -> days = days.add(number.multiply(big(7)));
        case "D" -> days = days.add(number);
        case "TH" -> micros = micros.add(number.multiply(big(CivilTime.MICROS_PER_HOUR)));
        case "TM" -> micros = micros.add(number.multiply(big(CivilTime.MICROS_PER_MINUTE)));
        case "TS" -> {
          micros = micros.add(number.multiply(big(CivilTime.MICROS_PER_SECOND)));
          if (decimals != null) {
            micros = micros.add(sign.multiply(big(fraction(decimals))));
          }
        }
        default -> throw invalid(text);
      }
    }
    return Intervals.of(exact(months, text), exact(days, text), exact(micros, text));
  }

  private static BigInteger big(long value) {
    return BigInteger.valueOf(value);
  }

  /** Microseconds of up to six decimals. */
  private static long fraction(String digits) {
    return Long.parseLong(digits + "0".repeat(6 - digits.length()));
  }

  private static long exact(BigInteger value, String text) {
    if (value.bitLength() > 63) {
      throw invalid(text);
    }
    return value.longValueExact();
  }

  private static EvaluationException invalid(String text) {
    return new EvaluationException("Invalid INTERVAL value '" + text + "'");
  }

  private static Pattern[][] ranges() {
    int count = FIELDS.size();
    Pattern[][] ranges = new Pattern[count][count];
    for (int first = 0; first < count; first++) {
      StringBuilder pattern = new StringBuilder(FIRST.get(first));
      for (int last = first + 1; last < count; last++) {
        // MONTH TO DAY and later parts follow a month that comes first.
        pattern.append(NEXT.get(last));
        ranges[first][last] = Pattern.compile(pattern.toString());
      }
    }
    return ranges;
  }
}
