package dev.beamline.sql.parser;

import java.util.List;

/** Writes strings and bytes. */
final class Literals {

  private Literals() {}

  static String string(String value) {
    return quoted(value, '\'');
  }

  static String quoted(String value, char quote) {
    StringBuilder out = new StringBuilder().append(quote);
    value.codePoints().forEach(c -> append(out, c, quote));
    return out.append(quote).toString();
  }

  private static void append(StringBuilder out, int c, char quote) {
    switch (c) {
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      case '\\' -> out.append("\\\\");
      default -> {
        if (c == quote) {
          out.append('\\').append(quote);
        } else if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
          out.append(String.format(c > 0xFFFF ? "\\U%08x" : "\\u%04x", c));
        } else {
          out.appendCodePoint(c);
        }
      }
    }
  }

  static String bytes(List<Byte> value) {
    StringBuilder out = new StringBuilder("b'");
    for (byte b : value) {
      if (b >= ' ' && b < 0x7F && b != '\'' && b != '\\') {
        out.append((char) b);
      } else {
        out.append(String.format("\\x%02x", b));
      }
    }
    return out.append('\'').toString();
  }
}
