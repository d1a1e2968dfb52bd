package dev.beamline.testing;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.diagnostic.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What two bags of rows do not share.
 *
 * @param missing of the first, not in the second
 * @param added of the second, not in the first
 */
record Comparison(List<Tuple> missing, List<Tuple> added) {

  Comparison {
    missing = List.copyOf(missing);
    added = List.copyOf(added);
  }

  boolean same() {
    return missing.isEmpty() && added.isEmpty();
  }

  static Comparison of(Schema schema, List<Tuple> first, List<Tuple> second) {
    Map<Tuple, Integer> counts = new HashMap<>();
    second.forEach(row -> counts.merge(row, 1, Integer::sum));
    List<Tuple> missing = new ArrayList<>();
    for (Tuple row : first) {
      Integer count = counts.get(row);
      if (count == null || count == 0) {
        missing.add(row);
      } else {
        counts.put(row, count - 1);
      }
    }
    List<Tuple> added = new ArrayList<>();
    for (Tuple row : second) {
      Integer count = counts.get(row);
      if (count != null && count > 0) {
        added.add(row);
        counts.put(row, count - 1);
      }
    }
    if (missing.isEmpty() || added.isEmpty() || missing.size() > 1000) {
      return new Comparison(missing, added);
    }
    // FLOAT64 need not be equal to the last digit.
    RowMatching close =
        RowMatching.of(schema, missing.stream().map(row -> whole(schema, row)).toList(), added);
    return new Comparison(
        close.missing().stream().map(missing::get).toList(),
        close.unexpected().stream().map(added::get).toList());
  }

  static ExpectedRow whole(Schema schema, Tuple row) {
    Map<Integer, @Nullable Object> values = new LinkedHashMap<>();
    for (int i = 0; i < schema.size(); i++) {
      values.put(i, row.get(i));
    }
    return new ExpectedRow(values, Place.ofFile(""));
  }
}
