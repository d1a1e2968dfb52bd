package dev.beamline.execution.function;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A format string of FORMAT_DATE and its kin, made ready: strftime's elements and BigQuery's own.
 */
final class TimeFormatter {

  /** Appends one piece. */
  private interface Piece {
    void append(StringBuilder out, Moment moment);
  }

  /** A number of an element. */
  private interface Value {
    long of(Moment moment);
  }

  /** A text of an element. */
  private interface Text {
    String of(Moment moment);
  }

  private final List<Piece> pieces = new ArrayList<>();

  private TimeFormatter() {}

  static TimeFormatter of(String format, FormatTarget target) {
    TimeFormatter formatter = new TimeFormatter();
    for (FormatElement element : FormatElement.split(format)) {
      if (element.isText() || !target.formats(element)) {
        formatter.literal(element.text());
      } else {
        formatter.add(element);
      }
    }
    return formatter;
  }

  String format(Moment moment) {
    StringBuilder out = new StringBuilder(32);
    for (Piece piece : pieces) {
      piece.append(out, moment);
    }
    return out.toString();
  }

  private void literal(String text) {
    pieces.add((out, moment) -> out.append(text));
  }

  /** The elements that another format string explains. */
  private void expand(FormatElement element, String format) {
    TimeFormatter inner = of(format, FormatTarget.TIMESTAMP);
    text(element, inner::format);
  }

  private void add(FormatElement element) {
    switch (element.conversion()) {
      case 'A' -> text(element, m -> CalendarNames.WEEKDAYS.get(m.weekday(0)));
      case 'a' ->
          text(element, m -> CalendarNames.abbreviated(CalendarNames.WEEKDAYS.get(m.weekday(0))));
      case 'B' -> text(element, m -> CalendarNames.MONTHS.get(m.date().getMonthValue() - 1));
      case 'b', 'h' ->
          text(
              element,
              m ->
                  CalendarNames.abbreviated(
                      CalendarNames.MONTHS.get(m.date().getMonthValue() - 1)));
      case 'C' -> number(element, 2, '0', m -> m.date().getYear() / 100);
      case 'c' -> expand(element, "%a %b %e %H:%M:%S %Y");
      case 'D', 'x' -> expand(element, "%m/%d/%y");
      case 'd' -> number(element, 2, '0', m -> m.date().getDayOfMonth());
      case 'e' -> number(element, 2, ' ', m -> m.date().getDayOfMonth());
      case 'F' -> expand(element, "%Y-%m-%d");
      case 'f' -> fraction(element);
      case 'G' -> number(element, 1, '0', m -> CivilFields.isoYear(m.date()));
      case 'g' -> number(element, 2, '0', m -> CivilFields.isoYear(m.date()) % 100);
      case 'H' -> number(element, 2, '0', Moment::hour);
      case 'I' -> number(element, 2, '0', Moment::hourOfTwelve);
      case 'J' -> number(element, 3, '0', m -> CivilFields.isoDayOfYear(m.date()));
      case 'j' -> number(element, 3, '0', m -> m.date().getDayOfYear());
      case 'k' -> number(element, 2, ' ', Moment::hour);
      case 'l' -> number(element, 2, ' ', Moment::hourOfTwelve);
      case 'M' -> number(element, 2, '0', Moment::minute);
      case 'm' -> number(element, 2, '0', m -> m.date().getMonthValue());
      case 'n' -> literal("\n");
      case 'P' -> text(element, m -> m.hour() < 12 ? "am" : "pm");
      case 'p' -> text(element, m -> m.hour() < 12 ? "AM" : "PM");
      case 'Q' -> number(element, 1, '0', m -> (m.date().getMonthValue() + 2) / 3);
      case 'R' -> expand(element, "%H:%M");
      case 'r' -> expand(element, "%I:%M:%S %p");
      case 'S' -> second(element);
      case 's' -> number(element, 1, '0', Moment::unixSeconds);
      case 'T', 'X' -> expand(element, "%H:%M:%S");
      case 't' -> literal("\t");
      case 'U' -> number(element, 2, '0', m -> m.week(6));
      case 'u' -> number(element, 1, '0', m -> m.weekday(0) + 1);
      case 'V' -> number(element, 2, '0', m -> CivilFields.isoWeek(m.date()));
      case 'W' -> number(element, 2, '0', m -> m.week(0));
      case 'w' -> number(element, 1, '0', m -> m.weekday(6));
      case 'Y' -> number(element, element.digits() == 4 ? 4 : 1, '0', m -> m.date().getYear());
      case 'y' -> number(element, 2, '0', m -> m.date().getYear() % 100);
      case 'Z' -> text(element, m -> zoneName(m.offsetMinutes()));
      case 'z' -> {
        String separator = element.modifier() == 'E' ? ":" : "";
        text(element, m -> zoneOffset(m.offsetMinutes(), separator));
      }
      case '%' -> literal("%");
      default -> literal(element.text());
    }
  }

  private void text(FormatElement element, Text text) {
    int width = element.width();
    String flags = element.flags();
    if (width <= 0 && flags.isEmpty()) {
      pieces.add((out, moment) -> out.append(text.of(moment)));
      return;
    }
    boolean upper =
        flags.indexOf('^') >= 0 || (flags.indexOf('#') >= 0 && element.conversion() != 'p');
    boolean lower = flags.indexOf('#') >= 0 && element.conversion() == 'p';
    char padding = flags.indexOf('0') >= 0 ? '0' : ' ';
    pieces.add(
        (out, moment) -> {
          String plain = text.of(moment);
          String cased =
              upper
                  ? plain.toUpperCase(Locale.ROOT)
                  : lower ? plain.toLowerCase(Locale.ROOT) : plain;
          out.append(String.valueOf(padding).repeat(Math.max(0, width - cased.length())));
          out.append(cased);
        });
  }

  private void number(FormatElement element, int digits, char padding, Value value) {
    String flags = element.flags();
    int width = flags.indexOf('-') >= 0 ? 1 : Math.max(element.width(), digits);
    char pad = flags.indexOf('_') >= 0 ? ' ' : flags.indexOf('0') >= 0 ? '0' : padding;
    pieces.add(
        (out, moment) -> {
          String text = Long.toString(value.of(moment));
          for (int i = text.length(); i < width; i++) {
            out.append(pad);
          }
          out.append(text);
        });
  }

  private void second(FormatElement element) {
    number(element, 2, '0', Moment::second);
    int digits = element.digits();
    if (digits == FormatElement.ALL) {
      pieces.add(
          (out, moment) -> {
            String all = allDigits(moment);
            out.append(all.isEmpty() ? "" : ".").append(all);
          });
    } else if (digits > 0) {
      pieces.add((out, moment) -> out.append('.').append(digits(moment, digits)));
    }
  }

  private void fraction(FormatElement element) {
    int digits = element.digits();
    if (digits < 0) {
      literal(element.text());
    } else if (digits == FormatElement.ALL) {
      pieces.add(
          (out, moment) -> {
            String all = allDigits(moment);
            out.append(all.isEmpty() ? "0" : all);
          });
    } else {
      pieces.add((out, moment) -> out.append(digits(moment, digits)));
    }
  }

  private static String allDigits(Moment moment) {
    String digits = CivilTime.pad(moment.fraction(), 6);
    int end = digits.length();
    while (end > 0 && digits.charAt(end - 1) == '0') {
      end--;
    }
    return digits.substring(0, end);
  }

  private static String digits(Moment moment, int count) {
    String digits = CivilTime.pad(moment.fraction(), 6);
    return count <= 6 ? digits.substring(0, count) : digits + "0".repeat(count - 6);
  }

  /** {@code UTC}, {@code UTC-8}, {@code UTC+0530}. */
  private static String zoneName(int minutes) {
    if (minutes == 0) {
      return "UTC";
    }
    int absolute = Math.abs(minutes);
    return "UTC"
        + (minutes < 0 ? "-" : "+")
        + (absolute % 60 == 0
            ? Integer.toString(absolute / 60)
            : CivilTime.pad(absolute / 60, 2) + CivilTime.pad(absolute % 60, 2));
  }

  private static String zoneOffset(int minutes, String separator) {
    int absolute = Math.abs(minutes);
    return (minutes < 0 ? "-" : "+")
        + CivilTime.pad(absolute / 60, 2)
        + separator
        + CivilTime.pad(absolute % 60, 2);
  }
}
