package dev.beamline.testing;

import dev.beamline.catalog.Tuple;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Takes some rows of the samples: what happened close together, or some of a longer time. */
final class SampleSlices {

  private final Map<String, QuerySimulation.Feed> feeds;
  private final Map<String, List<Tuple>> samples = new LinkedHashMap<>();

  /**
   * @param samples all rows of each source
   */
  SampleSlices(Map<String, QuerySimulation.Feed> feeds, Map<String, List<Tuple>> samples) {
    this.feeds = feeds;
    samples.forEach(
        (source, rows) -> {
          List<Tuple> sorted = new ArrayList<>(rows);
          QuerySimulation.Feed feed = feeds.get(source);
          if (feed != null && !feed.table() && feed.eventTime() >= 0) {
            sorted.sort(Comparator.comparingLong(row -> time(feed, row)));
          }
          this.samples.put(source, sorted);
        });
  }

  private static long time(QuerySimulation.Feed feed, Tuple row) {
    return row.get(feed.eventTime()) instanceof Long micros ? micros : 0;
  }

  /**
   * A slice: of each stream at most so many rows, all of the same stretch of time; of tables all.
   *
   * @param most 0: all there are
   */
  Map<String, List<Tuple>> take(int most, Random random) {
    Map<String, List<Tuple>> slice = new LinkedHashMap<>();
    long from = Long.MIN_VALUE;
    long to = Long.MAX_VALUE;
    for (Map.Entry<String, QuerySimulation.Feed> entry : feeds.entrySet()) {
      QuerySimulation.Feed feed = entry.getValue();
      List<Tuple> rows = samples.getOrDefault(entry.getKey(), List.of());
      if (feed.table() || feed.eventTime() < 0 || most == 0) {
        slice.put(entry.getKey(), rows);
        continue;
      }
      long first = from;
      long last = to;
      List<Tuple> inTime =
          from == Long.MIN_VALUE
              ? rows
              : rows.stream()
                  .filter(row -> time(feed, row) >= first && time(feed, row) <= last)
                  .toList();
      List<Tuple> taken = take(inTime, most, random);
      slice.put(entry.getKey(), taken);
      if (from == Long.MIN_VALUE && !taken.isEmpty()) {
        from = time(feed, taken.get(0));
        to = time(feed, taken.get(taken.size() - 1));
      }
    }
    return slice;
  }

  private static List<Tuple> take(List<Tuple> rows, int most, Random random) {
    if (rows.size() <= most) {
      return rows;
    }
    // One row in so many: 1 is all that happened in a short time.
    int spread = List.of(1, 1, 5, 20, 100).get(random.nextInt(5));
    int length = (int) Math.min(rows.size(), (long) most * spread);
    int start = random.nextInt(rows.size() - length + 1);
    List<Tuple> stretch = new ArrayList<>(rows.subList(start, start + length));
    if (length == most) {
      return stretch;
    }
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < stretch.size(); i++) {
      places.add(i);
    }
    Collections.shuffle(places, random);
    List<Integer> chosen = new ArrayList<>(places.subList(0, most));
    Collections.sort(chosen);
    return chosen.stream().map(stretch::get).toList();
  }
}
