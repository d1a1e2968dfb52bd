package dev.beamline.pipeline.run;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How late the late rows of a query were: how long the watermark had passed the end of their last
 * window when they came.
 *
 * @param rows late rows by the least of the fixed bounds (in milliseconds) that they were within;
 *     {@link Long#MAX_VALUE} for those that were later than any
 */
public record Lateness(SortedMap<Long, Long> rows) {

  public Lateness {
    rows = Collections.unmodifiableSortedMap(new TreeMap<>(rows));
  }

  /** All late rows. */
  public long total() {
    return rows.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Late rows that an allowed lateness of so much would have dropped; at most these. */
  public long lost(Duration allowed) {
    return rows.tailMap(allowed.toMillis() + 1).values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * The bound that this part of the late rows was within, in milliseconds; {@link Long#MAX_VALUE}
   * where it is beyond all.
   *
   * @param part from 0 to 1
   */
  public long percentile(double part) {
    long all = total();
    long seen = 0;
    for (Map.Entry<Long, Long> entry : rows.entrySet()) {
      seen += entry.getValue();
      if (seen >= part * all) {
        return entry.getKey();
      }
    }
    return Long.MAX_VALUE;
  }

  /** The bounds that some rows were within, with the rows that each would have lost. */
  public NavigableMap<Duration, Long> losses() {
    TreeMap<Duration, Long> losses = new TreeMap<>();
    rows.keySet().stream()
        .filter(bound -> bound != Long.MAX_VALUE)
        .forEach(bound -> losses.put(Duration.ofMillis(bound), lost(Duration.ofMillis(bound))));
    return losses;
  }
}
