package dev.beamline.execution.function;

import dev.beamline.execution.expression.EvaluationException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;

/**
 * A format string of PARSE_DATE and its kin, made ready. What the text does not say is taken from
 * 1970-01-01 00:00:00; white space in the format matches any in the text, also none; of elements
 * that contradict each other the last one holds, but {@code %s} before all.
 */
final class TimeParser {

  private final String format;
  private final List<FormatElement> elements;

  private TimeParser(String format, List<FormatElement> elements) {
    this.format = format;
    this.elements = elements;
  }

  /**
   * Makes a format ready.
   *
   * @throws EvaluationException where the type has no part for one of its elements
   */
  static TimeParser of(String format, FormatTarget target) {
    if (format.endsWith("%") && !format.endsWith("%%")) {
      throw new EvaluationException("Format string cannot end with a single '%'");
    }
    List<FormatElement> elements = FormatElement.split(format);
    elements.forEach(target::checkParses);
    return new TimeParser(format, elements);
  }

  /** Days. */
  long parseDate(String text) {
    return CivilTime.checkDate(CivilTime.dateOf(parse(text, ZoneOffset.UTC)));
  }

  /** Microseconds of a DATETIME. */
  long parseDatetime(String text) {
    return parse(text, ZoneOffset.UTC);
  }

  /** Microseconds since midnight. */
  long parseTime(String text) {
    return CivilTime.timeOf(parse(text, ZoneOffset.UTC));
  }

  /**
   * Microseconds of a TIMESTAMP.
   *
   * @param zone where the text tells no other
   */
  long parse(String text, ZoneId zone) {
    TextCursor cursor = new TextCursor(text);
    ParsedTime time = new ParsedTime();
    cursor.skipSpaces();
    int done = 0;
    // Where an element stops within a run of plain text, the run's rest must be blank.
    int within = 0;
    while (done < elements.size() && !cursor.atEnd()) {
      FormatElement element = elements.get(done);
      if (element.isText() && element.text().startsWith("%")) {
        throw failed(text);
      } else if (element.isText()) {
        within = takeText(element.text(), cursor, text);
        if (within < element.text().length()) {
          break;
        }
        within = 0;
      } else {
        char next = done + 1 < elements.size() ? elements.get(done + 1).text().charAt(0) : '\0';
        time.next();
        if (!new ElementParser(cursor, time, next == '%').take(element)) {
          throw failed(text);
        }
      }
      done++;
    }
    cursor.skipSpaces();
    if (!cursor.atEnd() || !blank(done, within)) {
      throw failed(text);
    }
    return time.resolve(zone);
  }

  /** How much of the plain text was matched before the cursor came to its end. */
  private int takeText(String plain, TextCursor cursor, String text) {
    int position = 0;
    while (position < plain.length() && !cursor.atEnd()) {
      char c = plain.charAt(position);
      if (TextCursor.isSpace(c)) {
        cursor.skipSpaces();
      } else if (!cursor.take(c)) {
        throw new EvaluationException(
            "Mismatch between format character '"
                + c
                + "' and string character '"
                + cursor.peek()
                + "' at string index: "
                + cursor.position()
                + " with format: '"
                + format
                + "'; the string is "
                + Shown.quoted(text));
      }
      position++;
    }
    return position;
  }

  /** Whether nothing but white space is left of the format. */
  private boolean blank(int from, int within) {
    for (int i = from; i < elements.size(); i++) {
      FormatElement element = elements.get(i);
      if (element.isText()
          ? !element.text().substring(i == from ? within : 0).isBlank()
          : element.conversion() != 'n' && element.conversion() != 't') {
        return false;
      }
    }
    return true;
  }

  private EvaluationException failed(String text) {
    return new EvaluationException(
        "Failed to parse input string " + Shown.quoted(text) + " with format '" + format + "'");
  }
}
