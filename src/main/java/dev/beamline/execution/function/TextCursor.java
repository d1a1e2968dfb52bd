package dev.beamline.execution.function;

/** Reads a text from left to right. What does not match leaves the position where it was. */
final class TextCursor {

  private final String text;
  private int position;

  TextCursor(String text) {
    this.text = text;
  }

  int position() {
    return position;
  }

  int remaining() {
    return text.length() - position;
  }

  boolean atEnd() {
    return position >= text.length();
  }

  boolean at(char c) {
    return !atEnd() && text.charAt(position) == c;
  }

  boolean atDigit() {
    return !atEnd() && isDigit(text.charAt(position));
  }

  /** The character at the position; there must be one. */
  char peek() {
    return text.charAt(position);
  }

  String rest() {
    return text.substring(position);
  }

  void skip(int count) {
    position += count;
  }

  boolean take(char c) {
    if (at(c)) {
      position++;
      return true;
    }
    return false;
  }

  boolean take(String expected) {
    if (text.startsWith(expected, position)) {
      position += expected.length();
      return true;
    }
    return false;
  }

  boolean takeIgnoringCase(String expected) {
    if (text.regionMatches(true, position, expected, 0, expected.length())) {
      position += expected.length();
      return true;
    }
    return false;
  }

  boolean takeAny(String characters) {
    if (!atEnd() && characters.indexOf(text.charAt(position)) >= 0) {
      position++;
      return true;
    }
    return false;
  }

  /** The number of up to {@code max} digits (at most 18); -1 where there are fewer than min. */
  long digits(int min, int max) {
    int start = position;
    long value = 0;
    while (position - start < max && atDigit()) {
      value = value * 10 + (text.charAt(position) - '0');
      position++;
    }
    if (position - start < min) {
      position = start;
      return -1;
    }
    return value;
  }

  /** Skips ASCII white space, if there is any. */
  void skipSpaces() {
    while (!atEnd() && isSpace(text.charAt(position))) {
      position++;
    }
  }

  static boolean isSpace(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
