package dev.beamline.execution.function;

import java.util.ArrayList;
import java.util.List;

/**
 * One piece of a format string: an element such as {@code %Y}, {@code %E3S}, {@code %-d}, or text
 * that stands for itself.
 *
 * @param text as written
 * @param conversion the element's letter; 0 of plain text
 * @param flags of {@code - _ 0 ^ #}, between the percent sign and the letter
 * @param width at least that many characters; -1 where the element says
 * @param modifier E or O, or 0
 * @param digits of {@code %E4Y} and {@code %E3S}; {@link #ALL} for a star; -1 where there are none
 */
record FormatElement(
    String text, char conversion, String flags, int width, char modifier, int digits) {

  /** The star of {@code %E*S}. */
  static final int ALL = Integer.MAX_VALUE;

  private static FormatElement plain(String text) {
    return new FormatElement(text, '\0', "", -1, '\0', -1);
  }

  boolean isText() {
    return conversion == '\0';
  }

  /** The pieces of a format string; plain text in runs as long as possible. */
  static List<FormatElement> split(String format) {
    List<FormatElement> elements = new ArrayList<>();
    int position = 0;
    while (position < format.length()) {
      int percent = format.indexOf('%', position);
      if (percent < 0 || percent == format.length() - 1) {
        elements.add(plain(format.substring(position)));
        return elements;
      }
      if (percent > position) {
        elements.add(plain(format.substring(position, percent)));
      }
      FormatElement element = element(format, percent);
      elements.add(element);
      position = percent + element.text().length();
    }
    return elements;
  }

  private static FormatElement element(String format, int percent) {
    int position = percent + 1;
    int flags = position;
    while (position < format.length() && "-_0^#".indexOf(format.charAt(position)) >= 0) {
      position++;
    }
    String flag = format.substring(flags, position);
    int width = -1;
    while (position < format.length()
        && TextCursor.isDigit(format.charAt(position))
        && width < 1000) {
      width = Math.max(width, 0) * 10 + format.charAt(position++) - '0';
    }
    char modifier = '\0';
    int digits = -1;
    if (position < format.length() - 1 && "EO".indexOf(format.charAt(position)) >= 0) {
      modifier = format.charAt(position++);
      if (modifier == 'E' && format.charAt(position) == '*') {
        digits = ALL;
        position++;
      }
      while (modifier == 'E'
          && position < format.length()
          && TextCursor.isDigit(format.charAt(position))
          && digits < 100) {
        digits = Math.max(digits, 0) * 10 + format.charAt(position++) - '0';
      }
    }
    if (position >= format.length()) {
      return plain(format.substring(percent));
    }
    char conversion = format.charAt(position++);
    String text = format.substring(percent, position);
    boolean known =
        digits >= 0
            ? "Sf".indexOf(conversion) >= 0 || (digits == 4 && conversion == 'Y')
            : modifier == '\0'
                || (modifier == 'E' ? "cCxXyYz" : "deHImMSuUVwWy").indexOf(conversion) >= 0;
    return known ? new FormatElement(text, conversion, flag, width, modifier, digits) : plain(text);
  }
}
