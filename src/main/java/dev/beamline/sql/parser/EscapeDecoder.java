package dev.beamline.sql.parser;

import dev.beamline.diagnostic.DiagnosticCode;
import java.nio.charset.StandardCharsets;

/**
 * Takes the escapes out of strings, bytes and names. Source: "Escape sequences for string and bytes
 * literals" of BigQuery's lexical structure.
 */
final class EscapeDecoder {

  private static final String ALLOWED =
      "Allowed are \\a \\b \\f \\n \\r \\t \\v \\\\ \\? \\\" \\' \\` \\ooo \\xhh \\uhhhh and"
          + " \\Uhhhhhhhh; write \\\\ for a backslash, or put r before the string";

  private final String source;
  private final LexicalProblems problems;

  EscapeDecoder(String source, LexicalProblems problems) {
    this.source = source;
    this.problems = problems;
  }

  /** The content of a literal without escapes; bytes come as one Latin-1 character each. */
  String decode(int start, int end, boolean raw, boolean bytes) {
    StringBuilder out = new StringBuilder(end - start);
    int i = start;
    while (i < end) {
      char c = source.charAt(i);
      if (c == '\\' && !raw) {
        i = escape(i, end, bytes, out);
      } else if (c == '\r') {
        // Only possible in triple quotes, where every kind of line end counts as one newline.
        out.append('\n');
        i += i + 1 < end && source.charAt(i + 1) == '\n' ? 2 : 1;
      } else if (bytes && c > 0x7F) {
        int codePoint = source.codePointAt(i);
        for (byte b : Character.toString(codePoint).getBytes(StandardCharsets.UTF_8)) {
          out.append((char) (b & 0xFF));
        }
        i += Character.charCount(codePoint);
      } else {
        out.append(c);
        i++;
      }
    }
    return out.toString();
  }

  /** Decodes the escape at the given backslash and gives the offset behind it. */
  private int escape(int at, int end, boolean bytes, StringBuilder out) {
    if (at + 1 >= end) {
      bad(at, at + 1, "A backslash at the end of a string escapes nothing");
      return at + 1;
    }
    char kind = source.charAt(at + 1);
    int simple = "abfnrtv\\?\"'`".indexOf(kind);
    if (simple >= 0) {
      out.append("\u0007\b\f\n\r\t\u000b\\?\"'`".charAt(simple));
      return at + 2;
    }
    if (kind >= '0' && kind <= '7') {
      return numeric(at, at + 1, 3, 8, end, out);
    }
    if (kind == 'x' || kind == 'X') {
      return numeric(at, at + 2, 2, 16, end, out);
    }
    if (kind == 'u' || kind == 'U') {
      if (bytes) {
        int stop = Math.min(end, at + 2);
        bad(at, stop, "\\" + kind + " is not allowed in bytes, which have no characters");
        return stop;
      }
      return numeric(at, at + 2, kind == 'u' ? 4 : 8, 16, end, out);
    }
    int stop = at + 1 + Character.charCount(source.codePointAt(at + 1));
    boolean lineEnd = kind == '\n' || kind == '\r';
    bad(
        at,
        lineEnd ? at + 1 : stop,
        lineEnd
            ? "A backslash cannot escape the end of a line"
            : source.substring(at, stop) + " is not an escape sequence");
    return lineEnd ? at + 1 : stop;
  }

  private int numeric(int at, int digits, int count, int radix, int end, StringBuilder out) {
    long value = 0;
    int i = digits;
    while (i < end
        && i < digits + count
        && Character.digit(source.charAt(i), radix) >= 0
        && source.charAt(i) < 0x80) {
      value = value * radix + Character.digit(source.charAt(i), radix);
      i++;
    }
    String text = source.substring(at, i);
    if (i < digits + count) {
      String kind = radix == 8 ? "octal" : "hexadecimal";
      bad(
          at,
          i,
          text + " is not an escape sequence: it needs exactly " + count + " " + kind + " digits");
    } else if (radix == 8 && value > 0xFF) {
      bad(at, i, text + " is not an escape sequence: octal escapes end at \\377");
    } else if (value > Character.MAX_CODE_POINT || (value >= 0xD800 && value <= 0xDFFF)) {
      bad(at, i, text + " is not a Unicode character");
    } else {
      out.appendCodePoint((int) value);
    }
    return i;
  }

  private void bad(int start, int end, String message) {
    problems.add(start, end, DiagnosticCode.SQL_INVALID_LITERAL, message, ALLOWED);
  }
}
