package dev.beamline.execution.function;

import dev.beamline.execution.expression.EvaluationException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * What the elements of a parsed text have said, and the time that comes of it. Elements may say a
 * day in three ways: year, month and day; year and day of the year or week; ISO year and week.
 * Within the first two the later element holds; the third counts only where it stands alone.
 */
final class ParsedTime {

  private int element;

  private int year = 1970;
  private int century;
  private boolean useCentury;
  private boolean explicitCentury;
  private int month = 1;
  private int day = 1;
  private int lastYear;
  private int lastMonth;
  private int lastDay;
  private boolean civil;

  private int dayOfYear = -1;
  private int dayOfYearAt;
  private int week = -1;
  private int weekStart;
  private int weekAt;
  private int weekday = -1;

  private int isoYear = -1;
  private int isoWeek = -1;
  private int isoWeekAt;
  private int isoDayOfYear = -1;
  private int isoDayOfYearAt;

  private int hour;
  private int minute;
  private int second;
  private long fraction;
  private boolean twelve;
  private boolean afternoon;

  private @Nullable Long unixSeconds;
  private @Nullable ZoneId zone;
  private @Nullable ZoneOffset offset;

  /** Another element follows. */
  void next() {
    element++;
  }

  void year(int value) {
    year = value;
    useCentury = false;
    explicitCentury = false;
    lastYear = element;
    civil = true;
  }

  void century(int value) {
    if (!useCentury) {
      year = 0;
    }
    century = value;
    useCentury = true;
    explicitCentury = true;
    lastYear = element;
    civil = true;
  }

  /** Two digits; 69 and more are of the 20th century unless another is said. */
  void yearOfCentury(int value) {
    year = value;
    if (!explicitCentury) {
      century = value < 69 ? 20 : 19;
    }
    useCentury = true;
    lastYear = element;
    civil = true;
  }

  void month(int value) {
    month = value;
    lastMonth = element;
    civil = true;
  }

  void quarter(int value) {
    month(value * 3 - 2);
    day(1);
  }

  void day(int value) {
    day = value;
    lastDay = element;
    civil = true;
  }

  void dayOfYear(int value) {
    dayOfYear = value;
    dayOfYearAt = element;
    civil = true;
  }

  /**
   * A week of the year.
   *
   * @param start its first day, 0 for Monday
   */
  void week(int value, int start) {
    week = value;
    weekStart = start;
    weekAt = element;
    civil = true;
  }

  /** 0 is Monday. */
  void weekday(int value) {
    weekday = value;
  }

  void isoYear(int value) {
    isoYear = value;
  }

  void isoWeek(int value) {
    isoWeek = value;
    isoWeekAt = element;
  }

  void isoDayOfYear(int value) {
    isoDayOfYear = value;
    isoDayOfYearAt = element;
  }

  void hour(int value) {
    hour = value;
    twelve = false;
  }

  void hourOfTwelve(int value) {
    hour = value % 12;
    twelve = true;
  }

  void minute(int value) {
    minute = value;
  }

  void second(int value) {
    second = value;
  }

  /** Microseconds of the second. */
  void fraction(long value) {
    fraction = value;
  }

  void afternoon(boolean value) {
    afternoon = value;
  }

  void unixSeconds(long value) {
    unixSeconds = value;
  }

  void zone(ZoneId value) {
    zone = value;
    offset = null;
  }

  void offset(ZoneOffset value) {
    offset = value;
  }

  /** The TIMESTAMP, in the given zone where none was said. */
  long resolve(ZoneId defaultZone) {
    if (unixSeconds != null) {
      return inRange(Math.multiplyExact(unixSeconds, CivilTime.MICROS_PER_SECOND));
    }
    if (useCentury) {
      year += century * 100;
    }
    LocalDate date = date();
    int hours = hour + (twelve && afternoon ? 12 : 0);
    long time = ((hours * 60L + minute) * 60 + second) * CivilTime.MICROS_PER_SECOND;
    // The leap second's own fraction is dropped.
    time += second == 60 ? 0 : fraction;
    long local = date.toEpochDay() * CivilTime.MICROS_PER_DAY + time;
    ZoneId used = offset != null ? offset : zone != null ? zone : defaultZone;
    return inRange(local - CivilTime.offsetOfLocal(local, used) * CivilTime.MICROS_PER_SECOND);
  }

  private static long inRange(long micros) {
    if (!CivilTime.isMicros(micros)) {
      throw new EvaluationException("Invalid result from parsing function");
    }
    return micros;
  }

  private LocalDate date() {
    if (isoYear >= 0 && !civil) {
      return isoDate();
    }
    boolean byWeek = week >= 0 && (dayOfYear < 0 || (weekAt > dayOfYearAt && weekday >= 0));
    if (byWeek) {
      merge(dateOfWeek(), weekAt);
    } else if (dayOfYear >= 0) {
      LocalDate first = LocalDate.of(year, 1, 1);
      if (dayOfYear > first.lengthOfYear()) {
        throw new EvaluationException(
            "Year " + year + " has 365 days, but the specified day of year was " + dayOfYear);
      }
      merge(first.plusDays(dayOfYear - 1), dayOfYearAt);
    }
    if (day > LocalDate.of(year, month, 1).lengthOfMonth()) {
      throw new EvaluationException(
          "Out-of-range datetime field in parsing function; year: "
              + year
              + ", month: "
              + month
              + ", day: "
              + day);
    }
    return LocalDate.of(year, month, day);
  }

  private void merge(LocalDate date, int at) {
    if (lastYear < at) {
      year = date.getYear();
    }
    if (lastMonth < at) {
      month = date.getMonthValue();
    }
    if (lastDay < at) {
      day = date.getDayOfMonth();
    }
  }

  private LocalDate dateOfWeek() {
    LocalDate first = LocalDate.of(year, 1, 1);
    LocalDate last = LocalDate.of(year, 12, 31);
    int least = CivilFields.week(first.toEpochDay(), 1, weekStart);
    int most = CivilFields.week(last.toEpochDay(), last.getDayOfYear(), weekStart);
    if (week < least || week > most) {
      throw new EvaluationException("Week number " + week + " is invalid for year " + year);
    }
    // Week 1 begins with the first such weekday of the year.
    long start = first.toEpochDay() + (7 - CivilFields.weekday(first.toEpochDay(), weekStart)) % 7;
    long within = weekday < 0 ? 0 : Math.floorMod(weekday - weekStart, 7);
    return LocalDate.ofEpochDay(start + 7L * (week - 1) + within);
  }

  private LocalDate isoDate() {
    if (isoYear < 1 || isoYear > 9999) {
      throw new EvaluationException("Invalid result from parsing function");
    }
    long start = CivilFields.isoYearStart(isoYear);
    long days = CivilFields.isoYearStart(isoYear + 1) - start;
    boolean byWeek =
        isoWeek >= 0 && (isoDayOfYear < 0 || (isoWeekAt > isoDayOfYearAt && weekday >= 0));
    if (byWeek) {
      if (isoWeek * 7L > days) {
        throw new EvaluationException(
            "Invalid ISO week " + isoWeek + " specified for ISO year " + isoYear);
      }
      return LocalDate.ofEpochDay(start + 7L * (isoWeek - 1) + Math.max(0, weekday));
    }
    if (isoDayOfYear > days) {
      throw new EvaluationException(
          "ISO Year "
              + isoYear
              + " has "
              + days
              + " days, but the specified day of year was "
              + isoDayOfYear);
    }
    return LocalDate.ofEpochDay(start + Math.max(0, isoDayOfYear - 1));
  }
}
