package dev.beamline.report.lsp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds in a JSON Schema what may stand at a path of keys. */
final class SchemaWalk {

  private final Map<?, ?> root;

  SchemaWalk(Map<String, Object> root) {
    this.root = root;
  }

  /** All schemas that a value at the path may follow. */
  List<Map<?, ?>> at(List<String> path) {
    List<Map<?, ?>> found = alternatives(root);
    for (String key : path) {
      List<Map<?, ?>> next = new ArrayList<>();
      for (Map<?, ?> schema : found) {
        Object property =
            schema.get("properties") instanceof Map<?, ?> known ? known.get(key) : null;
        Object any = schema.get("additionalProperties");
        if (property instanceof Map<?, ?> own) {
          next.addAll(alternatives(own));
        } else if (any instanceof Map<?, ?> other) {
          next.addAll(alternatives(other));
        }
      }
      found = next;
    }
    return found;
  }

  /** The keys of a mapping at the path, with what they mean. */
  Map<String, String> keys(List<String> path) {
    Map<String, String> keys = new LinkedHashMap<>();
    for (Map<?, ?> schema : at(path)) {
      if (schema.get("properties") instanceof Map<?, ?> properties) {
        properties.forEach(
            (name, value) -> keys.putIfAbsent(String.valueOf(name), description(value)));
      }
    }
    return keys;
  }

  /** The values that are allowed at the path, or examples of them. */
  Set<String> values(List<String> path) {
    Set<String> values = new LinkedHashSet<>();
    for (Map<?, ?> schema : at(path)) {
      for (String list : new String[] {"enum", "examples"}) {
        if (schema.get(list) instanceof List<?> all) {
          all.forEach(value -> values.add(String.valueOf(value)));
        }
      }
      if (schema.containsKey("const")) {
        values.add(String.valueOf(schema.get("const")));
      }
      if ("boolean".equals(schema.get("type"))) {
        values.add("true");
        values.add("false");
      }
    }
    return values;
  }

  /** What the value at the path means; null: nobody says. */
  @Nullable String description(List<String> path) {
    if (path.isEmpty()) {
      return null;
    }
    String known = keys(path.subList(0, path.size() - 1)).get(path.get(path.size() - 1));
    if (known != null && !known.isEmpty()) {
      return known;
    }
    return at(path).stream()
        .map(SchemaWalk::description)
        .filter(text -> !text.isEmpty())
        .findFirst()
        .orElse(null);
  }

  private static String description(@Nullable Object schema) {
    return schema instanceof Map<?, ?> map && map.get("description") instanceof String text
        ? text
        : "";
  }

  /** The schema and all that it says a value may be, lists' items among them. */
  private static List<Map<?, ?>> alternatives(Map<?, ?> schema) {
    List<Map<?, ?>> all = new ArrayList<>();
    all.add(schema);
    for (String word : new String[] {"anyOf", "oneOf", "allOf"}) {
      if (schema.get(word) instanceof List<?> list) {
        for (Object one : list) {
          if (one instanceof Map<?, ?> map) {
            all.addAll(alternatives(map));
          }
        }
      }
    }
    if (schema.get("items") instanceof Map<?, ?> items) {
      all.addAll(alternatives(items));
    }
    return all;
  }
}
