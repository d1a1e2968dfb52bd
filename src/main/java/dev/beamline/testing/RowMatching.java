package dev.beamline.testing;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pairs expected rows with rows that came, in any order. A row that names few columns may fit
 * several: as many as possible find their own.
 *
 * @param pairs for each expected row the index of the row that it is; -1: none
 * @param missing expected rows without one
 * @param unexpected rows that nothing expects, by index
 */
public record RowMatching(List<Integer> pairs, List<Integer> missing, List<Integer> unexpected) {

  public RowMatching {
    pairs = List.copyOf(pairs);
    missing = List.copyOf(missing);
    unexpected = List.copyOf(unexpected);
  }

  static RowMatching of(Schema schema, List<ExpectedRow> expected, List<Tuple> actual) {
    int[] owner = new int[actual.size()];
    Arrays.fill(owner, -1);
    BitSet[] fits = new BitSet[expected.size()];
    for (int i = 0; i < fits.length; i++) {
      fits[i] = new BitSet();
      for (int j = 0; j < owner.length; j++) {
        fits[i].set(j, expected.get(i).matches(schema, actual.get(j)));
      }
    }
    for (int i = 0; i < fits.length; i++) {
      place(i, fits, owner, new BitSet());
    }
    Integer[] pairs = new Integer[expected.size()];
    Arrays.fill(pairs, -1);
    List<Integer> unexpected = new ArrayList<>();
    for (int j = 0; j < owner.length; j++) {
      if (owner[j] >= 0) {
        pairs[owner[j]] = j;
      } else {
        unexpected.add(j);
      }
    }
    List<Integer> missing = new ArrayList<>();
    for (int i = 0; i < pairs.length; i++) {
      if (pairs[i] < 0) {
        missing.add(i);
      }
    }
    return new RowMatching(List.of(pairs), missing, unexpected);
  }

  /** Finds a row for the expected one; others may have to take another row for it. */
  private static boolean place(int expected, BitSet[] fits, int[] owner, BitSet seen) {
    for (int j = fits[expected].nextSetBit(0); j >= 0; j = fits[expected].nextSetBit(j + 1)) {
      if (owner[j] < 0) {
        owner[j] = expected;
        return true;
      }
    }
    for (int j = fits[expected].nextSetBit(0); j >= 0; j = fits[expected].nextSetBit(j + 1)) {
      if (!seen.get(j)) {
        seen.set(j);
        if (place(owner[j], fits, owner, seen)) {
          owner[j] = expected;
          return true;
        }
      }
    }
    return false;
  }

  /** The unexpected row that is most like a missing one; null: none is like it at all. */
  static @Nullable Integer nearest(
      Schema schema, ExpectedRow missing, List<Integer> candidates, List<Tuple> actual) {
    Integer best = null;
    int most = 0;
    for (int candidate : candidates) {
      int equal = missing.equalColumns(schema, actual.get(candidate));
      if (equal > most) {
        most = equal;
        best = candidate;
      }
    }
    return best;
  }
}
