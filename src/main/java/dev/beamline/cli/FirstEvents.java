package dev.beamline.cli;

import dev.beamline.catalog.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Drops rows whose key was seen before, close to them in event time. */
final class FirstEvents {

  private FirstEvents() {}

  /**
   * The first row of each key and stretch of time, in order.
   *
   * @param by columns of the key; a row with a NULL among them is kept
   * @param eventTime a TIMESTAMP column; -1: all time is one stretch
   * @param within how far apart copies may be
   * @param width so many of each row's columns are kept
   */
  static List<Tuple> of(List<Tuple> rows, int[] by, int eventTime, Duration within, int width) {
    long most = within.toMillis() * 1000;
    Map<List<@Nullable Object>, List<Long>> seen = new HashMap<>();
    List<Tuple> kept = new ArrayList<>();
    for (Tuple row : rows) {
      List<@Nullable Object> key = new ArrayList<>();
      boolean complete = true;
      for (int column : by) {
        complete &= row.get(column) != null;
        key.add(row.get(column));
      }
      long time = eventTime >= 0 && row.get(eventTime) instanceof Long micros ? micros : 0;
      if (complete) {
        List<Long> times = seen.computeIfAbsent(key, k -> new ArrayList<>(1));
        if (times.stream().anyMatch(other -> Math.abs(other - time) <= most)) {
          continue;
        }
        times.add(time);
      }
      kept.add(row.size() == width ? row : Tuple.of(Arrays.copyOf(row.values(), width)));
    }
    return kept;
  }
}
