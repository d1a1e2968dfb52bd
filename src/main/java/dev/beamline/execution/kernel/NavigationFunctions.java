package dev.beamline.execution.kernel;

import dev.beamline.execution.expression.EvaluationException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** LAG, LEAD, FIRST_VALUE, LAST_VALUE and NTH_VALUE over a sorted partition. */
final class NavigationFunctions {

  private NavigationFunctions() {}

  /**
   * LAG and LEAD.
   *
   * @param offset not negative
   * @param defaults each row's value where there is no such row
   */
  static @Nullable Object[] shifted(
      @Nullable Object[] values,
      @Nullable Object offset,
      boolean lead,
      @Nullable Object[] defaults,
      boolean ignoreNulls) {
    if (!(offset instanceof Long distance) || distance < 0) {
      throw new EvaluationException(
          "The offset of " + (lead ? "LEAD" : "LAG") + " must not be NULL or negative");
    }
    int n = values.length;
    @Nullable Object[] result = new @Nullable Object[n];
    int[] present = ignoreNulls ? present(values) : new int[0];
    for (int i = 0; i < n; i++) {
      long at;
      if (!ignoreNulls || distance == 0) {
        at = distance > n ? -1 : lead ? i + distance : i - distance;
      } else {
        int before = lowerBound(present, i);
        long position =
            lead
                ? (before < present.length && present[before] == i ? before : before - 1) + distance
                : before - distance;
        at = position >= 0 && position < present.length ? present[(int) position] : -1;
      }
      result[i] = at >= 0 && at < n ? values[(int) at] : defaults[i];
    }
    return result;
  }

  /** FIRST_VALUE, or LAST_VALUE, of each frame; NULL of an empty one. */
  static @Nullable Object[] edge(
      @Nullable Object[] values, Frames frames, boolean last, boolean ignoreNulls) {
    int n = values.length;
    @Nullable Object[] result = new @Nullable Object[n];
    int[] present = ignoreNulls ? present(values) : new int[0];
    for (int i = 0; i < n; i++) {
      int start = frames.start()[i];
      int end = frames.end()[i];
      if (start >= end) {
        continue;
      }
      if (!ignoreNulls) {
        result[i] = values[last ? end - 1 : start];
        continue;
      }
      int position = last ? lowerBound(present, end) - 1 : lowerBound(present, start);
      if (position >= 0 && position < present.length) {
        int at = present[position];
        result[i] = at >= start && at < end ? values[at] : null;
      }
    }
    return result;
  }

  /** NTH_VALUE of each frame; NULL where it has fewer rows. */
  static @Nullable Object[] nth(
      @Nullable Object[] values, Frames frames, @Nullable Object number, boolean ignoreNulls) {
    if (!(number instanceof Long nth) || nth <= 0) {
      throw new EvaluationException("The N value of NTH_VALUE must be positive");
    }
    int n = values.length;
    @Nullable Object[] result = new @Nullable Object[n];
    int[] present = ignoreNulls ? present(values) : new int[0];
    for (int i = 0; i < n; i++) {
      int start = frames.start()[i];
      int end = frames.end()[i];
      long at;
      if (ignoreNulls) {
        int first = lowerBound(present, start);
        at = nth > present.length - first ? n : present[(int) (first + nth - 1)];
      } else {
        at = nth > n ? n : start + nth - 1;
      }
      result[i] = at < end ? values[(int) at] : null;
    }
    return result;
  }

  /** The places of values that are not NULL. */
  private static int[] present(@Nullable Object[] values) {
    int[] places = new int[values.length];
    int count = 0;
    for (int i = 0; i < values.length; i++) {
      if (values[i] != null) {
        places[count++] = i;
      }
    }
    return Arrays.copyOf(places, count);
  }

  /** How many of the sorted numbers are less than the limit. */
  private static int lowerBound(int[] sorted, int limit) {
    int found = Arrays.binarySearch(sorted, limit);
    return found >= 0 ? found : -found - 1;
  }
}
