package dev.beamline.project;

import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.project.NamedShape.NameRule;
import dev.beamline.project.YamlNode.YamlMap;
import dev.beamline.project.YamlNode.YamlScalar;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code parameters}: the values of {@code @name} in SQL. */
final class ParameterShapes {

  private ParameterShapes() {}

  private static final Key<Located<String>> TYPE =
      Key.required("type", Shapes.locatedText(), "The type, as in BigQuery.");
  private static final Key<YamlNode> VALUE =
      Key.required("value", Shapes.anything(), "The value; null is SQL's NULL.");
  private static final ObjectShape<ParameterValue> TYPED =
      new ObjectShape<>(
          "a typed parameter",
          "A value whose type does not follow from how it is written.",
          List.of(TYPE, VALUE),
          f -> {
            YamlNode value = f.need(VALUE);
            return new ParameterValue(
                f.owner().value(), f.need(TYPE), value.value(), value.place());
          });

  private static final Shape<ParameterValue> PARAMETER =
      Shapes.custom(
          ParameterShapes::parameter,
          self -> {
            Map<String, Object> plain = new LinkedHashMap<>();
            plain.put("type", List.of("string", "number", "boolean", "array"));
            Map<String, Object> schema = new LinkedHashMap<>();
            schema.put("anyOf", List.of(plain, TYPED.schema()));
            return schema;
          });

  static final Shape<Map<String, ParameterValue>> PARAMETERS =
      Shapes.map(
          new NamedShape<>("parameter", NameRule.TABLE, PARAMETER), ParameterShapes::lowerCase);

  private static @Nullable ParameterValue parameter(YamlNode node, Reading reading) {
    if (node instanceof YamlMap) {
      return TYPED.read(node, reading);
    }
    if (node instanceof YamlScalar scalar && scalar.isNull()) {
      reading.error(
          DiagnosticCode.WRONG_TYPE,
          reading.owner().place(),
          "the parameter \"" + reading.owner().value() + "\" has no value",
          "for NULL write {type: ..., value: null}");
      return null;
    }
    return new ParameterValue(reading.owner().value(), null, node.value(), node.place());
  }

  private static Map<String, ParameterValue> lowerCase(NamedShape.Named<ParameterValue> named) {
    Map<String, ParameterValue> values = new LinkedHashMap<>();
    named.values().forEach((name, value) -> values.put(name.toLowerCase(Locale.ROOT), value));
    return values;
  }
}
