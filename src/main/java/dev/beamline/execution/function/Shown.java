package dev.beamline.execution.function;

import com.google.protobuf.ByteString;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Type;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** How values look in messages. */
final class Shown {

  private Shown() {}

  static String number(double value) {
    return Floats.toText(value);
  }

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
      return number(number);
    }
    if (value instanceof BigDecimal decimal) {
      return decimal(decimal);
    }
    return String.valueOf(value);
  }

  static String quoted(String text) {
    String cut = text.length() > 60 ? text.substring(0, 57) + "..." : text;
    return "\"" + cut.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
  }
}
