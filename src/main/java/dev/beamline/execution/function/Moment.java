package dev.beamline.execution.function;

import java.time.LocalDate;
import java.time.ZoneId;

/**
 * A point in time as its formatting needs it.
 *
 * @param date of the local day
 * @param time of the local day
 * @param unixSeconds since 1970 in UTC
 * @param offsetMinutes that local time is ahead of UTC
 */
record Moment(LocalDate date, long time, long unixSeconds, int offsetMinutes) {

  static Moment ofDate(long days) {
    return ofDatetime(days * CivilTime.MICROS_PER_DAY);
  }

  static Moment ofDatetime(long datetime) {
    return of(datetime, 0);
  }

  static Moment ofTimestamp(long timestamp, ZoneId zone) {
    return of(timestamp, CivilText.minutesOffset(timestamp, zone));
  }

  private static Moment of(long micros, int offsetMinutes) {
    long local = micros + offsetMinutes * CivilTime.MICROS_PER_MINUTE;
    return new Moment(
        LocalDate.ofEpochDay(CivilTime.dateOf(local)),
        CivilTime.timeOf(local),
        Math.floorDiv(micros, CivilTime.MICROS_PER_SECOND),
        offsetMinutes);
  }

  int hour() {
    return (int) (time / CivilTime.MICROS_PER_HOUR);
  }

  /** 12, 1, 2 ... 11. */
  int hourOfTwelve() {
    return (hour() + 11) % 12 + 1;
  }

  int minute() {
    return (int) (time / CivilTime.MICROS_PER_MINUTE % 60);
  }

  int second() {
    return (int) (time / CivilTime.MICROS_PER_SECOND % 60);
  }

  long fraction() {
    return time % CivilTime.MICROS_PER_SECOND;
  }

  /** The weekday, 0 for the given first day (which is 0 for Monday). */
  int weekday(int first) {
    return CivilFields.weekday(date.toEpochDay(), first);
  }

  /** The week of the year, where weeks begin at the given day. */
  int week(int first) {
    return CivilFields.week(date.toEpochDay(), date.getDayOfYear(), first);
  }
}
