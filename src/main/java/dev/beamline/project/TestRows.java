package dev.beamline.project;

import dev.beamline.diagnostic.Place;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows of a test. */
public sealed interface TestRows {

  /** The whole value in YAML. */
  Place place();

  /** Written in YAML. */
  record Inline(List<Row> rows, Place place) implements TestRows {
    public Inline {
      rows = List.copyOf(rows);
    }
  }

  /** Written as CSV with a header, in YAML; the place is the text's. */
  record Csv(String text, Place place) implements TestRows {}

  /** In a file, relative to the project; its ending says how. */
  record File(Located<String> path, Place place) implements TestRows {}

  /** A row: column names as written, to values. */
  record Row(Map<String, Value> values, Place place) {
    public Row {
      values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }
  }

  /**
   * A value.
   *
   * @param value in the form that {@link YamlNode#value()} gives
   * @param key place of the column's name
   */
  record Value(@Nullable Object value, Place place, Place key) {}
}
