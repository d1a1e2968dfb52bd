package dev.beamline.execution.function;

import dev.beamline.execution.expression.EvaluationException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads one text by the elements of a format model. */
final class ModelReader {

  private static final int FRACTION_DIGITS = 6;
  private static final int MAX_OFFSET_MINUTES = 14 * 60;

  private final String text;
  private final TextCursor cursor;

  private int year;
  private int month;
  private int day = 1;
  private int hour;
  private int minute;
  private int second;
  private long fraction;
  private int hourOfTwelve;
  private boolean afternoon;
  private boolean offsetSeen;
  private boolean offsetNegative;
  private int offsetHours;
  private int offsetMinutes;

  ModelReader(String text, LocalDate today) {
    this.text = text;
    this.cursor = new TextCursor(text);
    this.year = today.getYear();
    this.month = today.getMonthValue();
  }

  /** The local time, in microseconds. */
  long read(List<ModelElement> elements) {
    skipSpaces();
    for (int i = 0; i < elements.size(); i++) {
      ModelElement element = elements.get(i);
      if (!take(element, digitsFollow(elements, i + 1))) {
        throw new EvaluationException(
            "Failed to parse input string "
                + Shown.quoted(text)
                + " at "
                + cursor.position()
                + " with format element '"
                + element.text()
                + "'");
      }
    }
    skipSpaces();
    if (!cursor.atEnd()) {
      throw new EvaluationException(
          "Illegal non-space trailing data '"
              + cursor.rest()
              + "' in string "
              + Shown.quoted(text));
    }
    if (year < 1 || year > 9999 || day > LocalDate.of(year, month, 1).lengthOfMonth()) {
      throw new EvaluationException(
          "Invalid result from year, month, day values after parsing " + Shown.quoted(text));
    }
    int hours = hourOfTwelve == 0 ? hour : hourOfTwelve % 12 + (afternoon ? 12 : 0);
    return LocalDate.of(year, month, day).toEpochDay() * CivilTime.MICROS_PER_DAY
        + ((hours * 60L + minute) * 60 + second) * CivilTime.MICROS_PER_SECOND
        + fraction;
  }

  /** The offset that TZH and TZM told; null where they did not. */
  @Nullable ZoneOffset offset() {
    if (!offsetSeen) {
      return null;
    }
    int minutes = offsetHours * 60 + offsetMinutes;
    if (minutes > MAX_OFFSET_MINUTES) {
      throw new EvaluationException("Invalid time zone in string " + Shown.quoted(text));
    }
    return ZoneOffset.ofTotalSeconds((offsetNegative ? -minutes : minutes) * 60);
  }

  /** Whether digits must follow, so that an element takes exactly as many as it has letters. */
  private static boolean digitsFollow(List<ModelElement> elements, int next) {
    for (int i = next; i < elements.size(); i++) {
      ModelElement element = elements.get(i);
      switch (element.kind()) {
        case LITERAL -> {
          if (!element.text().isEmpty()) {
            return TextCursor.isDigit(element.text().charAt(0));
          }
        }
        case SPACE, MON, MONTH, AM, PM, AM_DOTS, PM_DOTS, TZH -> {
          return false;
        }
        default -> {
          return true;
        }
      }
    }
    return false;
  }

  private boolean take(ModelElement element, boolean exactly) {
    int digits = element.kind().fractionDigits();
    if (digits > 0) {
      return fraction(exactly ? digits : 1, digits);
    }
    return switch (element.kind()) {
      case LITERAL -> cursor.take(element.text());
      case SPACE -> skipSpaces();
      case YYYY, RRRR -> number(exactly, 4, exactly ? 4 : 5, 0, 10_000, v -> year = v);
      case YYY -> number(exactly, 3, 3, 0, 999, v -> year = year / 1000 * 1000 + v);
      case YY -> number(exactly, 2, 2, 0, 99, v -> year = year / 100 * 100 + v);
      case Y -> number(exactly, 1, 1, 0, 9, v -> year = year / 10 * 10 + v);
      case RR -> number(exactly, 2, 2, 0, 99, this::roundedYear);
      case Y_YYY ->
          number(false, 2, 2, 0, 10, v -> year = v * 1000)
              && cursor.take(',')
              && number(true, 3, 3, 0, 999, v -> year += v);
      case MM -> number(exactly, 2, 2, 1, 12, v -> month = v);
      case MON -> month(CalendarNames.takeAbbreviated(cursor, CalendarNames.MONTHS));
      case MONTH -> month(fullMonth());
      case DD -> number(exactly, 2, 2, 1, 31, v -> day = v);
      case HH, HH12 -> number(exactly, 2, 2, 1, 12, v -> hourOfTwelve = v);
      case HH24 -> number(exactly, 2, 2, 0, 23, v -> hour = v);
      case MI -> number(exactly, 2, 2, 0, 59, v -> minute = v);
      case SS -> number(exactly, 2, 2, 0, 59, v -> second = v);
      case SSSSS -> number(exactly, 5, 5, 0, 86_399, this::secondOfDay);
      case AM, PM -> meridian("AM", "PM");
      case AM_DOTS, PM_DOTS -> meridian("A.M.", "P.M.");
      case TZH -> offsetHour(exactly);
      case TZM -> {
        offsetSeen = true;
        yield number(exactly, 2, 2, 0, 59, v -> offsetMinutes = v);
      }
      default -> throw new IllegalArgumentException(element.text());
    };
  }

  /** Takes what a number says. */
  private interface Setter {
    void set(int value);
  }

  private boolean number(boolean exactly, int width, int max, int least, int most, Setter setter) {
    long value = cursor.digits(exactly ? width : 1, max);
    if (value < least || value > most) {
      return false;
    }
    setter.set((int) value);
    return true;
  }

  /** Two digits of the year that is at most about fifty years from now. */
  private void roundedYear(int value) {
    int centuryOfNow = year / 100;
    int now = year % 100;
    int shift = value < 50 && now >= 50 ? 1 : value >= 50 && now < 50 ? -1 : 0;
    year = (centuryOfNow + shift) * 100 + value;
  }

  private void secondOfDay(int value) {
    hour = value / 3600;
    minute = value / 60 % 60;
    second = value % 60;
  }

  private int fullMonth() {
    for (int i = 0; i < CalendarNames.MONTHS.size(); i++) {
      if (cursor.takeIgnoringCase(CalendarNames.MONTHS.get(i))) {
        return i;
      }
    }
    return -1;
  }

  private boolean month(int index) {
    month = index + 1;
    return index >= 0;
  }

  private boolean meridian(String am, String pm) {
    afternoon = cursor.takeIgnoringCase(pm);
    return afternoon || cursor.takeIgnoringCase(am);
  }

  private boolean offsetHour(boolean exactly) {
    offsetSeen = true;
    offsetNegative = cursor.at('-');
    return cursor.takeAny("-+ ") && number(exactly, 2, 2, 0, 14, v -> offsetHours = v);
  }

  private boolean fraction(int min, int max) {
    int start = cursor.position();
    long value = cursor.digits(min, max);
    if (value < 0) {
      return false;
    }
    int count = cursor.position() - start;
    for (int i = count; i < FRACTION_DIGITS; i++) {
      value *= 10;
    }
    for (int i = count; i > FRACTION_DIGITS; i--) {
      value /= 10;
    }
    fraction = value;
    return true;
  }

  private boolean skipSpaces() {
    int start = cursor.position();
    while (!cursor.atEnd()
        && (Character.isWhitespace(cursor.peek()) || Character.isSpaceChar(cursor.peek()))) {
      cursor.skip(1);
    }
    return cursor.position() > start;
  }
}
