package dev.beamline.project;

import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.project.YamlNode.Entry;
import dev.beamline.project.YamlNode.YamlList;
import dev.beamline.project.YamlNode.YamlMap;
import dev.beamline.project.YamlNode.YamlScalar;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The shapes of simple values. */
final class Shapes {

  private static final String VARIABLE = "\\$\\{";

  private Shapes() {}

  /** A value with its schema; reading is the function. */
  private record Simple<T>(
      Reader<T> reader, java.util.function.Supplier<Map<String, Object>> describe)
      implements Shape<T> {
    @Override
    public @Nullable T read(YamlNode node, Reading reading) {
      return node.isUnknown() ? null : reader.read(node, reading);
    }

    @Override
    public Map<String, Object> schema() {
      return describe.get();
    }
  }

  /** Reads a node. */
  interface Reader<T> {
    @Nullable T read(YamlNode node, Reading reading);
  }

  private static Map<String, Object> schemaOf(String key, Object value) {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put(key, value);
    return schema;
  }

  /** What the type is, or a variable that will be it. */
  private static Map<String, Object> orVariable(Map<String, Object> schema) {
    Map<String, Object> variable = schemaOf("type", "string");
    variable.put("pattern", VARIABLE);
    return schemaOf("anyOf", List.of(schema, variable));
  }

  /** Text that is not empty. */
  static Shape<String> text() {
    return map(locatedText(), Located::value);
  }

  /** Text that is not empty, with its place; where a variable in it has no value, as written. */
  static Shape<Located<String>> locatedText() {
    return textThat((text, reading) -> true);
  }

  /** Text that a rule admits, which reports what it does not. */
  private static Shape<Located<String>> textThat(BiPredicate<Located<String>, Reading> rule) {
    return new Shape<>() {
      @Override
      public @Nullable Located<String> read(YamlNode node, Reading reading) {
        Located<String> text = readText(node, reading);
        // The rest of the project can be checked while a variable is unset.
        return text != null && (node.isUnknown() || rule.test(text, reading)) ? text : null;
      }

      @Override
      public Map<String, Object> schema() {
        return schemaOf("type", "string");
      }
    };
  }

  private static @Nullable Located<String> readText(YamlNode node, Reading reading) {
    if (!(node instanceof YamlScalar scalar) || !(scalar.value() instanceof String text)) {
      reading.wrongType(
          node,
          "text",
          node instanceof YamlScalar scalar && !scalar.isNull()
              ? "quote it: \"" + scalar.text() + "\""
              : null);
      return null;
    }
    if (isSecret(text, node, reading)) {
      return null;
    }
    if (text.isBlank()) {
      reading.error(
          DiagnosticCode.INVALID_VALUE,
          node.place(),
          "\"" + reading.owner().value() + "\" must not be empty",
          null);
      return null;
    }
    return new Located<>(text, node.place());
  }

  /** Whether there is a reference to a secret where nobody looks for one, which is reported. */
  private static boolean isSecret(String text, YamlNode node, Reading reading) {
    if (!SecretReference.isIn(text)) {
      return false;
    }
    reading.error(
        DiagnosticCode.INVALID_VALUE,
        node.place(),
        "\"" + reading.owner().value() + "\" cannot hold a secret of Secret Manager",
        "allowed in: username, password, consumer_config, producer_config; elsewhere use ${NAME} or"
            + " ${file:PATH}");
    return true;
  }

  /** Text of any length: a description, a delimiter. */
  static Shape<String> anyText() {
    return new Simple<>(
        (node, reading) -> {
          if (node instanceof YamlScalar scalar && scalar.value() instanceof String text) {
            return text;
          }
          reading.wrongType(node, "text", null);
          return null;
        },
        () -> schemaOf("type", "string"));
  }

  /** Any scalar, as its text: options of other systems. */
  static Shape<String> option() {
    return new Simple<>(
        (node, reading) -> {
          if (node instanceof YamlScalar scalar && !scalar.isNull()) {
            return scalar.text();
          }
          reading.wrongType(node, "a text, number or boolean", null);
          return null;
        },
        () -> schemaOf("type", List.of("string", "number", "boolean")));
  }

  /** An option that may also be a list, whose items are joined by commas, or a mapping, as JSON. */
  static Shape<String> pipelineOption() {
    return new Simple<>(
        (node, reading) -> {
          if (node instanceof YamlScalar scalar && !scalar.isNull()) {
            return isSecret(scalar.text(), node, reading) ? null : scalar.text();
          }
          if (node instanceof YamlList list
              && list.items().stream().allMatch(YamlScalar.class::isInstance)) {
            return String.join(
                ",", list.items().stream().map(item -> ((YamlScalar) item).text()).toList());
          }
          reading.wrongType(node, "a text, number, boolean or a list of them", null);
          return null;
        },
        () -> schemaOf("type", List.of("string", "number", "boolean", "array")));
  }

  static Shape<Boolean> bool() {
    return new Simple<>(
        (node, reading) -> {
          if (node instanceof YamlScalar scalar && scalar.value() instanceof Boolean value) {
            return value;
          }
          reading.wrongType(node, "true or false", null);
          return null;
        },
        () -> orVariable(schemaOf("type", "boolean")));
  }

  /** A whole number from least to most. */
  static Shape<Integer> integer(int least, int most) {
    return map(locatedLong(least, most), located -> located.value().intValue());
  }

  /** A whole number from least to most. */
  static Shape<Located<Long>> locatedLong(long least, long most) {
    return new Simple<>(
        (node, reading) -> {
          if (!(node instanceof YamlScalar scalar) || !(scalar.value() instanceof Long value)) {
            reading.wrongType(node, "a whole number", null);
            return null;
          }
          if (value < least || value > most) {
            reading.error(
                DiagnosticCode.INVALID_VALUE,
                node.place(),
                value + " is out of range for \"" + reading.owner().value() + "\"",
                least == most ? "allowed: " + least : "allowed: " + least + " to " + most);
            return null;
          }
          return new Located<>(value, node.place());
        },
        () -> {
          Map<String, Object> schema = schemaOf("type", "integer");
          schema.put("minimum", least);
          if (most < Integer.MAX_VALUE) {
            schema.put("maximum", most);
          }
          return orVariable(schema);
        });
  }

  /** A length of time, zero or more. */
  static Shape<Duration> duration() {
    return duration(false);
  }

  /** A length of time, more than zero. */
  static Shape<Duration> positiveDuration() {
    return duration(true);
  }

  private static Shape<Duration> duration(boolean positive) {
    return new Simple<>(
        (node, reading) -> {
          if (!(node instanceof YamlScalar scalar)) {
            reading.wrongType(node, "a duration", Durations.ALLOWED);
            return null;
          }
          Durations.Result result = Durations.parse(scalar.text());
          Duration duration = result.duration();
          if (duration == null) {
            reading.error(
                DiagnosticCode.INVALID_DURATION,
                node.place(),
                scalar.describe() + " is not a duration",
                result.hint());
            return null;
          }
          if (positive && duration.isZero()) {
            reading.error(
                DiagnosticCode.INVALID_DURATION,
                node.place(),
                "\"" + reading.owner().value() + "\" must be more than zero",
                null);
            return null;
          }
          return duration;
        },
        () -> {
          Map<String, Object> schema = schemaOf("type", "string");
          schema.put("pattern", "^([0-9]+(ms|s|m|h|d)|\\$\\{.*)$");
          schema.put("examples", List.of("10s", "5m", "1h", "1d"));
          return schema;
        });
  }

  /** One of the constants, in lower case. */
  static <E extends Enum<E>> Shape<E> oneOf(Class<E> type) {
    Map<String, E> values = new LinkedHashMap<>();
    for (E constant : type.getEnumConstants()) {
      values.put(constant.name().toLowerCase(Locale.ROOT), constant);
    }
    return oneOf(values);
  }

  /** One of the names. */
  static <E> Shape<E> oneOf(Map<String, E> values) {
    return new Simple<>(
        (node, reading) -> {
          if (!(node instanceof YamlScalar scalar)) {
            reading.wrongType(node, "one of " + String.join(", ", values.keySet()), null);
            return null;
          }
          E value = values.get(scalar.text());
          if (value == null) {
            reading.error(
                DiagnosticCode.INVALID_VALUE,
                node.place(),
                scalar.describe() + " is not allowed for \"" + reading.owner().value() + "\"",
                Hints.of(scalar.text(), values.keySet()));
          }
          return value;
        },
        () -> orVariable(schemaOf("enum", List.copyOf(values.keySet()))));
  }

  /** A list of items, which may be written as one item alone. */
  static <T> Shape<List<T>> listOf(Shape<T> item) {
    return new Simple<>(
        (node, reading) -> {
          Collection<YamlNode> items = node instanceof YamlList list ? list.items() : List.of(node);
          List<T> values = new ArrayList<>();
          boolean complete = true;
          for (YamlNode one : items) {
            T value = item.read(one, reading);
            if (value == null) {
              complete = false;
            } else {
              values.add(value);
            }
          }
          return complete ? values : null;
        },
        () -> {
          Map<String, Object> list = schemaOf("type", "array");
          list.put("items", item.schema());
          return schemaOf("anyOf", List.of(list, item.schema()));
        });
  }

  /** As {@link #listOf}, and at least one. */
  static <T> Shape<List<T>> someOf(Shape<T> item) {
    Shape<List<T>> list = listOf(item);
    return new Simple<>(
        (node, reading) -> {
          if (node instanceof YamlList empty && empty.items().isEmpty()) {
            reading.error(
                DiagnosticCode.INVALID_VALUE,
                node.place(),
                "the list is empty",
                "name at least one");
            return null;
          }
          return list.read(node, reading);
        },
        () -> {
          Map<String, Object> some = schemaOf("type", "array");
          some.put("minItems", 1);
          some.put("items", item.schema());
          return schemaOf("anyOf", List.of(some, item.schema()));
        });
  }

  /** A list of items. */
  static <T> Shape<List<T>> strictListOf(String items, Shape<T> item) {
    return new Simple<>(
        (node, reading) -> {
          if (!(node instanceof YamlList list)) {
            reading.wrongType(node, "a list of " + items, "begin each with \"- \"");
            return null;
          }
          List<T> values = new ArrayList<>();
          for (YamlNode one : list.items()) {
            T value =
                item.read(one, reading.under(new Located<>(reading.owner().value(), one.place())));
            if (value != null) {
              values.add(value);
            }
          }
          return values;
        },
        () -> {
          Map<String, Object> list = schemaOf("type", "array");
          list.put("items", item.schema());
          return list;
        });
  }

  /** A mapping of names to options of another system. */
  static Shape<Map<String, String>> options(Shape<String> value) {
    return map(
        new NamedShape<>("option", NamedShape.NameRule.ANY, value), NamedShape.Named::values);
  }

  /** Columns that are read from or written to attributes: a list of equal names, or a mapping. */
  static Shape<Map<String, String>> attributes() {
    return new Simple<>(
        (node, reading) -> {
          Map<String, String> attributes = new LinkedHashMap<>();
          if (node instanceof YamlMap map) {
            for (Entry entry : map.entries()) {
              Located<String> attribute = readText(entry.value(), reading.under(entry.key()));
              if (attribute == null) {
                return null;
              }
              attributes.put(entry.key().text(), attribute.value());
            }
            return attributes;
          }
          List<Located<String>> names = listOf(locatedText()).read(node, reading);
          if (names == null) {
            return null;
          }
          names.forEach(name -> attributes.put(name.value(), name.value()));
          return attributes;
        },
        () -> {
          Map<String, Object> list = schemaOf("type", "array");
          list.put("items", schemaOf("type", "string"));
          Map<String, Object> map = schemaOf("type", "object");
          map.put("additionalProperties", schemaOf("type", "string"));
          return schemaOf("anyOf", List.of(list, map));
        });
  }

  /** A path inside the project, or of another system. */
  static Shape<Located<String>> path() {
    return textThat((path, reading) -> reading.folder().admits(path, reading));
  }

  /** Text of a form. */
  static Shape<Located<String>> matching(Pattern pattern, String what, String allowed) {
    return textThat(
        (text, reading) ->
            matches(
                text, pattern, DiagnosticCode.INVALID_VALUE, "is not " + what, allowed, reading));
  }

  /** The name of a table. */
  static Shape<Located<String>> table() {
    NamedShape.NameRule rule = NamedShape.NameRule.TABLE;
    return textThat(
        (text, reading) ->
            matches(
                text,
                rule.pattern(),
                DiagnosticCode.INVALID_NAME,
                "cannot be the name of a table",
                "allowed: " + rule.allowed(),
                reading));
  }

  private static boolean matches(
      Located<String> text,
      Pattern pattern,
      DiagnosticCode code,
      String wrong,
      String hint,
      Reading reading) {
    if (pattern.matcher(text.value()).matches()) {
      return true;
    }
    reading.error(code, text.place(), "\"" + text.value() + "\" " + wrong, hint);
    return false;
  }

  /** The node itself, to be read when it is merged with its defaults; described as the shape. */
  static Shape<YamlNode> deferred(Shape<?> shape) {
    return new Simple<>((node, reading) -> node, shape::schema);
  }

  /** Any value, as a node. */
  static Shape<YamlNode> anything() {
    return new Simple<>((node, reading) -> node, LinkedHashMap::new);
  }

  static <T> Shape<T> custom(Reader<T> reader, Function<Shape<T>, Map<String, Object>> schema) {
    return new Shape<>() {
      @Override
      public @Nullable T read(YamlNode node, Reading reading) {
        return node.isUnknown() ? null : reader.read(node, reading);
      }

      @Override
      public Map<String, Object> schema() {
        return schema.apply(this);
      }
    };
  }

  static <A, B> Shape<B> map(Shape<A> shape, Function<A, B> change) {
    return new Simple<>(
        (node, reading) -> {
          A value = shape.read(node, reading);
          return value == null ? null : change.apply(value);
        },
        shape::schema);
  }
}
