package dev.beamline.project;

import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.project.YamlNode.Entry;
import dev.beamline.project.YamlNode.YamlMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A mapping of names that the user chooses to values of one shape.
 *
 * @param kind as messages name it, without an article: {@code source}
 * @param rule what a name must match
 */
record NamedShape<V>(String kind, NameRule rule, Shape<V> shape)
    implements Shape<NamedShape.Named<V>> {

  /** What names may be. */
  record NameRule(Pattern pattern, String allowed) {
    /** A table of BigQuery that needs no quotes. */
    static final NameRule TABLE =
        new NameRule(
            Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,299}"),
            "letters, digits and _, beginning with a letter or _");

    /** Pipelines and targets, which also name jobs. */
    static final NameRule JOB =
        new NameRule(
            Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,99}"),
            "letters, digits, - and _, beginning with a letter");

    /** Anything that is not empty. */
    static final NameRule ANY = new NameRule(Pattern.compile("(?s).+"), "any text");
  }

  /**
   * What was read.
   *
   * @param values those that are right, in the order of the file
   * @param keys all names, with their places
   * @param broken names whose value, or whose name itself, is wrong
   */
  record Named<V>(Map<String, V> values, Map<String, Located<String>> keys, Set<String> broken) {
    static <V> Named<V> none() {
      return new Named<>(Map.of(), Map.of(), Set.of());
    }
  }

  @Override
  public @Nullable Named<V> read(YamlNode node, Reading reading) {
    if (node.isUnknown()) {
      return null;
    }
    if (!(node instanceof YamlMap map)) {
      reading.wrongType(
          node, "a mapping of " + kind + " names", "write each as NAME: ... on a line of its own");
      return null;
    }
    Map<String, V> values = new LinkedHashMap<>();
    Map<String, Located<String>> keys = new LinkedHashMap<>();
    Set<String> broken = new LinkedHashSet<>();
    for (Entry entry : map.entries()) {
      String name = entry.key().text();
      keys.put(name, new Located<>(name, entry.key().place()));
      boolean valid = rule.pattern().matcher(name).matches();
      if (!valid) {
        reading.error(
            DiagnosticCode.INVALID_NAME,
            entry.key().place(),
            "\"" + name + "\" cannot be the name of a " + kind,
            "allowed: " + rule.allowed());
      }
      V value = shape.read(entry.value(), reading.under(entry.key()));
      if (value == null || !valid) {
        broken.add(name);
      } else {
        values.put(name, value);
      }
    }
    return new Named<>(values, keys, broken);
  }

  @Override
  public Map<String, Object> schema() {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "object");
    if (!rule.equals(NameRule.ANY)) {
      Map<String, Object> names = new LinkedHashMap<>();
      names.put("pattern", "^" + rule.pattern().pattern() + "$");
      schema.put("propertyNames", names);
    }
    schema.put("additionalProperties", shape.schema());
    return schema;
  }
}
