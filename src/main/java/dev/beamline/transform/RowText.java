package dev.beamline.transform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.IntervalValue;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import dev.beamline.catalog.Unread;
import dev.beamline.execution.function.CivilText;
import java.math.BigDecimal;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows as JSON, for people to read and for a source to read again. */
public final class RowText {

  private static final JsonNodeFactory JSON = new JsonNodeFactory(true);

  private RowText() {}

  /** One line: an object with the columns in order; times as ISO, bytes in base64. */
  public static String json(Schema schema, Tuple row) {
    return object(schema.columns(), row).toString();
  }

  private static ObjectNode object(List<Column> columns, Tuple row) {
    ObjectNode object = JSON.objectNode();
    for (int i = 0; i < columns.size() && i < row.size(); i++) {
      if (Unread.is(columns.get(i))) {
        continue;
      }
      String name = columns.get(i).name().isEmpty() ? "_field_" + (i + 1) : columns.get(i).name();
      object.set(unused(name, object), value(row.get(i), columns.get(i).type()));
    }
    return object;
  }

  /** The name, with a number where another column has it: rows of a join have both sides'. */
  private static String unused(String name, ObjectNode object) {
    String unused = name;
    for (int i = 1; object.has(unused); i++) {
      unused = name + "_" + i;
    }
    return unused;
  }

  private static JsonNode value(@Nullable Object value, Type type) {
    if (value == null) {
      return JSON.nullNode();
    }
    if (type instanceof StructType struct && value instanceof Tuple tuple) {
      return object(struct.fields(), tuple);
    }
    if (type instanceof ArrayType array && value instanceof List<?> list) {
      ArrayNode node = JSON.arrayNode();
      list.forEach(element -> node.add(value(element, array.element())));
      return node;
    }
    if (value instanceof JsonNode node) {
      return node;
    } else if (value instanceof Boolean b) {
      return JSON.booleanNode(b);
    } else if (value instanceof Double d) {
      return Double.isFinite(d) ? JSON.numberNode(d) : JSON.textNode(String.valueOf(d));
    } else if (value instanceof BigDecimal number) {
      return JSON.numberNode(number);
    } else if (value instanceof ByteString bytes) {
      return JSON.textNode(Base64.getEncoder().encodeToString(bytes.toByteArray()));
    } else if (value instanceof IntervalValue interval) {
      return JSON.textNode(
          interval.months() + " months " + interval.days() + " days " + interval.micros() + " us");
    } else if (value instanceof Long number) {
      return number(number, type);
    }
    return JSON.textNode(value.toString());
  }

  private static JsonNode number(long value, Type type) {
    if (type == ScalarType.TIMESTAMP) {
      return JSON.textNode(CivilText.formatIsoTimestamp(value));
    } else if (type == ScalarType.DATETIME) {
      return JSON.textNode(CivilText.formatDatetime(value, 'T'));
    } else if (type == ScalarType.DATE) {
      return JSON.textNode(CivilText.formatDate(value));
    } else if (type == ScalarType.TIME) {
      return JSON.textNode(CivilText.formatTime(value));
    }
    return JSON.numberNode(value);
  }
}
