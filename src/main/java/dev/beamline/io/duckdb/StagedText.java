package dev.beamline.io.duckdb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.IntervalValue;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** Arrays and structs as JSON that DuckDB casts to their types without losing a digit. */
final class StagedText {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT);

  private StagedText() {}

  static String json(Type type, Object value) {
    return node(type, value).toString();
  }

  static String interval(Object value) {
    IntervalValue interval = (IntervalValue) value;
    return interval.months()
        + " months "
        + interval.days()
        + " days "
        + interval.micros()
        + " microseconds";
  }

  private static JsonNode node(Type type, Object value) {
    if (type instanceof ArrayType array) {
      ArrayNode node = NODES.arrayNode();
      for (Object element : (List<?>) value) {
        node.add(element == null ? NODES.nullNode() : node(array.element(), element));
      }
      return node;
    }
    if (type instanceof StructType struct) {
      ObjectNode node = NODES.objectNode();
      for (int i = 0; i < struct.fields().size(); i++) {
        Object field = ((Tuple) value).get(i);
        node.set(
            DuckDbTypes.fieldName(struct, i),
            field == null ? NODES.nullNode() : node(struct.fields().get(i).type(), field));
      }
      return node;
    }
    return switch ((ScalarType) type) {
      case STRING -> NODES.textNode((String) value);
      case INT64 -> NODES.numberNode((Long) value);
      case BOOL -> NODES.booleanNode((Boolean) value);
      case JSON -> (JsonNode) value;
      case FLOAT64 -> NODES.textNode(value.toString());
      case NUMERIC, BIGNUMERIC -> NODES.textNode(((BigDecimal) value).toPlainString());
      case BYTES -> NODES.textNode(hex((ByteString) value));
      case TIMESTAMP -> NODES.textNode(dateTime((Long) value) + "+00");
      case DATETIME -> NODES.textNode(dateTime((Long) value));
      case DATE -> NODES.textNode(LocalDate.ofEpochDay((Long) value).toString());
      case TIME -> NODES.textNode(LocalTime.ofNanoOfDay((Long) value * 1000).toString());
      case INTERVAL -> NODES.textNode(interval(value));
    };
  }

  private static String dateTime(long micros) {
    return LocalDateTime.ofEpochSecond(
            Math.floorDiv(micros, 1_000_000L),
            (int) Math.floorMod(micros, 1_000_000L) * 1000,
            ZoneOffset.UTC)
        .format(TIMESTAMP);
  }

  private static String hex(ByteString bytes) {
    StringBuilder text = new StringBuilder(bytes.size() * 4);
    for (int i = 0; i < bytes.size(); i++) {
      text.append("\\x").append(String.format(Locale.ROOT, "%02X", bytes.byteAt(i)));
    }
    return text.toString();
  }
}
