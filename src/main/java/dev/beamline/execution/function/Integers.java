package dev.beamline.execution.function;

import dev.beamline.execution.expression.EvaluationException;
import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** INT64 as text. */
final class Integers {

  private static final Pattern HEX = Pattern.compile("([+-]?)0[xX]([0-9a-fA-F]+)");

  private Integers() {}

  /**
   * Reads decimal digits or 0x with hexadecimal ones, a sign before them, and white space around.
   *
   * @throws EvaluationException where the text is no INT64
   */
  static long parse(String text) {
    String trimmed = AsciiSpace.trim(text);
    if (decimal(trimmed)) {
      try {
        return Long.parseLong(trimmed);
      } catch (NumberFormatException outOfRange) {
        throw bad(text);
      }
    }
    Matcher hex = HEX.matcher(trimmed);
    if (!hex.matches()) {
      throw bad(text);
    }
    BigInteger value = new BigInteger(hex.group(1) + hex.group(2), 16);
    if (value.bitLength() >= Long.SIZE) {
      throw bad(text);
    }
    return value.longValue();
  }

  /** Whether it is a sign and ASCII digits; Java's own parser takes the digits of all scripts. */
  private static boolean decimal(String text) {
    int start = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
    for (int i = start; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return text.length() > start;
  }

  private static EvaluationException bad(String text) {
    return new EvaluationException("Bad int64 value: " + Shown.cut(text));
  }
}
