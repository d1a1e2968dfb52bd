package dev.beamline.io.bigquery.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * A column of a table.
 *
 * @param type one name for each, the newer: INT64, FLOAT64, BOOL, STRUCT
 */
record Field(String name, String type, String mode, List<Field> fields) {

  static List<Field> list(JsonNode schema) {
    List<Field> fields = new ArrayList<>();
    for (JsonNode field : schema.path("fields")) {
      fields.add(
          new Field(
              field.path("name").asText(),
              type(field.path("type").asText()),
              field.path("mode").asText("NULLABLE"),
              list(field)));
    }
    return fields;
  }

  private static String type(String type) {
    return switch (type.toUpperCase()) {
      case "INTEGER" -> "INT64";
      case "FLOAT" -> "FLOAT64";
      case "BOOLEAN" -> "BOOL";
      case "RECORD" -> "STRUCT";
      default -> type.toUpperCase();
    };
  }

  boolean repeated() {
    return mode.equals("REPEATED");
  }

  boolean required() {
    return mode.equals("REQUIRED");
  }

  /** Its element. */
  Field single() {
    return new Field(name, type, "REQUIRED", fields);
  }
}
