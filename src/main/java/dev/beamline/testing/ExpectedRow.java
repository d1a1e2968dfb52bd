package dev.beamline.testing;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.diagnostic.Place;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A row that a test expects.
 *
 * @param values by column of the result; columns that are not there are not compared
 * @param place where it stands
 */
public record ExpectedRow(Map<Integer, @Nullable Object> values, Place place) {

  public ExpectedRow {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  boolean matches(Schema schema, Tuple row) {
    return equalColumns(schema, row) == values.size();
  }

  /** How many columns are as expected. */
  int equalColumns(Schema schema, Tuple row) {
    int equal = 0;
    for (Map.Entry<Integer, @Nullable Object> value : values.entrySet()) {
      if (SameValues.same(schema.type(value.getKey()), value.getValue(), row.get(value.getKey()))) {
        equal++;
      }
    }
    return equal;
  }
}
