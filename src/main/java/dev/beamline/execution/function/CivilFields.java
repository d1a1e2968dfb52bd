package dev.beamline.execution.function;

import java.time.LocalDate;
import java.time.temporal.IsoFields;

/** The parts of dates and times that EXTRACT gives. */
final class CivilFields {

  private CivilFields() {}

  /** A part of a DATE, DAY or longer. */
  static long ofDate(DatePart part, long days) {
    LocalDate date = LocalDate.ofEpochDay(days);
    return switch (part) {
      case DATE -> days;
      case DAY -> date.getDayOfMonth();
      case DAYOFWEEK -> weekday(days, 6) + 1;
      case DAYOFYEAR -> date.getDayOfYear();
      case WEEK,
          WEEK_MONDAY,
          WEEK_TUESDAY,
          WEEK_WEDNESDAY,
          WEEK_THURSDAY,
          WEEK_FRIDAY,
          WEEK_SATURDAY ->
          week(days, date.getDayOfYear(), part.firstWeekday());
      case ISOWEEK -> isoWeek(date);
      case MONTH -> date.getMonthValue();
      case QUARTER -> (date.getMonthValue() + 2) / 3;
      case YEAR -> date.getYear();
      case ISOYEAR -> isoYear(date);
      default -> throw new IllegalArgumentException(part + " of a date");
    };
  }

  /** A part of a TIME, HOUR or shorter. */
  static long ofTime(DatePart part, long time) {
    return switch (part) {
      case TIME -> time;
      case HOUR -> time / CivilTime.MICROS_PER_HOUR;
      case MINUTE -> time / CivilTime.MICROS_PER_MINUTE % 60;
      case SECOND -> time / CivilTime.MICROS_PER_SECOND % 60;
      case MILLISECOND -> time % CivilTime.MICROS_PER_SECOND / CivilTime.MICROS_PER_MILLI;
      case MICROSECOND -> time % CivilTime.MICROS_PER_SECOND;
      default -> throw new IllegalArgumentException(part + " of a time");
    };
  }

  /** Any part of a DATETIME. */
  static long ofDatetime(DatePart part, long datetime) {
    if (part == DatePart.DATETIME) {
      return datetime;
    }
    return part.belowDay() || part == DatePart.TIME
        ? ofTime(part, CivilTime.timeOf(datetime))
        : ofDate(part, CivilTime.dateOf(datetime));
  }

  /** The day within its week, 0 to 6, where weeks begin at this day (0 for Monday). */
  static int weekday(long days, int first) {
    // 1970-01-01 was a Thursday.
    return Math.floorMod(days + 3 - first, 7);
  }

  /** Week 1 begins at the year's first such weekday; the days before are in week 0. */
  static int week(long days, int dayOfYear, int first) {
    return (dayOfYear - 1 + 7 - weekday(days, first)) / 7;
  }

  static int isoWeek(LocalDate date) {
    return date.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
  }

  static int isoYear(LocalDate date) {
    return date.get(IsoFields.WEEK_BASED_YEAR);
  }

  /** 1 to 371. */
  static long isoDayOfYear(LocalDate date) {
    return date.toEpochDay() - isoYearStart(isoYear(date)) + 1;
  }

  /** The Monday that begins the ISO year. */
  static long isoYearStart(int isoYear) {
    long fourth = LocalDate.of(isoYear, 1, 4).toEpochDay();
    return fourth - weekday(fourth, 0);
  }
}
