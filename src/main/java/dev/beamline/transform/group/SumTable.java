package dev.beamline.transform.group;

import dev.beamline.catalog.Tuple;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The sums of a bundle by group and slice. Looking for one makes no object, and the key that is
 * looked for may be used again for another. One thread uses it.
 */
final class SumTable {

  /** A power of two. */
  private static final int FEWEST_PLACES = 1 << 6;

  /** Where a table has grown beyond, a new bundle begins with a small one. */
  private static final int MOST_KEPT = 1 << 12;

  private @Nullable Sum[] places = new @Nullable Sum[FEWEST_PLACES];
  private int size;

  /** What some rows of a group and a stretch of time add up to. */
  static final class Sum {
    final Tuple key;
    private final int hash;
    long start;
    long end;
    long rows;
    long counted;
    Object accumulator;

    /**
     * A sum of no rows.
     *
     * @param key kept as it is
     */
    Sum(Tuple key, long start, long end, Object accumulator) {
      this.key = key;
      this.hash = hash(key, start, end);
      this.start = start;
      this.end = end;
      this.accumulator = accumulator;
    }
  }

  int size() {
    return size;
  }

  @Nullable Sum get(Tuple key, long start, long end) {
    int hash = hash(key, start, end);
    int mask = places.length - 1;
    for (int i = hash & mask; ; i = (i + 1) & mask) {
      Sum sum = places[i];
      if (sum == null) {
        return null;
      }
      if (sum.hash == hash && sum.start == start && sum.end == end && sum.key.equals(key)) {
        return sum;
      }
    }
  }

  /** Adds a sum that is not there; its start and end must stay as they are. */
  void add(Sum sum) {
    if (++size * 2 > places.length) {
      @Nullable Sum[] old = places;
      places = new @Nullable Sum[old.length * 2];
      for (Sum one : old) {
        if (one != null) {
          put(one);
        }
      }
    }
    put(sum);
  }

  private void put(Sum sum) {
    int mask = places.length - 1;
    int i = sum.hash & mask;
    while (places[i] != null) {
      i = (i + 1) & mask;
    }
    places[i] = sum;
  }

  void forEach(Consumer<Sum> each) {
    for (Sum sum : places) {
      if (sum != null) {
        each.accept(sum);
      }
    }
  }

  void clear() {
    if (places.length > MOST_KEPT) {
      places = new @Nullable Sum[FEWEST_PLACES];
    } else if (size > 0) {
      Arrays.fill(places, null);
    }
    size = 0;
  }

  private static int hash(Tuple key, long start, long end) {
    int hash = (key.hashCode() * 31 + Long.hashCode(start)) * 31 + Long.hashCode(end);
    // Times differ in high bits, and places are told by the low ones.
    hash *= 0x9E3779B9;
    return hash ^ (hash >>> 15);
  }
}
