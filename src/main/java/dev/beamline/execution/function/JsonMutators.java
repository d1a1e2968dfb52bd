package dev.beamline.execution.function;

import static dev.beamline.catalog.ScalarType.BOOL;
import static dev.beamline.catalog.ScalarType.JSON;
import static dev.beamline.catalog.ScalarType.STRING;
import static dev.beamline.execution.function.Parameter.of;

import com.fasterxml.jackson.databind.JsonNode;
import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Type;
import dev.beamline.execution.expression.Evaluator;
import dev.beamline.execution.function.ScalarFunction.Argument;
import dev.beamline.execution.function.ScalarFunction.Signature;
import dev.beamline.plan.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code JSON_SET JSON_REMOVE JSON_ARRAY_APPEND JSON_ARRAY_INSERT JSON_STRIP_NULLS}. */
final class JsonMutators {

  private JsonMutators() {}

  static void register(Registry registry) {
    pairs(registry, "JSON_SET", "create_if_missing", Edit.SET);
    pairs(registry, "JSON_ARRAY_APPEND", "append_each_element", Edit.APPEND);
    pairs(registry, "JSON_ARRAY_INSERT", "insert_each_element", Edit.INSERT);
    registry
        .add("JSON_REMOVE")
        .takes(of(JSON), of(STRING), of(STRING).repeatedly())
        .returns(JSON)
        .compiled(JsonMutators::remove);
    registry
        .add("JSON_STRIP_NULLS")
        .named("include_arrays", true, BOOL)
        .named("remove_empty", false, BOOL)
        .takes(JSON, BOOL, BOOL)
        .returns(JSON)
        .compiled((call, a) -> stripNulls(a.get(0), null, a.get(1), a.get(2)))
        .takes(JSON, STRING, BOOL, BOOL)
        .returns(JSON)
        .compiled((call, a) -> stripNulls(a.get(0), a.get(1), a.get(2), a.get(3)));
  }

  /** What is done with a value at a path. */
  private enum Edit {
    SET {
      @Override
      JsonNode apply(JsonNode json, JsonPath path, Values values, boolean create) {
        return JsonEdits.set(json, path, values.whole(), create);
      }
    },
    APPEND {
      @Override
      JsonNode apply(JsonNode json, JsonPath path, Values values, boolean each) {
        return JsonEdits.append(json, path, values.list(each));
      }
    },
    INSERT {
      @Override
      JsonNode apply(JsonNode json, JsonPath path, Values values, boolean each) {
        return JsonEdits.insert(json, path, values.list(each));
      }
    };

    abstract JsonNode apply(JsonNode json, JsonPath path, Values values, boolean option);
  }

  /** A value to be put in: as one, or where it is an array, as many. */
  private record Values(@Nullable Object value, Type type) {

    JsonNode whole() {
      return new JsonEncoder(type, false).encode(value);
    }

    List<JsonNode> list(boolean each) {
      if (!each || !(type instanceof ArrayType array)) {
        return List.of(whole());
      }
      List<JsonNode> nodes = new ArrayList<>();
      if (value instanceof List<?> elements) {
        JsonEncoder encoder = new JsonEncoder(array.element(), false);
        elements.forEach(e -> nodes.add(encoder.encode(e)));
      }
      return nodes;
    }

    /** A NULL array has no elements to be put in, not even none. */
    boolean isNothing(boolean each) {
      return each && value == null && type instanceof ArrayType;
    }
  }

  private static void pairs(Registry registry, String name, String option, Edit edit) {
    registry
        .add(name)
        .named(option, true, BOOL)
        .custom(
            name + "(JSON, STRING, ANY, [STRING, ANY, ...], [" + option + " => BOOL])",
            JsonMutators::resolve,
            (call, arguments) -> compile(call, arguments, edit));
  }

  /** JSON, then paths and values by turns, then the option. */
  private static Optional<Signature> resolve(List<Argument> arguments) {
    int count = arguments.size();
    if (count < 4 || count % 2 != 0) {
      return Optional.empty();
    }
    List<Type> types = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Type given = arguments.get(i).type();
      Type wanted = i == 0 ? JSON : i == count - 1 ? BOOL : i % 2 == 1 ? STRING : null;
      if (wanted != null && given != null && !given.equals(wanted)) {
        return Optional.empty();
      }
      types.add(wanted != null ? wanted : arguments.get(i).orDefault());
    }
    return Optional.of(new Signature(types, JSON));
  }

  private static Evaluator compile(Expression.Call call, List<Evaluator> arguments, Edit edit) {
    int last = arguments.size() - 1;
    List<LastUsed<String, JsonPath>> paths = paths(arguments.size());
    return row -> {
      JsonNode json = (JsonNode) arguments.get(0).evaluate(row);
      Boolean option = (Boolean) arguments.get(last).evaluate(row);
      for (int i = 1; i < last && json != null; i += 2) {
        String path = (String) arguments.get(i).evaluate(row);
        Object value = arguments.get(i + 1).evaluate(row);
        if (path == null) {
          continue;
        }
        JsonPath parsed = paths.get(i).get(path);
        Values values = new Values(value, call.arguments().get(i + 1).type());
        if (option != null && !(edit != Edit.SET && values.isNothing(option))) {
          json = edit.apply(json, parsed, values, option);
        }
      }
      return json;
    };
  }

  private static List<LastUsed<String, JsonPath>> paths(int count) {
    List<LastUsed<String, JsonPath>> paths = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      paths.add(new LastUsed<>(JsonEdits::path));
    }
    return paths;
  }

  private static Evaluator remove(Expression.Call call, List<Evaluator> arguments) {
    List<LastUsed<String, JsonPath>> paths = paths(arguments.size());
    return row -> {
      JsonNode json = (JsonNode) arguments.get(0).evaluate(row);
      for (int i = 1; i < arguments.size() && json != null; i++) {
        String path = (String) arguments.get(i).evaluate(row);
        if (path != null) {
          json = JsonEdits.remove(json, paths.get(i).get(path));
        }
      }
      return json;
    };
  }

  private static Evaluator stripNulls(
      Evaluator json, @Nullable Evaluator path, Evaluator arrays, Evaluator empty) {
    LastUsed<String, JsonPath> paths = new LastUsed<>(JsonEdits::path);
    return row -> {
      JsonNode value = (JsonNode) json.evaluate(row);
      String at = path == null ? "$" : (String) path.evaluate(row);
      Object includeArrays = arrays.evaluate(row);
      Object removeEmpty = empty.evaluate(row);
      return value == null || at == null || includeArrays == null || removeEmpty == null
          ? value
          : JsonEdits.stripNulls(
              value, paths.get(at), (Boolean) includeArrays, (Boolean) removeEmpty);
    };
  }
}
