package dev.beamline.execution.aggregate;

import java.util.function.LongConsumer;

/** Different numbers in one array, by open addressing; nothing is ever taken out. */
final class LongSet {

  private static final int SMALLEST = 8;
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private long[] table = new long[SMALLEST];
  private int size;
  private boolean zero;

  boolean add(long value) {
    if (value == 0) {
      boolean added = !zero;
      zero = true;
      return added;
    }
    int mask = table.length - 1;
    int at = slot(value, mask);
    while (table[at] != 0) {
      if (table[at] == value) {
        return false;
      }
      at = (at + 1) & mask;
    }
    table[at] = value;
    if (++size * 2 > table.length) {
      grow();
    }
    return true;
  }

  private static int slot(long value, int mask) {
    long hash = value * SPREAD;
    return (int) (hash ^ (hash >>> 32)) & mask;
  }

  private void grow() {
    long[] old = table;
    table = new long[old.length * 2];
    int mask = table.length - 1;
    for (long value : old) {
      if (value != 0) {
        int at = slot(value, mask);
        while (table[at] != 0) {
          at = (at + 1) & mask;
        }
        table[at] = value;
      }
    }
  }

  int size() {
    return zero ? size + 1 : size;
  }

  void forEach(LongConsumer consumer) {
    if (zero) {
      consumer.accept(0);
    }
    for (long value : table) {
      if (value != 0) {
        consumer.accept(value);
      }
    }
  }

  /** The numbers in ascending order. */
  long[] sorted() {
    long[] values = new long[size()];
    int n = 0;
    if (zero) {
      values[n++] = 0;
    }
    for (long value : table) {
      if (value != 0) {
        values[n++] = value;
      }
    }
    java.util.Arrays.sort(values);
    return values;
  }
}
