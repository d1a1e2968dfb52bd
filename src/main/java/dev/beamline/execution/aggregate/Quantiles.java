package dev.beamline.execution.aggregate;

import dev.beamline.execution.row.ByteReader;
import dev.beamline.execution.row.ByteWriter;
import dev.beamline.execution.row.ValueCodec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values with their counts: each value for itself while there are few different ones, beyond that
 * neighbours together under the smallest of them, as coarsely as it takes to remain few. How
 * coarse, and what is counted under which value, follow from the values alone and not from their
 * order: the level is the lowest at which there are few enough buckets, and more values never make
 * fewer.
 */
final class Quantiles {

  /** Different values, or buckets of neighbours, that are kept at most. */
  static final int MAX_BUCKETS = 8192;

  private final Buckets buckets;
  private Map<Object, Bucket> byKey = new HashMap<>();
  private int level;
  private long nulls;
  private long count;
  private @Nullable Object largest;

  Quantiles(Buckets buckets) {
    this.buckets = buckets;
  }

  /** Values that fall together, as their smallest and their number. */
  private static final class Bucket {
    private Object smallest;
    private long count;

    Bucket(Object smallest, long count) {
      this.smallest = smallest;
      this.count = count;
    }
  }

  void addNull() {
    nulls++;
  }

  void add(Object value) {
    put(value, 1);
    if (largest == null || buckets.order().compare(value, largest) > 0) {
      largest = value;
    }
    coarsenWhenLarge();
  }

  private void put(Object smallest, long times) {
    count += times;
    Object key = buckets.key(smallest, level);
    Bucket bucket = byKey.get(key);
    if (bucket == null) {
      byKey.put(key, new Bucket(smallest, times));
    } else {
      bucket.count += times;
      if (buckets.order().compare(smallest, bucket.smallest) < 0) {
        bucket.smallest = smallest;
      }
    }
  }

  private void coarsenWhenLarge() {
    while (byKey.size() > MAX_BUCKETS && level < buckets.levels()) {
      coarsen(level + 1);
    }
  }

  private void coarsen(int newLevel) {
    Map<Object, Bucket> old = byKey;
    byKey = new HashMap<>();
    level = newLevel;
    count = 0;
    old.values().forEach(bucket -> put(bucket.smallest, bucket.count));
  }

  void add(Quantiles other) {
    if (other.level > level) {
      coarsen(other.level);
    }
    other.byKey.values().forEach(bucket -> put(bucket.smallest, bucket.count));
    nulls += other.nulls;
    if (other.largest != null
        && (largest == null || buckets.order().compare(other.largest, largest) > 0)) {
      largest = other.largest;
    }
    coarsenWhenLarge();
  }

  /**
   * The boundaries of that many parts of equal size, from the smallest value to the largest; null
   * of no values. NULLs come first.
   */
  @Nullable List<@Nullable Object> boundaries(int parts) {
    long total = count + nulls;
    if (total == 0) {
      return null;
    }
    List<Bucket> sorted = new ArrayList<>(byKey.values());
    sorted.sort(Comparator.comparing(b -> b.smallest, buckets.order()));
    List<@Nullable Object> boundaries = new ArrayList<>(parts + 1);
    long passed = nulls;
    int at = -1;
    for (int i = 0; i <= parts; i++) {
      long rank = Math.max(1, ceilDiv(total, i, parts));
      while (passed < rank) {
        passed += sorted.get(++at).count;
      }
      boundaries.add(rank <= nulls ? null : rank == total ? largest : sorted.get(at).smallest);
    }
    return boundaries;
  }

  private static long ceilDiv(long total, int i, int parts) {
    // Divided first, so that no product leaves 64 bits.
    long whole = total / parts * i;
    long rest = total % parts * i;
    return whole + (rest + parts - 1) / parts;
  }

  record Format(ValueCodec codec) implements AccumulatorFormat<Quantiles> {
    @Override
    public void write(Quantiles quantiles, ByteWriter out) {
      out.writeVarLong(quantiles.level);
      out.writeVarLong(quantiles.nulls);
      codec.writeNullable(quantiles.largest, out);
      out.writeVarLong(quantiles.byKey.size());
      quantiles
          .byKey
          .values()
          .forEach(
              bucket -> {
                codec.write(bucket.smallest, out);
                out.writeVarLong(bucket.count);
              });
    }

    @Override
    public Quantiles read(ByteReader in) {
      Quantiles quantiles = new Quantiles(Buckets.of(codec.type()));
      quantiles.level = (int) in.readVarLong();
      quantiles.nulls = in.readVarLong();
      quantiles.largest = codec.readNullable(in);
      int size = in.readLength();
      for (int i = 0; i < size; i++) {
        Object smallest = codec.read(in);
        quantiles.put(smallest, in.readVarLong());
      }
      return quantiles;
    }
  }
}
