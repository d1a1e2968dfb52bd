package dev.beamline.io.bigquery.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rows in JSON: of loads and insertAll, and as tabledata.list gives them. */
final class JsonRows {

  private static final DateTimeFormatter ZONED =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
          .appendOffset("+HH:MM", "Z")
          .toFormatter();

  private JsonRows() {}

  static Map<String, Object> read(List<Field> fields, JsonNode row) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (Field field : fields) {
      values.put(field.name(), field.repeated() ? List.of() : null);
    }
    row.properties()
        .forEach(
            e -> {
              Field field =
                  fields.stream()
                      .filter(f -> f.name().equalsIgnoreCase(e.getKey()))
                      .findFirst()
                      .orElseThrow(() -> ApiException.invalid("no such field: " + e.getKey()));
              values.put(field.name(), value(field, e.getValue()));
            });
    return values;
  }

  private static Object value(Field field, JsonNode node) {
    if (field.repeated()) {
      List<Object> elements = new ArrayList<>();
      node.forEach(element -> elements.add(value(field.single(), element)));
      return elements;
    }
    if (node.isNull()) {
      return null;
    }
    if (field.type().equals("STRUCT")) {
      return read(field.fields(), node);
    }
    String text = node.isValueNode() ? node.asText() : node.toString();
    return switch (field.type()) {
      case "INT64" -> Long.parseLong(text);
      case "FLOAT64" -> Double.parseDouble(text);
      case "NUMERIC", "BIGNUMERIC" -> plain(new BigDecimal(text));
      case "BOOL" -> Boolean.parseBoolean(text);
      case "BYTES" -> ByteString.copyFrom(Base64.getDecoder().decode(text));
      case "TIMESTAMP" -> micros(text);
      case "DATETIME" -> text.replace(' ', 'T');
      default -> text;
    };
  }

  /** One form of each number. */
  static BigDecimal plain(BigDecimal value) {
    BigDecimal stripped = value.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }

  static long micros(String text) {
    String iso = text.trim().replaceFirst(" UTC$", "Z").replaceFirst(" (?=\\d\\d:)", "T");
    iso = iso.matches(".*(Z|[+-]\\d\\d:\\d\\d)") ? iso : iso + "Z";
    Instant instant = OffsetDateTime.parse(iso, ZONED).toInstant();
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1000);
  }

  /** As tabledata.list has it. */
  static ObjectNode cells(List<Field> fields, Map<String, Object> row, boolean micros) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    ArrayNode cells = node.putArray("f");
    for (Field field : fields) {
      cells.addObject().set("v", cell(field, row.get(field.name()), micros));
    }
    return node;
  }

  @SuppressWarnings("unchecked")
  private static JsonNode cell(Field field, Object value, boolean micros) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    if (value == null) {
      return json.nullNode();
    }
    if (field.repeated()) {
      ArrayNode elements = json.arrayNode();
      for (Object element : (List<Object>) value) {
        elements.addObject().set("v", cell(field.single(), element, micros));
      }
      return elements;
    }
    return switch (field.type()) {
      case "STRUCT" -> cells(field.fields(), (Map<String, Object>) value, micros);
      case "BYTES" ->
          json.textNode(Base64.getEncoder().encodeToString(((ByteString) value).toByteArray()));
      case "NUMERIC", "BIGNUMERIC" -> json.textNode(((BigDecimal) value).toPlainString());
      case "TIMESTAMP" ->
          json.textNode(
              micros
                  ? value.toString()
                  : new BigDecimal((Long) value).movePointLeft(6).toPlainString());
      default -> json.textNode(value.toString());
    };
  }

  /** ISO, with a zone. */
  static String timestamp(long micros) {
    return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
        Instant.ofEpochSecond(
                Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000)
            .atOffset(ZoneOffset.UTC));
  }
}
