package dev.beamline.execution.function;

import dev.beamline.execution.expression.EvaluationException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * Dates and times as CAST and literals read and write them: {@code 2026-1-2}, {@code 2026-01-02
 * 03:04:05.678}, {@code 2026-01-02T03:04:05+01}, {@code 2026-01-02 03:04:05 Europe/Oslo}.
 */
public final class CivilText {

  private static final int MAX_FRACTION_DIGITS = 6;

  private CivilText() {}

  /** Days of {@code YYYY-[M]M-[D]D}. */
  public static long parseDate(String text) {
    TextCursor cursor = new TextCursor(text);
    long days = cursor.remaining() < 8 ? NONE : date(cursor, 4);
    if (days == NONE || !cursor.atEnd()) {
      throw new EvaluationException("Invalid date: '" + text + "'");
    }
    return inRange(CivilTime.isDate(days), days, "Date", text);
  }

  /** Microseconds of {@code YYYY-[M]M-[D]D[( |T)[H]H:[M]M:[S]S[.DDDDDD]]}. */
  public static long parseDatetime(String text) {
    TextCursor cursor = new TextCursor(text);
    long days = cursor.remaining() < 8 ? NONE : date(cursor, 4);
    long micros = 0;
    if (days != NONE && !cursor.atEnd()) {
      micros = cursor.takeAny(" Tt") ? time(cursor, true) : NONE;
    }
    if (days == NONE || micros == NONE || !cursor.atEnd()) {
      throw new EvaluationException("Invalid datetime string \"" + text + "\"");
    }
    long datetime = days * CivilTime.MICROS_PER_DAY + micros;
    return inRange(CivilTime.isMicros(datetime), datetime, "Datetime", text);
  }

  /** Microseconds of {@code [H]H:[M]M:[S]S[.DDDDDD]}. */
  public static long parseTime(String text) {
    TextCursor cursor = new TextCursor(text);
    long micros = time(cursor, true);
    if (micros == NONE || !cursor.atEnd()) {
      throw new EvaluationException("Invalid time string \"" + text + "\"");
    }
    return Math.floorMod(micros, CivilTime.MICROS_PER_DAY);
  }

  /**
   * Microseconds of a DATETIME's text that a time zone may follow: {@code Z}, an offset, or a space
   * and a name.
   *
   * @param zone where the text names none
   */
  public static long parseTimestamp(String text, ZoneId zone) {
    ParsedTimestamp parsed = parse(text);
    ZoneId used = parsed.zone() == null ? zone : parsed.zone();
    try {
      return CivilTime.toTimestamp(parsed.local(), used);
    } catch (EvaluationException e) {
      throw invalidTimestamp(text);
    }
  }

  /** As {@link #parseTimestamp}, but it is an error where the text names a zone itself. */
  static long parseZonelessTimestamp(String text, ZoneId zone) {
    if (parse(text).zone() != null) {
      throw new EvaluationException("Timezone is not allowed in \"" + text + "\"");
    }
    return parseTimestamp(text, zone);
  }

  private record ParsedTimestamp(long local, @Nullable ZoneId zone) {}

  private static ParsedTimestamp parse(String text) {
    TextCursor cursor = new TextCursor(text);
    long days = cursor.remaining() < 8 ? NONE : date(cursor, 5);
    if (days == NONE) {
      throw invalidTimestamp(text);
    }
    long micros = 0;
    if (!cursor.atEnd()) {
      if (!cursor.takeAny(" Tt") || cursor.remaining() < 2) {
        throw invalidTimestamp(text);
      }
      if (cursor.atDigit()) {
        micros = time(cursor, false);
      } else if (!cursor.at('+') && !cursor.at('-')) {
        throw invalidTimestamp(text);
      }
      if (micros == NONE) {
        throw invalidTimestamp(text);
      }
    }
    return new ParsedTimestamp(days * CivilTime.MICROS_PER_DAY + micros, zone(cursor, text));
  }

  private static @Nullable ZoneId zone(TextCursor cursor, String text) {
    if (cursor.atEnd()) {
      return null;
    }
    boolean utc = cursor.take(" UTC");
    if (utc && cursor.atEnd()) {
      return ZoneOffset.UTC;
    }
    if (cursor.at('+') || cursor.at('-')) {
      return TimeZones.zone(cursor.rest());
    }
    if (cursor.at('Z') || cursor.at('z')) {
      if (cursor.remaining() != 1 || utc) {
        throw invalidTimestamp(text);
      }
      return ZoneOffset.UTC;
    }
    String rest = cursor.rest();
    if (utc
        || !rest.startsWith(" ")
        || rest.length() < 2
        || rest.charAt(1) == '+'
        || rest.charAt(1) == '-') {
      throw invalidTimestamp(text);
    }
    return TimeZones.zone(rest.substring(1));
  }

  private static EvaluationException invalidTimestamp(String text) {
    return new EvaluationException("Invalid timestamp: '" + text + "'");
  }

  private static long inRange(boolean ok, long value, String what, String text) {
    if (!ok) {
      throw new EvaluationException(what + " value out of range: '" + text + "'");
    }
    return value;
  }

  private static final long NONE = Long.MIN_VALUE;

  private static long date(TextCursor cursor, int maxYearDigits) {
    long year = cursor.digits(4, maxYearDigits);
    long month = cursor.take('-') ? cursor.digits(1, 2) : -1;
    long day = cursor.take('-') ? cursor.digits(1, 2) : -1;
    if (year < 0 || month < 1 || month > 12 || day < 1 || day > 31) {
      return NONE;
    }
    LocalDate first = LocalDate.of((int) year, (int) month, 1);
    return day > first.lengthOfMonth() ? NONE : first.toEpochDay() + day - 1;
  }

  /**
   * @param dropLeapFraction whether a fraction of the second 60 is dropped, as DATETIME and TIME do
   */
  private static long time(TextCursor cursor, boolean dropLeapFraction) {
    long hour = cursor.digits(1, 2);
    long minute = cursor.take(':') ? cursor.digits(1, 2) : -1;
    long second = cursor.take(':') ? cursor.digits(1, 2) : -1;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) {
      return NONE;
    }
    long fraction = 0;
    if (cursor.take('.')) {
      int start = cursor.position();
      fraction = cursor.digits(1, MAX_FRACTION_DIGITS);
      if (fraction < 0 || cursor.atDigit()) {
        return NONE;
      }
      for (int i = cursor.position() - start; i < MAX_FRACTION_DIGITS; i++) {
        fraction *= 10;
      }
    }
    if (second == 60 && dropLeapFraction) {
      fraction = 0;
    }
    return ((hour * 60 + minute) * 60 + second) * CivilTime.MICROS_PER_SECOND + fraction;
  }

  /** {@code 2026-01-02}. */
  public static String formatDate(long days) {
    StringBuilder out = new StringBuilder(10);
    appendDate(out, days);
    return out.toString();
  }

  /** {@code 2026-01-02 03:04:05.678}: 0, 3 or 6 digits of a second. */
  public static String formatDatetime(long datetime) {
    return formatDatetime(datetime, ' ');
  }

  /**
   * As {@link #formatDatetime(long)}.
   *
   * @param separator between date and time: a space, or T for ISO 8601
   */
  public static String formatDatetime(long datetime, char separator) {
    StringBuilder out = new StringBuilder(32);
    appendDate(out, CivilTime.dateOf(datetime));
    appendTime(out.append(separator), CivilTime.timeOf(datetime));
    return out.toString();
  }

  /** {@code 03:04:05.678}: 0, 3 or 6 digits of a second. */
  public static String formatTime(long time) {
    StringBuilder out = new StringBuilder(15);
    appendTime(out, time);
    return out.toString();
  }

  /** {@code 2026-01-02 03:04:05.678+00}, with the zone's offset: {@code +05:30}, {@code -08}. */
  public static String formatTimestamp(long timestamp, ZoneId zone) {
    int offset = minutesOffset(timestamp, zone);
    StringBuilder out = new StringBuilder(32);
    long local = timestamp + offset * CivilTime.MICROS_PER_MINUTE;
    appendDate(out, CivilTime.dateOf(local));
    appendTime(out.append(' '), CivilTime.timeOf(local));
    int absolute = Math.abs(offset);
    out.append(offset < 0 ? '-' : '+').append(CivilTime.pad(absolute / 60, 2));
    if (absolute % 60 != 0) {
      out.append(':').append(CivilTime.pad(absolute % 60, 2));
    }
    return out.toString();
  }

  /** {@code 2026-01-02T03:04:05.678Z}, as JSON has it. */
  public static String formatIsoTimestamp(long timestamp) {
    return formatDatetime(timestamp, 'T') + "Z";
  }

  /** Whole minutes ahead of UTC: old local mean times lose their seconds, as in BigQuery. */
  static int minutesOffset(long timestamp, ZoneId zone) {
    return CivilTime.offsetSeconds(timestamp, zone) / 60;
  }

  private static void appendDate(StringBuilder out, long days) {
    LocalDate date = LocalDate.ofEpochDay(days);
    int year = date.getYear();
    if (year >= 0 && year < 1000) {
      out.append(year < 10 ? "000" : year < 100 ? "00" : "0");
    }
    out.append(year);
    appendTwo(out.append('-'), date.getMonthValue());
    appendTwo(out.append('-'), date.getDayOfMonth());
  }

  private static void appendTime(StringBuilder out, long time) {
    appendTwo(out, time / CivilTime.MICROS_PER_HOUR);
    appendTwo(out.append(':'), time / CivilTime.MICROS_PER_MINUTE % 60);
    appendTwo(out.append(':'), time / CivilTime.MICROS_PER_SECOND % 60);
    long fraction = time % CivilTime.MICROS_PER_SECOND;
    if (fraction % 1000 != 0) {
      out.append('.').append(CivilTime.pad(fraction, 6));
    } else if (fraction != 0) {
      out.append('.').append(CivilTime.pad(fraction / 1000, 3));
    }
  }

  private static void appendTwo(StringBuilder out, long value) {
    if (value < 10) {
      out.append('0');
    }
    out.append(value);
  }
}
