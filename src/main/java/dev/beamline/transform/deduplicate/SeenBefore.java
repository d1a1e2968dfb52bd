package dev.beamline.transform.deduplicate;

import dev.beamline.catalog.Tuple;
import dev.beamline.transform.QueryCounters;
import dev.beamline.transform.shard.Shards;
import java.io.Serializable;
import java.util.Comparator;
import java.util.List;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;

/**
 * What counts as the same record.
 *
 * @param source for the counter of duplicates
 * @param key columns that are the same in a copy; a row with NULL in one of them is no copy of any
 * @param time column of the event time
 * @param withinMicros how far apart in event time copies may be, both ends counted
 * @param shards how many parts the keys are spread over
 */
public record SeenBefore(String source, List<Integer> key, int time, long withinMicros, int shards)
    implements Serializable {

  public SeenBefore {
    key = List.copyOf(key);
    if (key.isEmpty() || withinMicros < 0 || shards < 1) {
      throw new IllegalArgumentException("not a way to tell copies: " + key + ", " + withinMicros);
    }
  }

  /** Counts what is dropped. */
  Counter duplicates() {
    return Metrics.counter(QueryCounters.NAMESPACE, "duplicates:" + source);
  }

  /** The columns that tell copies. */
  Tuple key(Tuple row) {
    Object[] values = new Object[key.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = row.get(key.get(i));
    }
    return Tuple.of(values);
  }

  boolean hasKey(Tuple row) {
    for (int i = 0; i < key.size(); i++) {
      if (row.get(key.get(i)) == null) {
        return false;
      }
    }
    return true;
  }

  long time(Tuple row) {
    return row.get(time) instanceof Long micros ? micros : Long.MIN_VALUE;
  }

  int shard(Tuple row) {
    return Shards.of(key(row), shards);
  }

  boolean copies(long seen, long time) {
    return Math.abs(time - seen) <= withinMicros;
  }

  /** The earliest first; of the same time always the same one, whatever the order of arrival. */
  Comparator<Tuple> order() {
    return Comparator.<Tuple>comparingLong(row -> time(row)).thenComparing(Tuple::toString);
  }
}
