package dev.beamline.transform.group;

import dev.beamline.catalog.Tuple;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The groups of a bundle by key and slice, and in each what every operator that groups so has
 * summed up. Looking for a group makes no object, and the key that is looked for may be used again
 * for another. One thread uses it.
 */
final class SumTable {

  /** A power of two. */
  private static final int FEWEST_PLACES = 1 << 6;

  /** Where a table has grown beyond, a new bundle begins with a small one. */
  private static final int MOST_KEPT = 1 << 12;

  private @Nullable Group[] places = new @Nullable Group[FEWEST_PLACES];
  private int size;
  private int operators;
  private int sums;

  /** What some rows of a group and a stretch of time add up to, for one operator. */
  static final class Sum {
    final Tuple key;
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
      this.start = start;
      this.end = end;
      this.accumulator = accumulator;
    }
  }

  /** A key and a slice, and the sums of all operators there. */
  static final class Group {
    final Tuple key;
    final long start;
    final long end;
    private final int hash;

    /** By the operator's number; null where it has no row yet. */
    private final @Nullable Sum[] sums;

    private Group(Tuple key, long start, long end, int hash, int operators) {
      this.key = key;
      this.start = start;
      this.end = end;
      this.hash = hash;
      this.sums = new @Nullable Sum[operators];
    }

    @Nullable Sum sum(int operator) {
      return sums[operator];
    }
  }

  /** The number of one operator more; all are there before the first group is. */
  int join() {
    return operators++;
  }

  /** How many groups there are. */
  int size() {
    return size;
  }

  /** Puts an operator's sum into a group where it had none. */
  void put(Group group, int operator, Sum sum) {
    group.sums[operator] = sum;
    sums++;
  }

  /** The group, new where it was not there. */
  Group group(Tuple key, long start, long end) {
    int hash = hash(key, start, end);
    int mask = places.length - 1;
    for (int i = hash & mask; ; i = (i + 1) & mask) {
      Group group = places[i];
      if (group == null) {
        return add(new Group(key.copy(), start, end, hash, operators));
      }
      if (group.hash == hash && group.start == start && group.end == end && group.key.equals(key)) {
        return group;
      }
    }
  }

  private Group add(Group group) {
    if (++size * 2 > places.length) {
      @Nullable Group[] old = places;
      places = new @Nullable Group[old.length * 2];
      for (Group one : old) {
        if (one != null) {
          put(one);
        }
      }
    }
    put(group);
    return group;
  }

  private void put(Group group) {
    int mask = places.length - 1;
    int i = group.hash & mask;
    while (places[i] != null) {
      i = (i + 1) & mask;
    }
    places[i] = group;
  }

  /** Hands out an operator's sums and forgets them; the groups too where no sum is left. */
  void take(int operator, Consumer<Sum> each) {
    for (Group group : places) {
      if (group != null) {
        Sum sum = group.sums[operator];
        if (sum != null) {
          group.sums[operator] = null;
          sums--;
          each.accept(sum);
        }
      }
    }
    if (sums == 0) {
      clear();
    }
  }

  void clear() {
    if (places.length > MOST_KEPT) {
      places = new @Nullable Group[FEWEST_PLACES];
    } else if (size > 0) {
      Arrays.fill(places, null);
    }
    size = 0;
    sums = 0;
  }

  private static int hash(Tuple key, long start, long end) {
    int hash = (key.hashCode() * 31 + Long.hashCode(start)) * 31 + Long.hashCode(end);
    // Times differ in high bits, and places are told by the low ones.
    hash *= 0x9E3779B9;
    return hash ^ (hash >>> 15);
  }
}
