package dev.beamline.execution.function;

import dev.beamline.execution.expression.EvaluationException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

/**
 * Ranges of DATE, DATETIME, TIME and TIMESTAMP, and the ways between them. Values are numbers as
 * {@link dev.beamline.catalog.Type} says: days, or microseconds since 1970, or since midnight.
 */
public final class CivilTime {

  public static final long MICROS_PER_MILLI = 1_000L;
  public static final long MICROS_PER_SECOND = 1_000_000L;
  public static final long MICROS_PER_MINUTE = 60 * MICROS_PER_SECOND;
  public static final long MICROS_PER_HOUR = 60 * MICROS_PER_MINUTE;
  public static final long MICROS_PER_DAY = 24 * MICROS_PER_HOUR;

  /** 0001-01-01. */
  public static final long MIN_DATE = LocalDate.of(1, 1, 1).toEpochDay();

  /** 9999-12-31. */
  public static final long MAX_DATE = LocalDate.of(9999, 12, 31).toEpochDay();

  /** The first DATETIME and TIMESTAMP, 0001-01-01 00:00:00. */
  public static final long MIN_MICROS = MIN_DATE * MICROS_PER_DAY;

  /** The last DATETIME and TIMESTAMP, 9999-12-31 23:59:59.999999. */
  public static final long MAX_MICROS = (MAX_DATE + 1) * MICROS_PER_DAY - 1;

  private CivilTime() {}

  public static boolean isDate(long days) {
    return days >= MIN_DATE && days <= MAX_DATE;
  }

  /** Whether it is in the range of DATETIME and TIMESTAMP. */
  public static boolean isMicros(long micros) {
    return micros >= MIN_MICROS && micros <= MAX_MICROS;
  }

  /** The date itself; an error outside 0001-01-01 to 9999-12-31. */
  public static long checkDate(long days) {
    if (!isDate(days)) {
      throw new EvaluationException("DATE value is out of range: " + days + " days since 1970");
    }
    return days;
  }

  /** The DATETIME itself; an error outside the years 1 to 9999. */
  public static long checkDatetime(long micros) {
    if (!isMicros(micros)) {
      throw new EvaluationException(
          "DATETIME value is out of range: " + micros + " microseconds since 1970");
    }
    return micros;
  }

  /** The TIMESTAMP itself; an error outside the years 1 to 9999 in UTC. */
  public static long checkTimestamp(long micros) {
    if (!isMicros(micros)) {
      throw new EvaluationException(
          "TIMESTAMP value is out of range: " + micros + " microseconds since 1970");
    }
    return micros;
  }

  /** Days since 1970; an error where there is no such day. */
  public static long date(long year, long month, long day) {
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31) {
      throw invalidDate(year, month, day);
    }
    if (day > LocalDate.of((int) year, (int) month, 1).lengthOfMonth()) {
      throw invalidDate(year, month, day);
    }
    return LocalDate.of((int) year, (int) month, (int) day).toEpochDay();
  }

  private static EvaluationException invalidDate(long year, long month, long day) {
    return new EvaluationException(
        "Input calculates to invalid date: "
            + pad(year, 4)
            + "-"
            + pad(month, 2)
            + "-"
            + pad(day, 2));
  }

  /**
   * Microseconds of a time of day. The leap second 60 is the next minute's first; 23:59:60 is
   * 00:00:00.
   */
  public static long time(long hour, long minute, long second) {
    return Math.floorMod(rawTime(hour, minute, second), MICROS_PER_DAY);
  }

  /** Microseconds of a DATETIME. The leap second 60 is the next minute's first. */
  public static long datetime(
      long year, long month, long day, long hour, long minute, long second) {
    return checkDatetime(date(year, month, day) * MICROS_PER_DAY + rawTime(hour, minute, second));
  }

  private static long rawTime(long hour, long minute, long second) {
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) {
      throw new EvaluationException(
          "Input calculates to invalid time: "
              + pad(hour, 2)
              + ":"
              + pad(minute, 2)
              + ":"
              + pad(second, 2));
    }
    return ((hour * 60 + minute) * 60 + second) * MICROS_PER_SECOND;
  }

  /** The day of a DATETIME. */
  public static long dateOf(long datetime) {
    return Math.floorDiv(datetime, MICROS_PER_DAY);
  }

  /** The TIME of a DATETIME. */
  public static long timeOf(long datetime) {
    return Math.floorMod(datetime, MICROS_PER_DAY);
  }

  /**
   * The TIMESTAMP of a local time. A time that a clock change skips is read with the offset before
   * the change; one that comes twice is the first.
   */
  public static long toTimestamp(long datetime, ZoneId zone) {
    return checkTimestamp(datetime - offsetOfLocal(datetime, zone) * MICROS_PER_SECOND);
  }

  static long offsetOfLocal(long datetime, ZoneId zone) {
    if (zone instanceof ZoneOffset offset) {
      return offset.getTotalSeconds();
    }
    ZoneRules rules = zone.getRules();
    LocalDateTime local =
        LocalDateTime.ofEpochSecond(
            Math.floorDiv(datetime, MICROS_PER_SECOND),
            (int) Math.floorMod(datetime, MICROS_PER_SECOND) * 1000,
            ZoneOffset.UTC);
    ZoneOffsetTransition change = rules.getTransition(local);
    ZoneOffset offset = change == null ? rules.getOffset(local) : change.getOffsetBefore();
    return offset.getTotalSeconds();
  }

  /** Seconds that the zone is ahead of UTC at a TIMESTAMP. */
  public static int offsetSeconds(long timestamp, ZoneId zone) {
    if (zone instanceof ZoneOffset offset) {
      return offset.getTotalSeconds();
    }
    Instant instant = Instant.ofEpochSecond(Math.floorDiv(timestamp, MICROS_PER_SECOND));
    return zone.getRules().getOffset(instant).getTotalSeconds();
  }

  /** The DATETIME that clocks of the zone show. */
  public static long toDatetime(long timestamp, ZoneId zone) {
    return checkDatetime(toLocal(timestamp, zone));
  }

  /** As {@link #toDatetime}, but near the ends of the range it may lie outside of it. */
  static long toLocal(long timestamp, ZoneId zone) {
    return timestamp + offsetSeconds(timestamp, zone) * MICROS_PER_SECOND;
  }

  /** The day that calendars of the zone show. */
  public static long toDate(long timestamp, ZoneId zone) {
    return checkDate(dateOf(toLocal(timestamp, zone)));
  }

  /** The time of day that clocks of the zone show. */
  public static long toTime(long timestamp, ZoneId zone) {
    return timeOf(toLocal(timestamp, zone));
  }

  static String pad(long value, int width) {
    String digits = Long.toString(Math.abs(value));
    return (value < 0 ? "-" : "") + "0".repeat(Math.max(0, width - digits.length())) + digits;
  }
}
