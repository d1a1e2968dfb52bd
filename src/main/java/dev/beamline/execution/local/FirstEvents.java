package dev.beamline.execution.local;

import dev.beamline.catalog.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps of each event the copy with the earliest event time, as a run does with bounded input. */
public final class FirstEvents {

  private FirstEvents() {}

  /**
   * The rows without copies, in order.
   *
   * @param by columns of the key; a row with a NULL among them has no copies
   * @param eventTime a TIMESTAMP column that is never NULL
   * @param within how far apart copies may be
   * @param width so many of each row's columns are kept
   */
  public static List<Tuple> of(
      List<Tuple> rows, int[] by, int eventTime, Duration within, int width) {
    long most = within.toNanos() / 1000;
    Map<List<@Nullable Object>, List<Integer>> copies = new HashMap<>();
    for (int i = 0; i < rows.size(); i++) {
      Tuple row = rows.get(i);
      List<@Nullable Object> key = new ArrayList<>();
      Arrays.stream(by).forEach(column -> key.add(row.get(column)));
      if (!key.contains(null)) {
        copies.computeIfAbsent(key, k -> new ArrayList<>(1)).add(i);
      }
    }
    BitSet dropped = new BitSet(rows.size());
    for (List<Integer> same : copies.values()) {
      same.sort(Comparator.comparingLong(i -> time(rows.get(i), eventTime)));
      long last = time(rows.get(same.get(0)), eventTime);
      for (int i : same.subList(1, same.size())) {
        long time = time(rows.get(i), eventTime);
        if (time - last <= most) {
          dropped.set(i);
        } else {
          last = time;
        }
      }
    }
    List<Tuple> kept = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      if (!dropped.get(i)) {
        Tuple row = rows.get(i);
        kept.add(row.size() == width ? row : Tuple.of(Arrays.copyOf(row.values(), width)));
      }
    }
    return kept;
  }

  private static long time(Tuple row, int eventTime) {
    return row.get(eventTime) instanceof Long micros ? micros : 0;
  }
}
