package dev.beamline.execution.function;

import static dev.beamline.catalog.ScalarType.INT64;
import static dev.beamline.catalog.ScalarType.JSON;
import static dev.beamline.catalog.ScalarType.STRING;
import static dev.beamline.execution.function.Parameter.of;
import static dev.beamline.execution.function.Parameter.optional;

import com.fasterxml.jackson.databind.JsonNode;
import dev.beamline.catalog.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code JSON_QUERY JSON_VALUE JSON_QUERY_ARRAY JSON_VALUE_ARRAY} and their older names {@code
 * JSON_EXTRACT JSON_EXTRACT_SCALAR JSON_EXTRACT_ARRAY JSON_EXTRACT_STRING_ARRAY}, of JSON values
 * and JSON texts; {@code json.field} ({@code JSON_FIELD}) and {@code json[index]} ({@code
 * JSON_SUBSCRIPT}).
 */
final class JsonExtraction {

  private JsonExtraction() {}

  /** Looks into a JSON text. */
  private interface OfText {
    @Nullable Object find(String json, JsonPath path);
  }

  /** Looks into a JSON value. */
  private interface OfValue {
    @Nullable Object find(JsonNode json, JsonPath path);
  }

  static void register(Registry registry) {
    add(
        registry,
        "JSON_QUERY",
        "JSON_EXTRACT",
        STRING,
        JsonScan::json,
        JSON,
        (json, path) -> path.lax() ? JsonEdits.array(path.selectLax(json)) : path.select(json));
    add(
        registry,
        "JSON_VALUE",
        "JSON_EXTRACT_SCALAR",
        STRING,
        JsonScan::scalar,
        STRING,
        (json, path) -> scalar(path.select(json)));
    add(
        registry,
        "JSON_QUERY_ARRAY",
        "JSON_EXTRACT_ARRAY",
        Type.array(STRING),
        JsonScan::jsonArray,
        Type.array(JSON),
        (json, path) -> elements(path.select(json)));
    add(
        registry,
        "JSON_VALUE_ARRAY",
        "JSON_EXTRACT_STRING_ARRAY",
        Type.array(STRING),
        JsonScan::scalarArray,
        Type.array(STRING),
        (json, path) -> scalars(path.select(json)));
    registry
        .operator("JSON_FIELD", ".")
        .takes(JSON, STRING)
        .returns(JSON)
        .strict((JsonNode json, String name) -> json.isObject() ? json.get(name) : null);
    registry
        .operator("JSON_SUBSCRIPT", "[]")
        .takes(JSON, STRING)
        .returns(JSON)
        .strict((JsonNode json, String name) -> json.isObject() ? json.get(name) : null)
        .takes(JSON, INT64)
        .returns(JSON)
        .strict((JsonNode json, Long index) -> element(json, index));
  }

  private static void add(
      Registry registry,
      String name,
      String older,
      Type textResult,
      OfText ofText,
      Type valueResult,
      OfValue ofValue) {
    for (String each : new String[] {name, older}) {
      registry
          .add(each)
          .checkedText(1, JsonPath::of)
          .takes(of(STRING), optional(STRING))
          .returns(textResult)
          .strictVariadic(
              () -> {
                LastUsed<String, JsonPath> paths = new LastUsed<>(JsonExtraction::plainPath);
                return a -> ofText.find((String) a[0], paths.get(path(a)));
              })
          .takes(of(JSON), optional(STRING))
          .returns(valueResult)
          .strictVariadic(
              () -> {
                LastUsed<String, JsonPath> paths =
                    new LastUsed<>(valueResult == JSON ? JsonPath::of : JsonExtraction::plainPath);
                return a -> ofValue.find((JsonNode) a[0], paths.get(path(a)));
              });
    }
  }

  private static String path(Object[] arguments) {
    return arguments.length > 1 ? (String) arguments[1] : "$";
  }

  private static JsonPath plainPath(String text) {
    JsonPath path = JsonPath.of(text);
    if (path.lax()) {
      throw new dev.beamline.execution.expression.EvaluationException(
          "JSONPath must start with '$': " + text);
    }
    return path;
  }

  private static @Nullable JsonNode element(JsonNode json, long index) {
    return json.isArray() && index >= 0 && index < json.size() ? json.get((int) index) : null;
  }

  private static @Nullable String scalar(@Nullable JsonNode json) {
    return json == null || json.isNull() || json.isContainerNode() ? null : JsonText.scalar(json);
  }

  private static @Nullable List<@Nullable Object> elements(@Nullable JsonNode json) {
    if (json == null || !json.isArray()) {
      return null;
    }
    List<@Nullable Object> elements = new ArrayList<>(json.size());
    json.forEach(elements::add);
    return Collections.unmodifiableList(elements);
  }

  private static @Nullable List<@Nullable Object> scalars(@Nullable JsonNode json) {
    if (json == null || !json.isArray()) {
      return null;
    }
    List<@Nullable Object> elements = new ArrayList<>(json.size());
    for (JsonNode element : json) {
      if (element.isContainerNode()) {
        return null;
      }
      elements.add(scalar(element));
    }
    return Collections.unmodifiableList(elements);
  }
}
