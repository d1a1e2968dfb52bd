package dev.beamline.catalog;

import java.io.Serializable;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A row, or the value of a STRUCT. What each place holds is said by a {@link Schema} that travels
 * with the plan, never with the row. The array is not copied, for speed: nobody changes it once the
 * tuple is made.
 */
public final class Tuple implements Serializable {

  private static final long serialVersionUID = 1L;

  private final @Nullable Object[] values;

  private Tuple(@Nullable Object[] values) {
    this.values = values;
  }

  /** Wraps the array, which the caller gives away. */
  public static Tuple of(@Nullable Object... values) {
    return new Tuple(values);
  }

  public @Nullable Object get(int index) {
    return values[index];
  }

  public int size() {
    return values.length;
  }

  /** A tuple of the same values, whatever becomes of this one's array. */
  public Tuple copy() {
    return new Tuple(values.clone());
  }

  /** The values themselves, to be read only. */
  public @Nullable Object[] values() {
    return values;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Tuple that && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return Arrays.toString(values);
  }
}
