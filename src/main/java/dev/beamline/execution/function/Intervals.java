package dev.beamline.execution.function;

import dev.beamline.catalog.IntervalValue;
import dev.beamline.execution.expression.EvaluationException;
import java.math.BigInteger;

/** Makes, computes with and writes INTERVALs. */
public final class Intervals {

  /** Ten thousand years. */
  static final long MAX_MONTHS = 120_000;

  static final long MAX_DAYS = 3_660_000;
  static final long MAX_MICROS = MAX_DAYS * CivilTime.MICROS_PER_DAY;

  private static final long DAYS_PER_MONTH = 30;

  private Intervals() {}

  /** The interval; an error where a part is more than ten thousand years. */
  public static IntervalValue of(long months, long days, long micros) {
    check(months, MAX_MONTHS, "MONTH");
    check(days, MAX_DAYS, "DAY");
    check(micros, MAX_MICROS, "MICROSECOND");
    return new IntervalValue(months, days, micros);
  }

  private static void check(long value, long max, String what) {
    if (value > max || value < -max) {
      throw new EvaluationException(
          "Interval field " + what + " '" + value + "' is out of range -" + max + " to " + max);
    }
  }

  /** {@code INTERVAL count PART}. */
  public static IntervalValue of(long count, DatePart part) {
    try {
      return switch (part) {
        case YEAR -> of(Math.multiplyExact(count, 12L), 0, 0);
        case QUARTER -> of(Math.multiplyExact(count, 3L), 0, 0);
        case MONTH -> of(count, 0, 0);
        case WEEK -> of(0, Math.multiplyExact(count, 7L), 0);
        case DAY -> of(0, count, 0);
        case HOUR, MINUTE, SECOND, MILLISECOND, MICROSECOND ->
            of(0, 0, Math.multiplyExact(count, part.micros()));
        default ->
            throw new EvaluationException("Unsupported interval datetime field " + part.sql());
      };
    } catch (ArithmeticException e) {
      throw new EvaluationException("INTERVAL " + count + " " + part + " is out of range");
    }
  }

  static IntervalValue add(IntervalValue a, IntervalValue b) {
    return of(a.months() + b.months(), a.days() + b.days(), a.micros() + b.micros());
  }

  static IntervalValue subtract(IntervalValue a, IntervalValue b) {
    return of(a.months() - b.months(), a.days() - b.days(), a.micros() - b.micros());
  }

  static IntervalValue negate(IntervalValue a) {
    return new IntervalValue(-a.months(), -a.days(), -a.micros());
  }

  static IntervalValue multiply(IntervalValue a, long by) {
    try {
      return of(
          Math.multiplyExact(a.months(), by),
          Math.multiplyExact(a.days(), by),
          Math.multiplyExact(a.micros(), by));
    } catch (ArithmeticException e) {
      throw new EvaluationException("Interval overflow during multiplication");
    }
  }

  /** What is left of months goes to days (30 a month), what is left of days to the time part. */
  static IntervalValue divide(IntervalValue a, long by) {
    if (by == 0) {
      throw new EvaluationException("Interval division by zero");
    }
    long days = a.days() + a.months() % by * DAYS_PER_MONTH;
    BigInteger micros =
        BigInteger.valueOf(days % by)
            .multiply(BigInteger.valueOf(CivilTime.MICROS_PER_DAY))
            .add(BigInteger.valueOf(a.micros()))
            .divide(BigInteger.valueOf(by));
    return of(a.months() / by, days / by, micros.longValueExact());
  }

  /** The difference of two DATETIMEs: whole days and the rest. */
  static IntervalValue betweenDatetimes(long end, long start) {
    long micros = end - start;
    return of(0, micros / CivilTime.MICROS_PER_DAY, micros % CivilTime.MICROS_PER_DAY);
  }

  static IntervalValue justifyHours(IntervalValue i) {
    long days = i.days() + i.micros() / CivilTime.MICROS_PER_DAY;
    long micros = i.micros() % CivilTime.MICROS_PER_DAY;
    int carry = carry(days, micros);
    return of(i.months(), days + carry, micros - carry * CivilTime.MICROS_PER_DAY);
  }

  static IntervalValue justifyDays(IntervalValue i) {
    long months = i.months() + i.days() / DAYS_PER_MONTH;
    long days = i.days() % DAYS_PER_MONTH;
    int carry = carry(months, days);
    return of(months + carry, days - carry * DAYS_PER_MONTH, i.micros());
  }

  static IntervalValue justify(IntervalValue i) {
    long days = i.days() + i.micros() / CivilTime.MICROS_PER_DAY;
    long micros = i.micros() % CivilTime.MICROS_PER_DAY;
    long months = i.months() + days / DAYS_PER_MONTH;
    days = days % DAYS_PER_MONTH;
    int carry = carry(months, days == 0 ? micros : days);
    months += carry;
    days -= carry * DAYS_PER_MONTH;
    carry = carry(days, micros);
    return of(months, days + carry, micros - carry * CivilTime.MICROS_PER_DAY);
  }

  /** What the larger part must gain so that both have one sign. */
  private static int carry(long larger, long smaller) {
    return larger > 0 && smaller < 0 ? -1 : larger < 0 && smaller > 0 ? 1 : 0;
  }

  /** A part of an interval, with its sign. */
  static long extract(DatePart part, IntervalValue i) {
    return switch (part) {
      case YEAR -> i.months() / 12;
      case MONTH -> i.months() % 12;
      case DAY -> i.days();
      case HOUR -> i.micros() / CivilTime.MICROS_PER_HOUR;
      case MINUTE -> i.micros() / CivilTime.MICROS_PER_MINUTE % 60;
      case SECOND -> i.micros() / CivilTime.MICROS_PER_SECOND % 60;
      case MILLISECOND -> i.micros() % CivilTime.MICROS_PER_SECOND / CivilTime.MICROS_PER_MILLI;
      case MICROSECOND -> i.micros() % CivilTime.MICROS_PER_SECOND;
      default -> throw new IllegalArgumentException(part + " of an interval");
    };
  }

  /** {@code 1-2 3 4:5:6.789}, always with all parts, as CAST writes it. */
  public static String format(IntervalValue i) {
    long months = Math.abs(i.months());
    long micros = Math.abs(i.micros());
    StringBuilder out = new StringBuilder(24);
    out.append(i.months() < 0 ? "-" : "").append(months / 12).append('-').append(months % 12);
    out.append(' ').append(i.days()).append(' ');
    out.append(i.micros() < 0 ? "-" : "").append(micros / CivilTime.MICROS_PER_HOUR);
    out.append(':').append(micros / CivilTime.MICROS_PER_MINUTE % 60);
    out.append(':').append(micros / CivilTime.MICROS_PER_SECOND % 60);
    long fraction = micros % CivilTime.MICROS_PER_SECOND;
    if (fraction % 1000 != 0) {
      out.append('.').append(CivilTime.pad(fraction, 6));
    } else if (fraction != 0) {
      out.append('.').append(CivilTime.pad(fraction / 1000, 3));
    }
    return out.toString();
  }

  /** {@code P1Y2M3DT4H5M6.789S}, as JSON has it; {@code P0Y} of zero. */
  public static String formatIso(IntervalValue i) {
    StringBuilder out = new StringBuilder("P");
    appendIso(out, i.months() / 12, 'Y');
    appendIso(out, i.months() % 12, 'M');
    appendIso(out, i.days(), 'D');
    if (i.micros() != 0) {
      out.append('T');
      appendIso(out, extract(DatePart.HOUR, i), 'H');
      appendIso(out, extract(DatePart.MINUTE, i), 'M');
      long seconds = i.micros() % CivilTime.MICROS_PER_MINUTE;
      if (seconds != 0) {
        long fraction = Math.abs(seconds % CivilTime.MICROS_PER_SECOND);
        out.append(seconds < 0 ? "-" : "");
        out.append(Math.abs(seconds) / CivilTime.MICROS_PER_SECOND);
        if (fraction != 0) {
          out.append('.').append(CivilTime.pad(fraction, 6).replaceAll("0+$", ""));
        }
        out.append('S');
      }
    }
    return out.length() == 1 ? "P0Y" : out.toString();
  }

  private static void appendIso(StringBuilder out, long value, char unit) {
    if (value != 0) {
      out.append(value).append(unit);
    }
  }
}
