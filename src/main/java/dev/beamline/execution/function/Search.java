package dev.beamline.execution.function;

import static dev.beamline.catalog.ScalarType.BOOL;
import static dev.beamline.catalog.ScalarType.BYTES;
import static dev.beamline.catalog.ScalarType.INT64;
import static dev.beamline.catalog.ScalarType.JSON;
import static dev.beamline.catalog.ScalarType.STRING;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.expression.Evaluator;
import dev.beamline.execution.function.ScalarFunction.Argument;
import dev.beamline.execution.function.ScalarFunction.Signature;
import dev.beamline.plan.Expression;
import java.text.Normalizer;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** CONTAINS_SUBSTR and EDIT_DISTANCE. */
final class Search {

  private Search() {}

  static void register(Registry registry) {
    registry
        .add("CONTAINS_SUBSTR")
        .checkedText(2, JsonScope::of)
        .named("json_scope", "JSON_VALUES", STRING)
        .custom(
            "CONTAINS_SUBSTR(ANY, STRING literal, [json_scope => STRING])",
            Search::resolveContains,
            Search::contains);
    registry
        .add("EDIT_DISTANCE")
        .named("max_distance", Long.MAX_VALUE, INT64)
        .takes(STRING, STRING, INT64)
        .returns(INT64)
        .strict(
            (String a, String b, Long most) ->
                distance(a.codePoints().toArray(), b.codePoints().toArray(), most))
        .takes(BYTES, BYTES, INT64)
        .returns(INT64)
        .strict(
            (ByteString a, ByteString b, Long most) ->
                distance(
                    Texts.ofBytes(a).codePoints().toArray(),
                    Texts.ofBytes(b).codePoints().toArray(),
                    most));
  }

  private static Optional<Signature> resolveContains(List<Argument> arguments) {
    if (arguments.size() != 3
        || !arguments.get(1).literal()
        || arguments.get(1).type() != STRING
        || arguments.get(1).value() == null) {
      return Optional.empty();
    }
    Type type = arguments.get(0).type() == null ? STRING : arguments.get(0).type();
    return searchable(type)
        ? Optional.of(new Signature(List.of(type, STRING, STRING), BOOL))
        : Optional.empty();
  }

  private static boolean searchable(Type type) {
    if (type instanceof ArrayType array) {
      return searchable(array.element());
    } else if (type instanceof StructType struct) {
      return struct.fields().stream().allMatch(f -> searchable(f.type()));
    }
    return type == JSON || (type != BYTES && Casts.allowed(type, STRING));
  }

  /** Which parts of a JSON value are searched. */
  private record JsonScope(boolean keys, boolean values) {
    static JsonScope of(String name) {
      return switch (name.toUpperCase(Locale.ROOT)) {
        case "JSON_VALUES" -> new JsonScope(false, true);
        case "JSON_KEYS" -> new JsonScope(true, false);
        case "JSON_KEYS_AND_VALUES" -> new JsonScope(true, true);
        default ->
            throw new EvaluationException(
                "Invalid json_scope: "
                    + Shown.quoted(name)
                    + "; it is JSON_VALUES, JSON_KEYS or JSON_KEYS_AND_VALUES");
      };
    }
  }

  private static Evaluator contains(Expression.Call call, List<Evaluator> arguments) {
    Evaluator value = arguments.get(0);
    Evaluator part = arguments.get(1);
    Evaluator scope = arguments.get(2);
    Type type = call.arguments().get(0).type();
    LastUsed<String, String> normal = new LastUsed<>(Search::normalize);
    return row -> {
      Object wanted = part.evaluate(row);
      Object where = scope.evaluate(row);
      if (wanted == null || where == null) {
        return null;
      }
      return contains(
          value.evaluate(row), type, normal.get((String) wanted), JsonScope.of((String) where));
    };
  }

  private static String normalize(String text) {
    return StringForms.fold(text, Normalizer.Form.NFKC);
  }

  /** TRUE if any part has it; else NULL if any part is NULL. */
  private static @Nullable Boolean contains(
      @Nullable Object value, Type type, String wanted, JsonScope scope) {
    if (value == null) {
      return null;
    } else if (type instanceof ArrayType array) {
      Boolean result = false;
      for (Object each : (List<?>) value) {
        result = or(result, contains(each, array.element(), wanted, scope));
      }
      return result;
    } else if (type instanceof StructType struct) {
      Boolean result = false;
      for (int i = 0; i < struct.fields().size(); i++) {
        Type field = struct.fields().get(i).type();
        result = or(result, contains(((Tuple) value).get(i), field, wanted, scope));
      }
      return result;
    } else if (value instanceof JsonNode json) {
      return contains(json, wanted, scope);
    }
    return normalize(String.valueOf(Casts.cast(value, type, STRING))).contains(wanted);
  }

  private static @Nullable Boolean or(@Nullable Boolean a, @Nullable Boolean b) {
    if (Boolean.TRUE.equals(a) || Boolean.TRUE.equals(b)) {
      return true;
    }
    return a == null || b == null ? null : (Boolean) false;
  }

  private static boolean contains(JsonNode json, String wanted, JsonScope scope) {
    if (json.isContainerNode()) {
      for (JsonNode child : json) {
        if (contains(child, wanted, scope)) {
          return true;
        }
      }
      Iterator<Map.Entry<String, JsonNode>> fields = json.fields();
      while (scope.keys() && fields.hasNext()) {
        if (normalize(fields.next().getKey()).contains(wanted)) {
          return true;
        }
      }
      return false;
    }
    return scope.values() && !json.isNull() && normalize(JsonText.scalar(json)).contains(wanted);
  }

  /** Levenshtein's: inserted, deleted and replaced characters, no more than the limit. */
  private static Long distance(int[] a, int[] b, long most) {
    if (most < 0) {
      throw new EvaluationException("max_distance must be non-negative: " + most);
    }
    int[] previous = new int[b.length + 1];
    int[] current = new int[b.length + 1];
    for (int j = 0; j <= b.length; j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length; i++) {
      current[0] = i;
      int least = i;
      for (int j = 1; j <= b.length; j++) {
        int replace = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
        current[j] = Math.min(replace, Math.min(previous[j], current[j - 1]) + 1);
        least = Math.min(least, current[j]);
      }
      if (least >= most) {
        return most;
      }
      int[] swap = previous;
      previous = current;
      current = swap;
    }
    return Math.min(previous[b.length], most);
  }
}
