package dev.beamline.execution.function;

/** ASCII's white space: space, tab, line feed, vertical tab, form feed, carriage return. */
final class AsciiSpace {

  private AsciiSpace() {}

  static boolean is(int c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }

  static String trim(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && is(text.charAt(start))) {
      start++;
    }
    while (end > start && is(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }
}
