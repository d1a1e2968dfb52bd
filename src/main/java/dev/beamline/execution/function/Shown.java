package dev.beamline.execution.function;

import com.google.protobuf.ByteString;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Type;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** How values look in messages. */
final class Shown {

  private static final int MAX_LENGTH = 60;

  private Shown() {}

  static String decimal(BigDecimal value) {
    return value.toPlainString();
  }

  /** Shown only where an error needs it. */
  static Object operation(BigDecimal a, String operator, BigDecimal b) {
    return new Object() {
      @Override
      public String toString() {
        return decimal(a) + " " + operator + " " + decimal(b);
      }
    };
  }

  /** A literal of a type as SQL would write it, cut where it is long. */
  static String literal(@Nullable Object value, Type type) {
    if (value == null) {
      return "NULL";
    }
    if (type == ScalarType.STRING) {
      return quoted((String) value);
    }
    if (value instanceof ByteString bytes) {
      return "b" + quoted(bytes.toStringUtf8());
    }
    if (value instanceof Double number) {
      return Floats.toText(number);
    }
    if (value instanceof BigDecimal decimal) {
      return decimal(decimal);
    }
    return String.valueOf(value);
  }

  /** The beginning of a text, if it is long. */
  static String cut(String text) {
    if (text.codePointCount(0, text.length()) <= MAX_LENGTH) {
      return text;
    }
    return text.substring(0, text.offsetByCodePoints(0, MAX_LENGTH)) + "...";
  }

  static String quoted(String text) {
    return "\"" + cut(text).replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
  }
}
