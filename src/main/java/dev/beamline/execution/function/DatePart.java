package dev.beamline.execution.function;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The date and time parts of BigQuery, as EXTRACT, *_ADD, *_DIFF and *_TRUNC name them. */
public enum DatePart {
  MICROSECOND("MICROSECOND", 1),
  MILLISECOND("MILLISECOND", CivilTime.MICROS_PER_MILLI),
  SECOND("SECOND", CivilTime.MICROS_PER_SECOND),
  MINUTE("MINUTE", CivilTime.MICROS_PER_MINUTE),
  HOUR("HOUR", CivilTime.MICROS_PER_HOUR),
  DAY("DAY", CivilTime.MICROS_PER_DAY),
  DAYOFWEEK("DAYOFWEEK"),
  DAYOFYEAR("DAYOFYEAR"),
  WEEK("WEEK"),
  WEEK_MONDAY("WEEK(MONDAY)"),
  WEEK_TUESDAY("WEEK(TUESDAY)"),
  WEEK_WEDNESDAY("WEEK(WEDNESDAY)"),
  WEEK_THURSDAY("WEEK(THURSDAY)"),
  WEEK_FRIDAY("WEEK(FRIDAY)"),
  WEEK_SATURDAY("WEEK(SATURDAY)"),
  ISOWEEK("ISOWEEK"),
  MONTH("MONTH"),
  QUARTER("QUARTER"),
  YEAR("YEAR"),
  ISOYEAR("ISOYEAR"),
  DATE("DATE"),
  DATETIME("DATETIME"),
  TIME("TIME");

  private static final Map<String, DatePart> BY_SQL = new HashMap<>();

  static {
    for (DatePart part : values()) {
      BY_SQL.put(part.sql, part);
    }
    BY_SQL.put("WEEK(SUNDAY)", WEEK);
  }

  private final String sql;
  private final long micros;

  DatePart(String sql) {
    this(sql, 0);
  }

  DatePart(String sql, long micros) {
    this.sql = sql;
    this.micros = micros;
  }

  /** The part that is written so, in any case: {@code DAY}, {@code week(monday)}. */
  public static Optional<DatePart> of(String sql) {
    return Optional.ofNullable(BY_SQL.get(sql.toUpperCase(Locale.ROOT).replace(" ", "")));
  }

  /** As SQL writes it. */
  public String sql() {
    return sql;
  }

  /** Its length, which is the same always; 0 of parts that have none, such as MONTH and WEEK. */
  long micros() {
    return micros;
  }

  /** Whether it is HOUR or shorter. */
  boolean belowDay() {
    return micros != 0 && this != DAY;
  }

  /** Whether it is a week of any first day. */
  boolean isWeek() {
    return ordinal() >= WEEK.ordinal() && ordinal() <= ISOWEEK.ordinal();
  }

  /** The week's first day, 0 for Monday to 6 for Sunday; only of weeks. */
  int firstWeekday() {
    return this == WEEK ? 6 : this == ISOWEEK ? 0 : ordinal() - WEEK_MONDAY.ordinal();
  }

  @Override
  public String toString() {
    return sql;
  }
}
