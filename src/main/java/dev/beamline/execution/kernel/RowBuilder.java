package dev.beamline.execution.kernel;

import dev.beamline.catalog.Tuple;
import org.jspecify.annotations.Nullable;

/** Puts rows together. */
public final class RowBuilder {

  private RowBuilder() {}

  /** The left's values, then the right's. */
  public static Tuple concat(Tuple left, Tuple right) {
    @Nullable Object[] values = new @Nullable Object[left.size() + right.size()];
    System.arraycopy(left.values(), 0, values, 0, left.size());
    System.arraycopy(right.values(), 0, values, left.size(), right.size());
    return Tuple.of(values);
  }

  /** The row with one more value. */
  public static Tuple append(Tuple row, @Nullable Object value) {
    @Nullable Object[] values = new @Nullable Object[row.size() + 1];
    System.arraycopy(row.values(), 0, values, 0, row.size());
    values[row.size()] = value;
    return Tuple.of(values);
  }

  /** The row with two more values. */
  public static Tuple append(Tuple row, @Nullable Object first, @Nullable Object second) {
    @Nullable Object[] values = new @Nullable Object[row.size() + 2];
    System.arraycopy(row.values(), 0, values, 0, row.size());
    values[row.size()] = first;
    values[row.size() + 1] = second;
    return Tuple.of(values);
  }

  /** That many NULLs. */
  public static Tuple nulls(int count) {
    return Tuple.of(new @Nullable Object[count]);
  }
}
