package dev.beamline.execution.function;

import dev.beamline.execution.expression.EvaluationException;
import java.time.ZoneOffset;

/** Takes the text of one format element and puts what it says into a {@link ParsedTime}. */
final class ElementParser {

  private static final int FRACTION_DIGITS = 6;

  /** More digits than that no element of BigQuery's has. */
  private static final int MAX_DECIMALS = 12;

  private final TextCursor cursor;
  private final ParsedTime time;
  private final boolean elementFollows;

  /**
   * @param elementFollows whether another element follows at once, so that years take no fifth
   *     digit
   */
  ElementParser(TextCursor cursor, ParsedTime time, boolean elementFollows) {
    this.cursor = cursor;
    this.time = time;
    this.elementFollows = elementFollows;
  }

  /** Whether the text is one of the element. */
  boolean take(FormatElement element) {
    boolean tooFine = element.digits() > MAX_DECIMALS && element.digits() != FormatElement.ALL;
    if (!element.flags().isEmpty() || element.width() >= 0 || tooFine) {
      return false;
    }
    return switch (element.conversion()) {
      case 'A', 'a' -> set(CalendarNames.take(cursor, CalendarNames.WEEKDAYS), time::weekday);
      case 'B', 'b', 'h' ->
          set(CalendarNames.take(cursor, CalendarNames.MONTHS), v -> time.month(v + 1));
      case 'C' ->
          elementFollows ? number(2, 0, 99, time::century) : number(3, 0, 100, time::century);
      case 'c' -> all("%a %b %e %H:%M:%S %Y");
      case 'D', 'x' -> all("%m/%d/%y");
      case 'd' -> number(2, 1, 31, time::day);
      case 'e' -> spaced(2, 1, 31, time::day);
      case 'F' -> all("%Y-%m-%d");
      case 'G' -> number(18, 0, 99_999, time::isoYear);
      case 'g' -> number(2, 0, 99, v -> time.isoYear(v <= 68 ? v + 2000 : v + 1900));
      case 'H' -> number(2, 0, 23, time::hour);
      case 'I', 'l' -> spaced(2, 1, 12, time::hourOfTwelve);
      case 'J' -> number(3, 1, 371, time::isoDayOfYear);
      case 'j' -> number(3, 1, 366, time::dayOfYear);
      case 'k' -> spaced(2, 0, 23, time::hour);
      case 'M' -> number(2, 0, 59, time::minute);
      case 'm' -> number(2, 1, 12, time::month);
      case 'n', 't' -> spaces();
      case 'P', 'p' -> meridian();
      case 'Q' -> number(1, 1, 4, time::quarter);
      case 'R' -> all("%H:%M");
      case 'r' -> all("%I:%M:%S") && spaces() && meridian();
      case 'S' -> second(element.digits());
      case 's' -> unixSeconds();
      case 'T', 'X' -> all("%H:%M:%S");
      case 'U' -> number(2, 0, 53, v -> time.week(v, 6));
      case 'u' -> spaced(1, 1, 7, v -> time.weekday(v - 1));
      case 'V' -> number(2, 1, 53, time::isoWeek);
      case 'W' -> number(2, 0, 53, v -> time.week(v, 0));
      case 'w' -> spaced(1, 0, 6, v -> time.weekday((v + 6) % 7));
      case 'Y' -> year(element.digits() == 4);
      case 'y' -> number(2, 0, 99, time::yearOfCentury);
      case 'Z' -> zone();
      case 'z' -> offset(element.modifier() == 'E');
      case '%' -> cursor.take('%');
      default -> false;
    };
  }

  /** Takes what a number says. */
  private interface Setter {
    void set(int value);
  }

  private static boolean set(int value, Setter setter) {
    if (value < 0) {
      return false;
    }
    setter.set(value);
    return true;
  }

  private boolean number(int width, int min, int max, Setter setter) {
    long value = cursor.digits(1, width);
    if (value < min || value > max) {
      return false;
    }
    setter.set((int) value);
    return true;
  }

  private boolean spaced(int width, int min, int max, Setter setter) {
    cursor.skipSpaces();
    return number(width, min, max, setter);
  }

  private boolean spaces() {
    cursor.skipSpaces();
    return true;
  }

  /** All elements of another format; a space in it matches any white space. */
  private boolean all(String format) {
    for (FormatElement element : FormatElement.split(format)) {
      if (element.isText()) {
        for (char c : element.text().toCharArray()) {
          if (c == ' ') {
            cursor.skipSpaces();
          } else if (!cursor.take(c)) {
            return false;
          }
        }
      } else {
        cursor.skipSpaces();
        // Ends after four digits, as a year within a format does.
        if (!new ElementParser(cursor, time, true).take(element)) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean year(boolean exactlyFour) {
    int start = cursor.position();
    boolean four = exactlyFour || elementFollows;
    boolean ok = four ? number(4, 0, 9999, time::year) : number(5, 0, 10_000, time::year);
    return ok && (!exactlyFour || cursor.position() - start == 4);
  }

  private boolean meridian() {
    if (cursor.takeIgnoringCase("PM")) {
      time.afternoon(true);
    } else if (cursor.takeIgnoringCase("AM")) {
      time.afternoon(false);
    } else {
      return false;
    }
    return true;
  }

  /**
   * @param decimals of {@code %E3S}; at most so many are taken, and none are needed; -1: none
   */
  private boolean second(int decimals) {
    if (!number(2, 0, 60, time::second)) {
      return false;
    }
    if (decimals <= 0 || !cursor.take('.')) {
      return true;
    }
    long fraction = 0;
    int count = 0;
    while (count < decimals && cursor.atDigit()) {
      int digit = cursor.peek() - '0';
      cursor.skip(1);
      fraction = count < FRACTION_DIGITS ? fraction * 10 + digit : fraction;
      count++;
    }
    for (int i = count; i < FRACTION_DIGITS; i++) {
      fraction *= 10;
    }
    time.fraction(fraction);
    return count > 0;
  }

  private boolean unixSeconds() {
    boolean negative = cursor.take('-');
    long value = cursor.digits(1, negative ? 11 : 12);
    if (value < 0) {
      return false;
    }
    time.unixSeconds(negative ? -value : value);
    return true;
  }

  private boolean zone() {
    int start = cursor.position();
    String rest = cursor.rest();
    int length = 0;
    while (length < rest.length() && !TextCursor.isSpace(rest.charAt(length))) {
      length++;
    }
    cursor.skip(length);
    if (cursor.position() == start) {
      return false;
    }
    time.zone(TimeZones.zone(rest.substring(0, length)));
    return true;
  }

  /** {@code +HHMM}, {@code +HH}; where {@code colon}: {@code Z}, {@code +HH:MM} too. */
  private boolean offset(boolean colon) {
    if (colon && cursor.take('Z')) {
      time.offset(ZoneOffset.UTC);
      return true;
    }
    boolean negative = cursor.at('-');
    if (!cursor.takeAny("+-")) {
      return false;
    }
    long hours = cursor.digits(2, 2);
    if (hours < 0 || hours > 23) {
      return false;
    }
    if (colon) {
      cursor.take(':');
    }
    long minutes = Math.max(0, cursor.digits(2, 2));
    if (minutes > 59) {
      return false;
    }
    long all = hours * 60 + minutes;
    if (all > 14 * 60) {
      throw new EvaluationException(
          "Timezone offset out of valid range -14:00 to +14:00: "
              + (negative ? "-" : "+")
              + CivilTime.pad(hours, 2)
              + ":"
              + CivilTime.pad(minutes, 2));
    }
    time.offset(ZoneOffset.ofTotalSeconds((int) (negative ? -all : all) * 60));
    return true;
  }
}
