package dev.beamline.testing;

import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import dev.beamline.io.format.ValueText;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Writes rows as tests have them: {@code {team: blue, total: 3}}. */
final class RowYaml {

  private static final Pattern PLAIN =
      Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*( [A-Za-z0-9_.-]+)*");
  private static final Set<String> RESERVED =
      Set.of("true", "false", "null", "yes", "no", "on", "off", "y", "n");

  private RowYaml() {}

  static String row(Schema schema, Tuple row, Collection<Integer> columns) {
    return columns.stream()
        .map(
            column -> key(schema.name(column)) + ": " + value(schema.type(column), row.get(column)))
        .collect(Collectors.joining(", ", "{", "}"));
  }

  /** All columns that have a value. */
  static String whole(Schema schema, Tuple row) {
    return row(
        schema,
        row,
        IntStream.range(0, schema.size()).filter(i -> row.get(i) != null).boxed().toList());
  }

  private static String key(String name) {
    return plain(name) ? name : quoted(name);
  }

  private static String value(Type type, @Nullable Object value) {
    if (type == ScalarType.STRING && value instanceof String text && plain(text)) {
      return text;
    }
    return ValueText.json(type, value, ValueText.Numbers.EXACT);
  }

  private static boolean plain(String text) {
    return PLAIN.matcher(text).matches() && !RESERVED.contains(text.toLowerCase(Locale.ROOT));
  }

  private static String quoted(String text) {
    return ValueText.json(ScalarType.STRING, text, ValueText.Numbers.EXACT);
  }

  /** What a new expectation of a row names: the query's columns and when the pane came. */
  static List<Integer> usualColumns(Schema schema) {
    return IntStream.range(0, schema.size())
        .filter(i -> !schema.name(i).equals("pane_index") && !schema.name(i).equals("is_final"))
        .boxed()
        .toList();
  }
}
