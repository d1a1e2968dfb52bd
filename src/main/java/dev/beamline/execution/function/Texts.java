package dev.beamline.execution.function;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;

/**
 * Strings by their characters, which in SQL are code points. BYTES go through the same code as a
 * text with a character for each byte (Latin-1).
 */
final class Texts {

  private Texts() {}

  static String ofBytes(ByteString bytes) {
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }

  static ByteString toBytes(String latin) {
    return ByteString.copyFrom(latin, StandardCharsets.ISO_8859_1);
  }

  static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /** The index so many characters after another; the text's length where it has fewer. */
  static int forward(String text, int from, long characters) {
    int index = from;
    int length = text.length();
    for (long i = 0; i < characters && index < length; i++) {
      index += Character.charCount(text.codePointAt(index));
    }
    return index;
  }

  /** The index so many characters before another; 0 where there are fewer. */
  static int backward(String text, int from, long characters) {
    int index = from;
    for (long i = 0; i < characters && index > 0; i++) {
      index -= Character.charCount(text.codePointBefore(index));
    }
    return index;
  }

  /**
   * SUBSTR: positions count from 1, negative ones from the end, those before the start are the
   * start, as is 0.
   *
   * @param length not negative
   */
  static String substring(String text, long position, long length) {
    int start;
    if (position > 0) {
      start = forward(text, 0, position - 1);
    } else if (position == 0 || position < -text.length()) {
      start = 0;
    } else {
      start = backward(text, text.length(), -position);
    }
    int end = length >= text.length() ? text.length() : forward(text, start, length);
    return text.substring(start, end);
  }
}
