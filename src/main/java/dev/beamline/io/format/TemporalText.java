package dev.beamline.io.format;

import static dev.beamline.io.format.DecodeErrorCode.OUT_OF_RANGE;
import static dev.beamline.io.format.DecodeErrorCode.WRONG_TYPE;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * Dates and times from text, in the forms that BigQuery loads: {@code YYYY-[M]M-[D]D}, then for
 * times a blank or T and {@code [H]H:[M]M:[S]S[.F]}, then for timestamps {@code Z}, an offset such
 * as {@code +02:00}, {@code -8} or {@code +0530}, or a blank and a zone such as {@code
 * Europe/Berlin}; without a zone UTC is meant. Digits beyond microseconds are cut off (BigQuery
 * keeps microseconds); years are 1 to 9999, in UTC.
 */
final class TemporalText {

  static final long MICROS_PER_SECOND = 1_000_000L;
  static final long MICROS_PER_DAY = 86_400L * MICROS_PER_SECOND;

  /** 0001-01-01T00:00:00Z. */
  static final long MIN_MICROS = LocalDate.of(1, 1, 1).toEpochDay() * MICROS_PER_DAY;

  /** 9999-12-31T23:59:59.999999Z. */
  static final long MAX_MICROS = LocalDate.of(10000, 1, 1).toEpochDay() * MICROS_PER_DAY - 1;

  private final char[] text;
  private final int start;
  private final int end;
  private final String type;
  private int at;

  private TemporalText(char[] text, int start, int length, String type) {
    this.text = text;
    this.start = start;
    this.at = start;
    this.end = start + length;
    this.type = type;
  }

  /** Microseconds since the epoch. */
  static long timestamp(char[] text, int offset, int length) throws DecodeException {
    if (length >= 20
        && text[offset + 4] == '-'
        && text[offset + 7] == '-'
        && (text[offset + 10] == 'T' || text[offset + 10] == ' ')
        && text[offset + 13] == ':'
        && text[offset + 16] == ':'
        && text[offset + length - 1] == 'Z') {
      int year = digits(text, offset, 4);
      int month = digits(text, offset + 5, 2);
      int day = digits(text, offset + 8, 2);
      int hour = digits(text, offset + 11, 2);
      int minute = digits(text, offset + 14, 2);
      int second = digits(text, offset + 17, 2);
      int fraction = fraction(text, offset + 19, offset + length - 1);
      // A negative number has all high bits, so one "or" tells whether any part is no number.
      if ((year | month | day | hour | minute | second | fraction) >= 0
          && year >= 1
          && month >= 1
          && month <= 12
          && day >= 1
          && day <= daysInMonth(year, month)
          && hour <= 23
          && minute <= 59
          && second <= 59) {
        return ((epochDay(year, month, day) * 24 + hour) * 60 + minute) * 60 * MICROS_PER_SECOND
            + second * MICROS_PER_SECOND
            + fraction;
      }
    }
    return new TemporalText(text, offset, length, "TIMESTAMP").timestamp();
  }

  /** What {@link #plainTimestamp} gives for what is not plain. */
  static final long NOT_PLAIN = Long.MIN_VALUE;

  /** Microseconds since the epoch of {@code YYYY-MM-DDTHH:MM:SS[.F]Z}, else NOT_PLAIN. */
  static long plainTimestamp(byte[] text, int offset, int length) {
    if (length < 20
        || length > 27
        || text[offset + 4] != '-'
        || text[offset + 7] != '-'
        || (text[offset + 10] != 'T' && text[offset + 10] != ' ')
        || text[offset + 13] != ':'
        || text[offset + 16] != ':'
        || text[offset + length - 1] != 'Z') {
      return NOT_PLAIN;
    }
    int year = pair(text, offset) * 100 + pair(text, offset + 2);
    int month = pair(text, offset + 5);
    int day = pair(text, offset + 8);
    int hour = pair(text, offset + 11);
    int minute = pair(text, offset + 14);
    int second = pair(text, offset + 17);
    int fraction = 0;
    if (length > 20) {
      if (text[offset + 19] != '.' || length == 21) {
        return NOT_PLAIN;
      }
      int end = offset + length - 1;
      for (int i = offset + 20; i < offset + 26; i++) {
        int digit = i < end ? text[i] - '0' : 0;
        if (digit < 0 || digit > 9) {
          return NOT_PLAIN;
        }
        fraction = fraction * 10 + digit;
      }
    }
    // Where something is no digit its pair is far below zero, and so is the year.
    if (year < 1
        || month < 1
        || month > 12
        || day < 1
        || day > daysInMonth(year, month)
        || hour < 0
        || hour > 23
        || minute < 0
        || minute > 59
        || second < 0
        || second > 59) {
      return NOT_PLAIN;
    }
    return ((epochDay(year, month, day) * 24 + hour) * 60 + minute) * 60 * MICROS_PER_SECOND
        + second * MICROS_PER_SECOND
        + fraction;
  }

  private static int pair(byte[] text, int at) {
    int tens = text[at] - '0';
    int ones = text[at + 1] - '0';
    return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1_000_000 : tens * 10 + ones;
  }

  static long timestamp(String text) throws DecodeException {
    return timestamp(text.toCharArray(), 0, text.length());
  }

  /** Microseconds since 1970-01-01T00:00:00, no zone. */
  static long datetime(String text) throws DecodeException {
    return new TemporalText(text.toCharArray(), 0, text.length(), "DATETIME").datetime();
  }

  /** Days since 1970-01-01. */
  static long date(String text) throws DecodeException {
    TemporalText parser = new TemporalText(text.toCharArray(), 0, text.length(), "DATE");
    long days = parser.datePart();
    parser.expectEnd();
    return days;
  }

  /** Microseconds since midnight. */
  static long time(String text) throws DecodeException {
    TemporalText parser = new TemporalText(text.toCharArray(), 0, text.length(), "TIME");
    long micros = parser.timePart();
    parser.expectEnd();
    return micros;
  }

  private long timestamp() throws DecodeException {
    long days = datePart();
    long micros = at < end && isTimeMark(text[at]) ? skipThenTime() : 0;
    long local = days * MICROS_PER_DAY + micros;
    long utc = local - zone(days, micros) * MICROS_PER_SECOND;
    expectEnd();
    if (utc < MIN_MICROS || utc > MAX_MICROS) {
      throw new DecodeException(
          OUT_OF_RANGE, quoted() + " is outside the years 1 to 9999 of TIMESTAMP");
    }
    return utc;
  }

  private long datetime() throws DecodeException {
    long days = datePart();
    long micros = at < end ? skipThenTime() : 0;
    expectEnd();
    return days * MICROS_PER_DAY + micros;
  }

  private boolean isTimeMark(char c) {
    return c == 'T' || c == 't' || (c == ' ' && at + 1 < end && isDigit(text[at + 1]));
  }

  private long skipThenTime() throws DecodeException {
    if (!isTimeMark(text[at])) {
      throw wrong();
    }
    at++;
    return timePart();
  }

  private long datePart() throws DecodeException {
    int from = at;
    int year = number(4);
    if (at - from != 4) {
      throw wrong();
    }
    expect('-');
    int month = number(2);
    expect('-');
    int day = number(2);
    if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) {
      throw new DecodeException(OUT_OF_RANGE, quoted() + " is no date of the calendar");
    }
    return epochDay(year, month, day);
  }

  private long timePart() throws DecodeException {
    int hour = number(2);
    expect(':');
    int minute = number(2);
    expect(':');
    int second = number(2);
    long fraction = 0;
    if (at < end && text[at] == '.') {
      int from = at;
      at++;
      while (at < end && isDigit(text[at])) {
        at++;
      }
      fraction = fraction(text, from, at);
      if (fraction < 0) {
        throw wrong();
      }
    }
    if (hour > 23 || minute > 59 || second > 59) {
      throw new DecodeException(OUT_OF_RANGE, quoted() + " is no time of a day");
    }
    return ((hour * 60L + minute) * 60 + second) * MICROS_PER_SECOND + fraction;
  }

  /** Seconds east of UTC. */
  private long zone(long days, long micros) throws DecodeException {
    if (at == end) {
      return 0;
    }
    char c = text[at];
    if ((c == 'Z' || c == 'z') && at + 1 == end) {
      at++;
      return 0;
    }
    boolean blank = c == ' ';
    if (blank) {
      at++;
      if (at == end) {
        throw wrong();
      }
      c = text[at];
    }
    if (c == '+' || c == '-') {
      at++;
      int from = at;
      int hours = number(2);
      int minutes = 0;
      if (at < end && text[at] == ':') {
        at++;
        minutes = number(2);
      } else if (at - from == 2 && at < end) {
        minutes = number(2);
      }
      if (hours * 60 + minutes > 14 * 60 || minutes > 59) {
        throw new DecodeException(
            OUT_OF_RANGE, quoted() + " has an offset beyond 14 hours from UTC");
      }
      return (c == '+' ? 1 : -1) * (hours * 3600L + minutes * 60L);
    }
    if (!blank) {
      throw wrong();
    }
    String name = new String(text, at, end - at);
    at = end;
    try {
      LocalDateTime local =
          LocalDateTime.ofEpochSecond(
              days * 86_400 + micros / MICROS_PER_SECOND, 0, ZoneOffset.UTC);
      return local.atZone(ZoneId.of(name)).getOffset().getTotalSeconds();
    } catch (DateTimeException e) {
      throw new DecodeException(WRONG_TYPE, quoted() + " names no known time zone");
    }
  }

  private int number(int mostDigits) throws DecodeException {
    int value = 0;
    int count = 0;
    while (at < end && count < mostDigits && isDigit(text[at])) {
      value = value * 10 + (text[at] - '0');
      at++;
      count++;
    }
    if (count == 0) {
      throw wrong();
    }
    return value;
  }

  private void expect(char c) throws DecodeException {
    if (at >= end || text[at] != c) {
      throw wrong();
    }
    at++;
  }

  private void expectEnd() throws DecodeException {
    if (at != end) {
      throw wrong();
    }
  }

  private DecodeException wrong() {
    return new DecodeException(WRONG_TYPE, quoted() + " is not a " + type);
  }

  private String quoted() {
    return TextValues.quote(new String(text, start, end - start));
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** The number that the digits write, -1 where one is no digit. */
  private static int digits(char[] text, int at, int count) {
    int value = 0;
    for (int i = at; i < at + count; i++) {
      int digit = text[i] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }

  /** Microseconds from {@code .F}, or from nothing at all; -1 where it is something else. */
  private static int fraction(char[] text, int from, int to) {
    if (from == to) {
      return 0;
    }
    if (text[from] != '.' || to - from < 2 || to - from > 13) {
      return -1;
    }
    int micros = 0;
    for (int i = 1; i <= 6; i++) {
      int digit = from + i < to ? text[from + i] - '0' : 0;
      if (digit < 0 || digit > 9) {
        return -1;
      }
      micros = micros * 10 + digit;
    }
    for (int i = from + 7; i < to; i++) {
      if (!isDigit(text[i])) {
        return -1;
      }
    }
    return micros;
  }

  private static int daysInMonth(int year, int month) {
    return switch (month) {
      case 2 -> (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
      case 4, 6, 9, 11 -> 30;
      default -> 31;
    };
  }

  /** Days since 1970-01-01 in the proleptic Gregorian calendar, years from 1. */
  private static long epochDay(int year, int month, int day) {
    long y = month <= 2 ? year - 1L : year;
    long shifted = month <= 2 ? month + 9L : month - 3L;
    long era = y / 400;
    long yearOfEra = y - era * 400;
    long dayOfYear = (153 * shifted + 2) / 5 + day - 1;
    long dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return era * 146_097 + dayOfEra - 719_468;
  }
}
