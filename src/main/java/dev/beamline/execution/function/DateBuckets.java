package dev.beamline.execution.function;

import static dev.beamline.catalog.ScalarType.DATE;
import static dev.beamline.catalog.ScalarType.DATETIME;
import static dev.beamline.catalog.ScalarType.INTERVAL;
import static dev.beamline.catalog.ScalarType.TIMESTAMP;
import static dev.beamline.execution.function.Parameter.notText;
import static dev.beamline.execution.function.Parameter.of;
import static dev.beamline.execution.function.Parameter.only;

import dev.beamline.catalog.IntervalValue;
import dev.beamline.catalog.ScalarType;
import dev.beamline.execution.expression.EvaluationException;
import java.time.LocalDate;

/**
 * {@code DATE_BUCKET DATETIME_BUCKET TIMESTAMP_BUCKET}: the start of the bucket that a value is in,
 * of buckets of one width one after another from an origin, which is 1950-01-01 unless given.
 */
final class DateBuckets {

  private static final long ORIGIN_DATE = LocalDate.of(1950, 1, 1).toEpochDay();
  private static final long ORIGIN_MICROS = ORIGIN_DATE * CivilTime.MICROS_PER_DAY;

  private DateBuckets() {}

  /** Finds a bucket's start. */
  private interface Bucket {
    long start(long value, IntervalValue width, long origin);
  }

  static void register(Registry registry) {
    Registry.Definition date = registry.add("DATE_BUCKET");
    bucket(date, of(DATE), of(DATE), DATE, ORIGIN_DATE, DateBuckets::ofDate);
    bucket(date, only(DATETIME), of(DATETIME), DATETIME, ORIGIN_MICROS, DateBuckets::ofDatetime);
    bucket(
        date, only(TIMESTAMP), of(TIMESTAMP), TIMESTAMP, ORIGIN_MICROS, DateBuckets::ofTimestamp);
    Registry.Definition datetime = registry.add("DATETIME_BUCKET");
    bucket(datetime, of(DATETIME), of(DATETIME), DATETIME, ORIGIN_MICROS, DateBuckets::ofDatetime);
    bucket(
        datetime,
        only(TIMESTAMP),
        of(TIMESTAMP),
        TIMESTAMP,
        ORIGIN_MICROS,
        DateBuckets::ofTimestamp);
    Registry.Definition timestamp = registry.add("TIMESTAMP_BUCKET");
    bucket(
        timestamp,
        of(TIMESTAMP),
        of(TIMESTAMP),
        TIMESTAMP,
        ORIGIN_MICROS,
        DateBuckets::ofTimestamp);
    bucket(
        timestamp,
        notText(DATETIME),
        of(DATETIME),
        DATETIME,
        ORIGIN_MICROS,
        DateBuckets::ofDatetime);
  }

  private static void bucket(
      Registry.Definition function,
      Parameter value,
      Parameter origin,
      ScalarType type,
      long defaultOrigin,
      Bucket bucket) {
    function
        .takes(value, of(INTERVAL), origin.optionally())
        .returns(type)
        .strictAll(
            a ->
                bucket.start(
                    (Long) a[0], (IntervalValue) a[1], a.length > 2 ? (Long) a[2] : defaultOrigin));
  }

  private static long ofDate(long days, IntervalValue width, long origin) {
    if (width.micros() != 0) {
      throw new EvaluationException(
          "Only MONTH and DAY parts are allowed in bucket width INTERVAL");
    }
    checkOnePart(width);
    long start =
        width.months() != 0
            ? months(days, 0, width.months(), origin, 0)
            : days - Math.floorMod(days - origin, width.days());
    return inRange(CivilTime.isDate(start), start, CivilText.formatDate(days));
  }

  private static long ofDatetime(long datetime, IntervalValue width, long origin) {
    checkOnePart(width);
    long start;
    if (width.months() != 0) {
      long time = CivilTime.timeOf(origin);
      start =
          months(
                      CivilTime.dateOf(datetime),
                      CivilTime.timeOf(datetime),
                      width.months(),
                      CivilTime.dateOf(origin),
                      time)
                  * CivilTime.MICROS_PER_DAY
              + time;
    } else {
      start = datetime - Math.floorMod(datetime - origin, micros(width));
    }
    return inRange(CivilTime.isMicros(start), start, CivilText.formatDatetime(datetime));
  }

  private static long ofTimestamp(long timestamp, IntervalValue width, long origin) {
    if (width.months() != 0) {
      throw new EvaluationException(
          "Bucket width INTERVAL with non-zero MONTH part is not allowed");
    }
    checkOnePart(width);
    long start = timestamp - Math.floorMod(timestamp - origin, micros(width));
    return inRange(CivilTime.isMicros(start), start, CivilText.formatIsoTimestamp(timestamp));
  }

  private static long micros(IntervalValue width) {
    return width.days() * CivilTime.MICROS_PER_DAY + width.micros();
  }

  private static void checkOnePart(IntervalValue width) {
    if (width.months() < 0 || width.days() < 0 || width.micros() < 0) {
      throw new EvaluationException("Negative bucket width INTERVAL is not allowed");
    }
    int parts =
        Long.signum(width.months()) + Long.signum(width.days()) + Long.signum(width.micros());
    if (parts != 1) {
      throw new EvaluationException(
          "Exactly one non-zero INTERVAL part in bucket width is required");
    }
  }

  private static long inRange(boolean ok, long start, String value) {
    if (!ok) {
      throw new EvaluationException("Bucket for " + value + " is outside of the allowed range");
    }
    return start;
  }

  /**
   * The day that begins a bucket of months. Buckets begin on the origin's day of the month, or on
   * the last day of months that have no such day.
   */
  private static long months(long days, long time, long width, long originDays, long originTime) {
    LocalDate value = LocalDate.ofEpochDay(days);
    LocalDate origin = LocalDate.ofEpochDay(originDays);
    long month = value.getYear() * 12L + value.getMonthValue() - 1;
    long start = month - Math.floorMod(month - monthOf(origin), width);
    if (start == month) {
      boolean bothLast =
          origin.getDayOfMonth() == origin.lengthOfMonth()
              && value.getDayOfMonth() == value.lengthOfMonth();
      int day = bothLast ? origin.getDayOfMonth() : value.getDayOfMonth();
      if (day < origin.getDayOfMonth() || (day == origin.getDayOfMonth() && time < originTime)) {
        start -= width;
      }
    }
    if (start < 12) {
      return CivilTime.MIN_DATE - 1;
    }
    LocalDate first = LocalDate.of((int) (start / 12), (int) (start % 12) + 1, 1);
    return first.toEpochDay() + Math.min(origin.getDayOfMonth(), first.lengthOfMonth()) - 1;
  }

  private static long monthOf(LocalDate date) {
    return date.getYear() * 12L + date.getMonthValue() - 1;
  }
}
