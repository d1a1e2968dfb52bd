package dev.beamline.project;

import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.project.YamlNode.Entry;
import dev.beamline.project.YamlNode.YamlMap;
import dev.beamline.project.YamlNode.YamlScalar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A mapping with known keys. It is built where all required keys are there and right; an optional
 * key that is wrong counts as absent once it is reported.
 *
 * @param <T> what it becomes
 */
final class ObjectShape<T> implements Shape<T> {

  private final String kind;
  private final String description;
  private final List<Key<?>> keys;
  private final Function<Fields, @Nullable T> build;

  /**
   * @param kind with its article, as messages name it: {@code a source}
   */
  ObjectShape(
      String kind, String description, List<Key<?>> keys, Function<Fields, @Nullable T> build) {
    this.kind = kind;
    this.description = description;
    this.keys = List.copyOf(keys);
    this.build = build;
  }

  /** The lists as one. */
  static List<Key<?>> keys(List<Key<?>> some, Key<?>... others) {
    List<Key<?>> all = new ArrayList<>(some);
    all.addAll(List.of(others));
    return all;
  }

  String description() {
    return description;
  }

  @Override
  public @Nullable T read(YamlNode node, Reading reading) {
    if (node.isUnknown()) {
      return null;
    }
    if (!(node instanceof YamlMap map)) {
      reading.wrongType(node, kind + " as a mapping", "keys: " + String.join(", ", names()));
      return null;
    }
    Fields fields = new Fields(map, reading);
    boolean complete = true;
    for (Key<?> key : keys) {
      Entry entry = map.entry(key.name());
      boolean absent =
          entry == null || (!key.required() && entry.value() instanceof YamlScalar s && s.isNull());
      if (!absent && entry != null) {
        fields.read(key, entry);
      } else if (key.required()) {
        reading.error(
            DiagnosticCode.MISSING_KEY,
            reading.owner().place(),
            kind + " needs the key \"" + key.name() + "\"",
            key.description());
      }
      complete &= !key.required() || fields.get(key) != null;
    }
    for (Entry entry : map.entries()) {
      if (!names().contains(entry.key().text())) {
        reading.error(
            DiagnosticCode.UNKNOWN_KEY,
            entry.key().place(),
            "\"" + entry.key().text() + "\" is not a key of " + kind,
            Hints.of(entry.key().text(), names()));
      }
    }
    return complete ? build.apply(fields) : null;
  }

  private List<String> names() {
    return keys.stream().map(Key::name).toList();
  }

  @Override
  public Map<String, Object> schema() {
    Map<String, Object> properties = new LinkedHashMap<>();
    for (Key<?> key : keys) {
      Map<String, Object> schema = key.shape().schema();
      schema.put("description", key.description());
      properties.put(key.name(), schema);
    }
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "object");
    schema.put("description", description);
    schema.put("properties", properties);
    List<String> required = keys.stream().filter(Key::required).map(Key::name).toList();
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    schema.put("additionalProperties", false);
    return schema;
  }
}
