package dev.beamline.project;

import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.project.YamlNode.Entry;
import dev.beamline.project.YamlNode.YamlMap;
import dev.beamline.project.YamlNode.YamlScalar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A mapping whose other keys depend on one of them, such as {@code type}.
 *
 * @param kind with its article, as messages name it
 * @param variants by the value of the tag; each of them knows the tag as a key
 * @param fallback the tag's value where it is absent; null: it is required
 */
record TaggedShape<T>(
    String kind,
    String tag,
    Map<String, ObjectShape<? extends T>> variants,
    @Nullable String fallback)
    implements Shape<T> {

  @Override
  public @Nullable T read(YamlNode node, Reading reading) {
    if (node.isUnknown()) {
      return null;
    }
    if (!(node instanceof YamlMap map)) {
      reading.wrongType(
          node,
          kind + " as a mapping",
          "begin with {" + tag + ": ...}, one of: " + String.join(", ", variants.keySet()));
      return null;
    }
    Entry entry = map.entry(tag);
    if (entry != null && entry.value().isUnknown()) {
      return null;
    }
    String value = fallback;
    if (entry != null) {
      value =
          entry.value() instanceof YamlScalar scalar && scalar.value() instanceof String text
              ? text
              : null;
      if (value == null || !variants.containsKey(value)) {
        reading.error(
            value == null ? DiagnosticCode.WRONG_TYPE : DiagnosticCode.INVALID_VALUE,
            entry.value().place(),
            entry.value().describe() + " is not a " + tag + " of " + kind,
            Hints.of(value == null ? "" : value, variants.keySet()));
        return null;
      }
    }
    ObjectShape<? extends T> variant = value == null ? null : variants.get(value);
    if (variant == null) {
      reading.error(
          DiagnosticCode.MISSING_KEY,
          reading.owner().place(),
          kind + " needs the key \"" + tag + "\"",
          "one of: " + String.join(", ", variants.keySet()));
      return null;
    }
    return variant.read(node, reading);
  }

  @Override
  public Map<String, Object> schema() {
    List<Object> choices = new ArrayList<>();
    variants.forEach(
        (value, variant) -> {
          Map<String, Object> choice = variant.schema();
          choice.put("title", value);
          Map<String, Object> properties = new LinkedHashMap<>();
          if (choice.get("properties") instanceof Map<?, ?> known) {
            known.forEach((name, schema) -> properties.put(String.valueOf(name), schema));
          }
          Map<String, Object> constant = new LinkedHashMap<>();
          constant.put("const", value);
          constant.put("description", variant.description());
          properties.put(tag, constant);
          choice.put("properties", properties);
          if (!value.equals(fallback)) {
            List<Object> required = new ArrayList<>(List.of(tag));
            if (choice.get("required") instanceof List<?> others) {
              required.addAll(others);
            }
            choice.put("required", required);
          }
          choices.add(choice);
        });
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "object");
    schema.put("oneOf", choices);
    return schema;
  }
}
