package dev.beamline.execution.function;

import dev.beamline.catalog.IntervalValue;
import dev.beamline.execution.expression.EvaluationException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Adds to, subtracts and truncates dates and times. */
final class CivilMath {

  private CivilMath() {}

  /** A DATE and an interval without a part below a day. */
  static long addToDate(long days, IntervalValue interval) {
    if (interval.micros() != 0) {
      throw new EvaluationException("An interval below a day cannot be added to a DATE");
    }
    try {
      return CivilTime.checkDate(
          Math.addExact(addMonths(days, interval.months()), interval.days()));
    } catch (ArithmeticException | EvaluationException e) {
      throw overflow(CivilText.formatDate(days), interval);
    }
  }

  /** Months first, then days, then the rest. */
  static long addToDatetime(long datetime, IntervalValue interval) {
    try {
      long days = addMonths(CivilTime.dateOf(datetime), interval.months());
      days = CivilTime.checkDate(Math.addExact(days, interval.days()));
      long sum = days * CivilTime.MICROS_PER_DAY + CivilTime.timeOf(datetime);
      return CivilTime.checkDatetime(Math.addExact(sum, interval.micros()));
    } catch (ArithmeticException | EvaluationException e) {
      throw overflow(CivilText.formatDatetime(datetime), interval);
    }
  }

  /** A day counts 24 hours. Months have no length that could be added to a TIMESTAMP. */
  static long addToTimestamp(long timestamp, IntervalValue interval) {
    if (interval.months() != 0) {
      throw new EvaluationException(
          "An interval with a MONTH or YEAR part cannot be added to a TIMESTAMP");
    }
    try {
      long days = Math.multiplyExact(interval.days(), CivilTime.MICROS_PER_DAY);
      long sum = CivilTime.checkTimestamp(Math.addExact(timestamp, days));
      return CivilTime.checkTimestamp(Math.addExact(sum, interval.micros()));
    } catch (ArithmeticException | EvaluationException e) {
      throw overflow(CivilText.formatTimestamp(timestamp, ZoneOffset.UTC), interval);
    }
  }

  /** A TIME goes around at midnight. */
  static long addToTime(long time, IntervalValue interval) {
    if (interval.months() != 0 || interval.days() != 0) {
      throw new EvaluationException("An interval of days or longer cannot be added to a TIME");
    }
    return Math.floorMod(
        time + interval.micros() % CivilTime.MICROS_PER_DAY, CivilTime.MICROS_PER_DAY);
  }

  private static EvaluationException overflow(String value, IntervalValue interval) {
    return new EvaluationException(
        "Adding interval "
            + Intervals.format(interval)
            + " to "
            + value
            + " is outside the years 1 to 9999");
  }

  /** The same day of another month, or that month's last day. */
  static long addMonths(long days, long months) {
    if (months == 0) {
      return days;
    }
    LocalDate date = LocalDate.ofEpochDay(days);
    long month = Math.addExact(date.getYear() * 12L + date.getMonthValue() - 1, months);
    long year = Math.floorDiv(month, 12);
    if (year < 1 || year > 9999) {
      throw new EvaluationException("The year " + year + " is outside of 1 to 9999");
    }
    LocalDate first = LocalDate.of((int) year, Math.floorMod(month, 12) + 1, 1);
    return first.toEpochDay() + Math.min(date.getDayOfMonth(), first.lengthOfMonth()) - 1;
  }

  /** How many borders of the part lie between two dates. */
  static long diffDates(long end, long start, DatePart part) {
    if (part == DatePart.DAY) {
      return end - start;
    }
    if (part.isWeek()) {
      int first = part.firstWeekday();
      return Math.floorDiv(
          end - CivilFields.weekday(end, first) - start + CivilFields.weekday(start, first), 7);
    }
    LocalDate e = LocalDate.ofEpochDay(end);
    LocalDate s = LocalDate.ofEpochDay(start);
    return switch (part) {
      case MONTH -> months(e) - months(s);
      case QUARTER -> months(e) / 3 - months(s) / 3;
      case YEAR -> e.getYear() - s.getYear();
      case ISOYEAR -> CivilFields.isoYear(e) - CivilFields.isoYear(s);
      default -> throw new IllegalArgumentException(part + " between dates");
    };
  }

  private static int months(LocalDate date) {
    return date.getYear() * 12 + date.getMonthValue() - 1;
  }

  /** How many borders of the part lie between two DATETIMEs, or two TIMEs. */
  static long diffDatetimes(long end, long start, DatePart part) {
    return part.belowDay()
        ? Math.floorDiv(end, part.micros()) - Math.floorDiv(start, part.micros())
        : diffDates(CivilTime.dateOf(end), CivilTime.dateOf(start), part);
  }

  /** How many whole parts, DAY (of 24 hours) or shorter, fit between two TIMESTAMPs. */
  static long diffTimestamps(long end, long start, DatePart part) {
    return (end - start) / part.micros();
  }

  /** The first day of the part that the date is in. */
  static long truncateDate(long days, DatePart part) {
    LocalDate date = LocalDate.ofEpochDay(days);
    long first =
        switch (part) {
          case DAY -> days;
          case MONTH -> days - date.getDayOfMonth() + 1;
          case QUARTER ->
              LocalDate.of(date.getYear(), (date.getMonthValue() - 1) / 3 * 3 + 1, 1).toEpochDay();
          case YEAR -> days - date.getDayOfYear() + 1;
          case ISOYEAR -> CivilFields.isoYearStart(CivilFields.isoYear(date));
          default -> {
            if (!part.isWeek()) {
              throw new IllegalArgumentException(part + " of a date");
            }
            yield days - CivilFields.weekday(days, part.firstWeekday());
          }
        };
    if (!CivilTime.isDate(first)) {
      throw new EvaluationException(
          "Truncating date "
              + CivilText.formatDate(days)
              + " to "
              + part
              + " resulted in an out of range date value");
    }
    return first;
  }

  static long truncateDatetime(long datetime, DatePart part) {
    return part.belowDay()
        ? datetime - Math.floorMod(datetime, part.micros())
        : truncateDate(CivilTime.dateOf(datetime), part) * CivilTime.MICROS_PER_DAY;
  }

  static long truncateTime(long time, DatePart part) {
    return time - time % part.micros();
  }

  /** Truncates what clocks of the zone show. */
  static long truncateTimestamp(long timestamp, DatePart part, ZoneId zone) {
    if (zone.equals(ZoneOffset.UTC)) {
      return truncateDatetime(timestamp, part);
    }
    if (part.belowDay()) {
      if (part.micros() <= CivilTime.MICROS_PER_SECOND) {
        return timestamp - Math.floorMod(timestamp, part.micros());
      }
      // The offset of this very moment is kept, also where clocks change within the hour.
      long offset = CivilTime.offsetSeconds(timestamp, zone) * CivilTime.MICROS_PER_SECOND;
      return CivilTime.checkTimestamp(timestamp - Math.floorMod(timestamp + offset, part.micros()));
    }
    long days = CivilTime.dateOf(CivilTime.toLocal(timestamp, zone));
    return CivilTime.toTimestamp(truncateDate(days, part) * CivilTime.MICROS_PER_DAY, zone);
  }

  /** The last day of the part that the date is in. */
  static long lastDay(long days, DatePart part) {
    LocalDate date = LocalDate.ofEpochDay(days);
    long last =
        switch (part) {
          case MONTH -> days - date.getDayOfMonth() + date.lengthOfMonth();
          case QUARTER -> {
            LocalDate month =
                LocalDate.of(date.getYear(), (date.getMonthValue() - 1) / 3 * 3 + 3, 1);
            yield month.toEpochDay() + month.lengthOfMonth() - 1;
          }
          case YEAR -> days - date.getDayOfYear() + date.lengthOfYear();
          case ISOYEAR -> CivilFields.isoYearStart(CivilFields.isoYear(date) + 1) - 1;
          default -> {
            if (!part.isWeek()) {
              throw new IllegalArgumentException(part + " of a date");
            }
            yield days - CivilFields.weekday(days, part.firstWeekday()) + 6;
          }
        };
    if (!CivilTime.isDate(last)) {
      throw new EvaluationException(
          "Last day of date "
              + CivilText.formatDate(days)
              + " to "
              + part
              + " resulted in an out of range date value");
    }
    return last;
  }
}
