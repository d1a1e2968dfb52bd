package dev.beamline.execution.function;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.IntervalValue;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import java.math.BigDecimal;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Values as SQL literals that also tell their type, for tests. */
final class ValueText {

  private ValueText() {}

  static String of(@Nullable Object value, Type type) {
    if (value == null) {
      return "NULL";
    } else if (type instanceof ArrayType array) {
      List<String> elements = new ArrayList<>();
      ((List<?>) value).forEach(e -> elements.add(of(e, array.element())));
      return "[" + String.join(", ", elements) + "]";
    } else if (type instanceof StructType struct) {
      List<String> fields = new ArrayList<>();
      for (int i = 0; i < struct.fields().size(); i++) {
        fields.add(of(((Tuple) value).get(i), struct.fields().get(i).type()));
      }
      return "(" + String.join(", ", fields) + ")";
    }
    return switch ((ScalarType) type) {
      case INT64 -> ((Long) value).toString();
      case BOOL -> (Boolean) value ? "TRUE" : "FALSE";
      case FLOAT64 -> number((Double) value);
      case STRING -> quoted((String) value);
      case BYTES -> bytes((ByteString) value);
      case NUMERIC, BIGNUMERIC -> type + " '" + ((BigDecimal) value).toPlainString() + "'";
      case DATE -> "DATE '" + CivilText.formatDate((Long) value) + "'";
      case DATETIME -> "DATETIME '" + CivilText.formatDatetime((Long) value) + "'";
      case TIME -> "TIME '" + CivilText.formatTime((Long) value) + "'";
      case TIMESTAMP ->
          "TIMESTAMP '" + CivilText.formatTimestamp((Long) value, ZoneOffset.UTC) + "'";
      case INTERVAL -> "INTERVAL '" + Intervals.format((IntervalValue) value) + "'";
      case JSON -> "JSON '" + JsonText.write((JsonNode) value) + "'";
    };
  }

  private static String number(double value) {
    if (value == 0 && 1 / value < 0) {
      return "-0.0";
    }
    String text = Floats.toText(value);
    return text.matches("-?[0-9]+") ? text + ".0" : text;
  }

  private static String quoted(String text) {
    StringBuilder result = new StringBuilder("'");
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '\'' -> result.append("\\'");
                case '\\' -> result.append("\\\\");
                case '\n' -> result.append("\\n");
                case '\t' -> result.append("\\t");
                default -> {
                  if (c < ' ' || Character.getType(c) == Character.NON_SPACING_MARK) {
                    result.append(String.format("\\u%04x", c));
                  } else {
                    result.appendCodePoint(c);
                  }
                }
              }
            });
    return result.append("'").toString();
  }

  private static String bytes(ByteString bytes) {
    StringBuilder result = new StringBuilder("b'");
    for (int i = 0; i < bytes.size(); i++) {
      int c = bytes.byteAt(i) & 0xff;
      boolean plain = c >= ' ' && c < 0x7f && c != '\'' && c != '\\';
      result.append(plain ? Character.toString(c) : String.format("\\x%02x", c));
    }
    return result.append("'").toString();
  }
}
