package dev.beamline.execution.row;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes the key columns out of rows, in the form of {@link Keys}. For any number of threads. */
public final class KeyExtractor {

  private final int[] columns;
  private final boolean normalize;

  private KeyExtractor(int[] columns, boolean normalize) {
    this.columns = columns;
    this.normalize = normalize;
  }

  /** The columns of rows of that schema, by index. */
  public static KeyExtractor of(List<Integer> columns, Schema schema) {
    return new KeyExtractor(
        columns.stream().mapToInt(Integer::intValue).toArray(),
        columns.stream().anyMatch(c -> Keys.needsNormalizing(schema.type(c))));
  }

  /** The key by which rows are grouped: NULL is a value like others. */
  public Tuple group(Tuple row) {
    @Nullable Object[] key = new @Nullable Object[columns.length];
    for (int i = 0; i < key.length; i++) {
      Object value = row.get(columns[i]);
      key[i] = normalize ? Keys.normalize(value) : value;
    }
    return Tuple.of(key);
  }

  /** The key by which rows are joined; null where it equals no other: with a NULL or NaN in it. */
  public @Nullable Tuple join(Tuple row) {
    Tuple key = group(row);
    return joinable(key) ? key : null;
  }

  private static boolean joinable(@Nullable Object value) {
    if (value == null) {
      return false;
    }
    if (value instanceof Double number) {
      return !number.isNaN();
    }
    if (value instanceof Tuple tuple) {
      for (Object part : tuple.values()) {
        if (!joinable(part)) {
          return false;
        }
      }
    }
    return true;
  }
}
