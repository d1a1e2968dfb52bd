package dev.beamline.execution.function;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.IntervalValue;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import java.math.BigDecimal;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Values as FORMAT's %t shows them to people and as its %T writes them in SQL. */
final class SqlLiterals {

  private SqlLiterals() {}

  /** {@code 1.0}, {@code 2026-01-02}, {@code [a, b]}. */
  static String readable(@Nullable Object value, Type type) {
    return write(value, type, false);
  }

  /** {@code 1.0}, {@code DATE "2026-01-02"}, {@code ["a", "b"]}. */
  static String sql(@Nullable Object value, Type type) {
    return write(value, type, true);
  }

  private static String write(@Nullable Object value, Type type, boolean sql) {
    if (value == null) {
      return "NULL";
    } else if (type instanceof ArrayType array) {
      return ((List<?>) value)
          .stream()
              .map(e -> write(e, array.element(), sql))
              .collect(Collectors.joining(", ", "[", "]"));
    } else if (type instanceof StructType struct) {
      List<Column> fields = struct.fields();
      String prefix = sql && fields.size() < 2 ? "STRUCT(" : "(";
      return IntStream.range(0, fields.size())
          .mapToObj(i -> write(((Tuple) value).get(i), fields.get(i).type(), sql))
          .collect(Collectors.joining(", ", prefix, ")"));
    }
    return scalar(value, (ScalarType) type, sql);
  }

  private static String scalar(Object value, ScalarType type, boolean sql) {
    switch (type) {
      case STRING -> {
        return sql ? quoted((String) value) : (String) value;
      }
      case BYTES -> {
        String escaped = escaped((ByteString) value, sql ? quote((ByteString) value) : '\0');
        return sql
            ? "b" + quote((ByteString) value) + escaped + quote((ByteString) value)
            : escaped;
      }
      case FLOAT64 -> {
        return number((Double) value, sql);
      }
      case INT64, BOOL -> {
        return value.toString();
      }
      default -> {
        String text = text(value, type);
        return sql
            ? type.name()
                + " "
                + quoted(text)
                + (type == ScalarType.INTERVAL ? " YEAR TO SECOND" : "")
            : text;
      }
    }
  }

  private static String text(Object value, ScalarType type) {
    return switch (type) {
      case NUMERIC, BIGNUMERIC -> ((BigDecimal) value).toPlainString();
      case DATE -> CivilText.formatDate((Long) value);
      case DATETIME -> CivilText.formatDatetime((Long) value);
      case TIME -> CivilText.formatTime((Long) value);
      case TIMESTAMP -> CivilText.formatTimestamp((Long) value, ZoneOffset.UTC);
      case INTERVAL -> Intervals.format((IntervalValue) value);
      case JSON -> JsonText.write((JsonNode) value);
      default -> value.toString();
    };
  }

  private static String number(double value, boolean sql) {
    if (!Double.isFinite(value)) {
      String text = Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
      return sql ? "CAST(\"" + text + "\" AS FLOAT64)" : text;
    }
    String text = Floats.toText(value);
    return text.indexOf('.') < 0 && text.indexOf('e') < 0 ? text + ".0" : text;
  }

  /** In double quotes, or where it holds some and no single quotes, in those. */
  static String quoted(String text) {
    char quote = text.indexOf('"') >= 0 && text.indexOf('\'') < 0 ? '\'' : '"';
    StringBuilder out = new StringBuilder(text.length() + 2).append(quote);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == quote || c == '\\') {
        out.append('\\').append(c);
      } else if (c < 0x20 || c == 0x7f) {
        out.append(control(c));
      } else {
        out.append(c);
      }
    }
    return out.append(quote).toString();
  }

  private static char quote(ByteString bytes) {
    boolean hasDouble = false;
    boolean hasSingle = false;
    for (int i = 0; i < bytes.size(); i++) {
      hasDouble |= bytes.byteAt(i) == '"';
      hasSingle |= bytes.byteAt(i) == '\'';
    }
    return hasDouble && !hasSingle ? '\'' : '"';
  }

  /**
   * @param quote the only quote that is escaped; 0 for both
   */
  private static String escaped(ByteString bytes, char quote) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < bytes.size(); i++) {
      int b = bytes.byteAt(i) & 0xff;
      boolean isQuote = b == '"' || b == '\'';
      if (b == '\\' || (isQuote && (quote == '\0' || quote == b))) {
        out.append('\\').append((char) b);
      } else if (b >= 0x20 && b < 0x7f) {
        out.append((char) b);
      } else {
        out.append(control(b));
      }
    }
    return out.toString();
  }

  private static String control(int code) {
    return switch (code) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> (code < 16 ? "\\x0" : "\\x") + Integer.toHexString(code);
    };
  }
}
