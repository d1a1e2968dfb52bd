package dev.beamline.execution.function;

import com.fasterxml.jackson.databind.JsonNode;
import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * SQL values as JSON texts: the encodings of TO_JSON_STRING. Fields keep their order, also where
 * names repeat; numbers that no FLOAT64 equals become strings.
 */
final class JsonWriter {

  private static final long MAX_EXACT = 1L << 53;

  private final boolean pretty;
  private final StringBuilder out = new StringBuilder();

  private JsonWriter(boolean pretty) {
    this.pretty = pretty;
  }

  /**
   * The text of a value.
   *
   * @param pretty whether there is a line for each member and element
   */
  static String write(@Nullable Object value, Type type, boolean pretty) {
    JsonWriter writer = new JsonWriter(pretty);
    writer.append(value, type, "\n");
    return writer.out.toString();
  }

  private void append(@Nullable Object value, Type type, String newLine) {
    if (value == null) {
      out.append("null");
    } else if (type instanceof ArrayType array) {
      List<?> elements = (List<?>) value;
      for (int i = 0; i < elements.size(); i++) {
        open(i == 0 ? '[' : ',', newLine);
        append(elements.get(i), array.element(), newLine + "  ");
      }
      close(elements.isEmpty(), "[]", newLine);
    } else if (type instanceof StructType struct) {
      for (int i = 0; i < struct.fields().size(); i++) {
        Column field = struct.fields().get(i);
        open(i == 0 ? '{' : ',', newLine);
        out.append(JsonText.quote(field.name())).append(pretty ? ": " : ":");
        append(((Tuple) value).get(i), field.type(), newLine + "  ");
      }
      close(struct.fields().isEmpty(), "{}", newLine);
    } else {
      scalar(value, (ScalarType) type, newLine);
    }
  }

  private void open(char separator, String newLine) {
    out.append(separator);
    if (pretty) {
      out.append(newLine).append("  ");
    }
  }

  private void close(boolean empty, String brackets, String newLine) {
    if (empty) {
      out.append(brackets);
      return;
    }
    if (pretty) {
      out.append(newLine);
    }
    out.append(brackets.charAt(1));
  }

  private void scalar(Object value, ScalarType type, String newLine) {
    switch (type) {
      case BOOL -> out.append(value);
      case INT64 -> {
        long number = (Long) value;
        quotedIf(number > MAX_EXACT || number < -MAX_EXACT, Long.toString(number));
      }
      case FLOAT64 -> {
        double number = (Double) value;
        boolean finite = Double.isFinite(number);
        quotedIf(
            !finite,
            finite ? Floats.toText(number == 0 ? 0.0 : number) : JsonEncoder.nonFinite(number));
      }
      case NUMERIC, BIGNUMERIC -> {
        BigDecimal number = (BigDecimal) value;
        boolean wide =
            number.scale() > 0 || number.abs().compareTo(BigDecimal.valueOf(MAX_EXACT)) > 0;
        quotedIf(wide, number.toPlainString());
      }
      case JSON -> {
        JsonNode node = (JsonNode) value;
        String text = pretty ? JsonText.writePretty(node) : JsonText.write(node);
        out.append(pretty ? text.replace("\n", newLine) : text);
      }
      default -> out.append(JsonText.quote(JsonEncoder.text(value, type)));
    }
  }

  private void quotedIf(boolean quoted, String text) {
    out.append(quoted ? "\"" + text + "\"" : text);
  }
}
