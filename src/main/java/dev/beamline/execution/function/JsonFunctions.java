package dev.beamline.execution.function;

import static dev.beamline.catalog.ScalarType.BOOL;
import static dev.beamline.catalog.ScalarType.INT64;
import static dev.beamline.catalog.ScalarType.JSON;
import static dev.beamline.catalog.ScalarType.STRING;
import static dev.beamline.execution.function.Parameter.any;
import static dev.beamline.execution.function.Parameter.of;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Type;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.expression.Evaluator;
import dev.beamline.execution.function.ScalarFunction.Argument;
import dev.beamline.execution.function.ScalarFunction.Signature;
import dev.beamline.plan.Expression;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * {@code PARSE_JSON TO_JSON TO_JSON_STRING JSON_TYPE JSON_KEYS JSON_FLATTEN JSON_ARRAY
 * JSON_OBJECT}.
 */
final class JsonFunctions {

  private JsonFunctions() {}

  static void register(Registry registry) {
    registry
        .add("PARSE_JSON")
        .named("wide_number_mode", "exact", STRING)
        .takes(STRING, STRING)
        .returns(JSON)
        .strict(
            (String text, String mode) ->
                JsonText.parse(
                    text,
                    JsonConversions.exact(mode)
                        ? JsonText.WideNumbers.EXACT
                        : JsonText.WideNumbers.ROUND));
    registry
        .add("TO_JSON")
        .named("stringify_wide_numbers", false, BOOL)
        .takes(any(), of(BOOL))
        .returns(JSON)
        .compiled(JsonFunctions::toJson);
    registry
        .add("TO_JSON_STRING")
        .takes(any(), Parameter.optional(BOOL))
        .returns(STRING)
        .compiled(JsonFunctions::toJsonString);
    registry.add("JSON_TYPE").takes(JSON).returns(STRING).strict((JsonNode json) -> kind(json));
    registry
        .add("JSON_KEYS")
        .named("mode", "strict", STRING)
        .takes(JSON, STRING)
        .returns(Type.array(STRING))
        .strict((JsonNode json, String mode) -> keys(json, Long.MAX_VALUE, mode))
        .takes(JSON, INT64, STRING)
        .returns(Type.array(STRING))
        .strict((JsonNode json, Long depth, String mode) -> keys(json, depth, mode));
    registry
        .add("JSON_FLATTEN")
        .takes(JSON)
        .returns(Type.array(JSON))
        .strict(
            (JsonNode json) -> {
              List<@Nullable Object> flat = new ArrayList<>();
              flatten(json, flat);
              return Collections.unmodifiableList(flat);
            });
    registry
        .add("JSON_ARRAY")
        .takes(any().repeatedly())
        .returns(JSON)
        .compiled(JsonFunctions::jsonArray);
    registry
        .add("JSON_OBJECT")
        .custom(
            "JSON_OBJECT([STRING, ANY], ...)",
            JsonFunctions::resolvePairs,
            JsonFunctions::jsonObject)
        .takes(of(Type.array(STRING)), Parameter.anyArray())
        .returns(JSON)
        .compiled(JsonFunctions::jsonObjectOfArrays);
  }

  private static Evaluator toJson(Expression.Call call, List<Evaluator> arguments) {
    Type type = call.arguments().get(0).type();
    JsonEncoder plain = new JsonEncoder(type, false);
    JsonEncoder stringified = new JsonEncoder(type, true);
    return row -> {
      Object value = arguments.get(0).evaluate(row);
      Object wide = arguments.get(1).evaluate(row);
      return wide == null ? null : ((Boolean) wide ? stringified : plain).encode(value);
    };
  }

  private static Evaluator toJsonString(Expression.Call call, List<Evaluator> arguments) {
    Type type = call.arguments().get(0).type();
    return row -> {
      Object value = arguments.get(0).evaluate(row);
      Object pretty = arguments.size() > 1 ? arguments.get(1).evaluate(row) : (Object) false;
      return pretty == null ? null : JsonWriter.write(value, type, (Boolean) pretty);
    };
  }

  private static String kind(JsonNode json) {
    return switch (json.getNodeType()) {
      case OBJECT -> "object";
      case ARRAY -> "array";
      case STRING -> "string";
      case NUMBER -> "number";
      case BOOLEAN -> "boolean";
      default -> "null";
    };
  }

  private static List<@Nullable Object> keys(JsonNode json, long depth, String mode) {
    if (depth <= 0) {
      throw new EvaluationException("max_depth must be positive.");
    }
    boolean lax = mode.equalsIgnoreCase("lax");
    boolean recursive =
        mode.equalsIgnoreCase("lax recursive") || mode.equalsIgnoreCase("recursive lax");
    if (!lax && !recursive && !mode.equalsIgnoreCase("strict")) {
      throw new EvaluationException(
          "Invalid mode '" + mode + "'; it must be 'strict', 'lax' or 'lax recursive'");
    }
    TreeSet<String> keys = new TreeSet<>(Ordering::compare);
    keys(json, "", depth, lax || recursive, recursive, keys);
    return Collections.unmodifiableList(new ArrayList<>(keys));
  }

  private static void keys(
      JsonNode json, String prefix, long depth, boolean lax, boolean recursive, Set<String> keys) {
    if (json.isObject()) {
      json.fields()
          .forEachRemaining(
              field -> {
                String key = prefix + escaped(field.getKey());
                keys.add(key);
                if (depth > 1) {
                  keys(field.getValue(), key + ".", depth - 1, lax, recursive, keys);
                }
              });
    } else if (json.isArray() && lax) {
      for (JsonNode element : json) {
        if (element.isObject() || (element.isArray() && recursive)) {
          keys(element, prefix, depth, true, recursive, keys);
        }
      }
    }
  }

  private static String escaped(String key) {
    String quoted = JsonText.quote(key);
    return key.contains(".") || quoted.length() > key.length() + 2 ? quoted : key;
  }

  private static void flatten(JsonNode json, List<@Nullable Object> flat) {
    if (json.isArray()) {
      json.forEach(element -> flatten(element, flat));
    } else {
      flat.add(json);
    }
  }

  private static Evaluator jsonArray(Expression.Call call, List<Evaluator> arguments) {
    List<JsonEncoder> encoders =
        call.arguments().stream().map(a -> new JsonEncoder(a.type(), false)).toList();
    return row -> {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      for (int i = 0; i < arguments.size(); i++) {
        array.add(encoders.get(i).encode(arguments.get(i).evaluate(row)));
      }
      return array;
    };
  }

  /** Names and values by turns. */
  private static Optional<Signature> resolvePairs(List<Argument> arguments) {
    List<Type> types = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      Type type = arguments.get(i).type();
      if (i % 2 == 0 && type != null && type != STRING) {
        return Optional.empty();
      }
      types.add(i % 2 == 0 ? STRING : arguments.get(i).orDefault());
    }
    return types.size() % 2 == 0 ? Optional.of(new Signature(types, JSON)) : Optional.empty();
  }

  private static Evaluator jsonObject(Expression.Call call, List<Evaluator> arguments) {
    List<JsonEncoder> encoders =
        call.arguments().stream().map(a -> new JsonEncoder(a.type(), false)).toList();
    return row -> {
      Map<String, JsonNode> members = JsonText.members();
      for (int i = 0; i < arguments.size(); i += 2) {
        String name = name(arguments.get(i).evaluate(row));
        JsonNode value = encoders.get(i + 1).encode(arguments.get(i + 1).evaluate(row));
        members.putIfAbsent(name, value);
      }
      return JsonText.object(members);
    };
  }

  private static String name(@Nullable Object name) {
    if (name == null) {
      throw new EvaluationException("The JSON key cannot be NULL");
    }
    return (String) name;
  }

  private static Evaluator jsonObjectOfArrays(Expression.Call call, List<Evaluator> arguments) {
    Type elements = ((ArrayType) call.arguments().get(1).type()).element();
    JsonEncoder encoder = new JsonEncoder(elements, false);
    return row -> {
      Object names = arguments.get(0).evaluate(row);
      Object values = arguments.get(1).evaluate(row);
      if (names == null || values == null) {
        throw new EvaluationException(
            "The arrays of keys and values of JSON_OBJECT cannot be NULL");
      }
      List<?> keyList = (List<?>) names;
      List<?> valueList = (List<?>) values;
      if (keyList.size() != valueList.size()) {
        throw new EvaluationException("The number of keys and values must match");
      }
      Map<String, JsonNode> members = JsonText.members();
      for (int i = 0; i < keyList.size(); i++) {
        members.putIfAbsent(name(keyList.get(i)), encoder.encode(valueList.get(i)));
      }
      return JsonText.object(members);
    };
  }
}
