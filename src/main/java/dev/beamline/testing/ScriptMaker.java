package dev.beamline.testing;

import dev.beamline.catalog.Tuple;
import dev.beamline.project.Source;
import dev.beamline.project.Windowing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes up ways of streaming rows: orders, delays, bundles, steps of watermark and clock, triggers
 * and lateness. No row is ever too late, so that each way must end in the same rows.
 */
final class ScriptMaker {

  private static final List<Duration> LATENESS =
      List.of(Duration.ZERO, Duration.ofMinutes(5), Duration.ofHours(2), Duration.ofDays(2));
  private static final List<Duration> CLOCKS =
      List.of(
          Duration.ZERO,
          Duration.ZERO,
          Duration.ofMillis(1),
          Duration.ofMillis(200),
          Duration.ofSeconds(10),
          Duration.ofMinutes(1),
          Duration.ofMinutes(10));

  private final Random random;
  private final boolean onePane;
  private final boolean addable;
  private final Duration windows;

  /**
   * @param onePane whether each window may have one pane only, since its rows have no key by which
   *     a later one takes an earlier one's place
   * @param addable whether panes of new rows alone can be put together again
   * @param windows the length of the longest window that a row is put into
   */
  ScriptMaker(Random random, boolean onePane, boolean addable, Duration windows) {
    this.random = random;
    this.onePane = onePane;
    this.addable = addable;
    this.windows = windows;
  }

  /** A row on its way. */
  private record Arrival(String source, Tuple row, long eventTime, long arrives, long deadline) {}

  /**
   * A way.
   *
   * @param feeds the sources
   * @param rows of each source
   */
  StreamScript make(Map<String, QuerySimulation.Feed> feeds, Map<String, List<Tuple>> rows) {
    Windowing windowing = windowing();
    Map<String, List<Tuple>> tables = new HashMap<>();
    List<Arrival> arrivals = new ArrayList<>();
    Map<String, Long> newest = new HashMap<>();
    feeds.forEach(
        (source, feed) -> {
          List<Tuple> own = rows.getOrDefault(source, List.of());
          if (feed.table()) {
            tables.put(source, own);
          } else {
            List<Tuple> sent = withCopies(feed, own);
            List<Arrival> coming = arrivals(feed, sent, windowing.allowedLateness());
            arrivals.addAll(late(coming, feed, windowing.allowedLateness()));
            newest.put(source, Long.MIN_VALUE);
          }
        });
    arrivals.sort(Comparator.comparingLong(Arrival::arrives));
    // The watermark may go up to what the rows that are still to come allow.
    Map<String, long[]> bounds = new HashMap<>();
    for (String source : newest.keySet()) {
      long[] own = new long[arrivals.size() + 1];
      own[arrivals.size()] = Long.MAX_VALUE;
      for (int i = arrivals.size() - 1; i >= 0; i--) {
        Arrival next = arrivals.get(i);
        own[i] = next.source().equals(source) ? Math.min(own[i + 1], next.deadline()) : own[i + 1];
      }
      bounds.put(source, own);
    }
    return new StreamScript(
        windowing,
        random.nextInt(3) == 0 ? Duration.ofMillis(100) : Duration.ZERO,
        random.nextBoolean() ? 0 : 1 + random.nextInt(4),
        tables,
        moves(arrivals, bounds, newest));
  }

  private List<StreamScript.Move> moves(
      List<Arrival> arrivals, Map<String, long[]> bounds, Map<String, Long> watermarks) {
    List<StreamScript.Move> moves = new ArrayList<>();
    int bundle = 1 + random.nextInt(random.nextBoolean() ? 4 : 60);
    double clockiness = random.nextDouble();
    double wateriness = random.nextDouble();
    int i = 0;
    while (i < arrivals.size()) {
      int end = Math.min(arrivals.size(), i + 1 + random.nextInt(bundle));
      Map<String, List<Tuple>> arriving = new HashMap<>();
      for (Arrival arrival : arrivals.subList(i, end)) {
        arriving.computeIfAbsent(arrival.source(), s -> new ArrayList<>()).add(arrival.row());
      }
      arriving.keySet().stream()
          .sorted()
          .forEach(
              source -> {
                List<Tuple> rows = arriving.getOrDefault(source, List.of());
                Collections.shuffle(rows, random);
                moves.add(new StreamScript.Arrive(source, rows));
              });
      i = end;
      if (random.nextDouble() < clockiness) {
        moves.add(new StreamScript.Clock(CLOCKS.get(random.nextInt(CLOCKS.size()))));
      }
      for (String source : watermarks.keySet().stream().sorted().toList()) {
        long limit = bounds.getOrDefault(source, new long[] {Long.MIN_VALUE})[i];
        if (random.nextDouble() < wateriness && limit != Long.MAX_VALUE) {
          long slack = random.nextInt(3) == 0 ? random.nextInt(3_600_000) : 0;
          long to = Math.floorDiv(limit, 1000L) - slack;
          if (to > watermarks.getOrDefault(source, Long.MIN_VALUE)) {
            watermarks.put(source, to);
            moves.add(new StreamScript.Watermark(source, Instant.ofEpochMilli(to)));
            if (random.nextDouble() < clockiness) {
              moves.add(new StreamScript.Clock(CLOCKS.get(random.nextInt(CLOCKS.size()))));
            }
          }
        }
      }
    }
    return moves;
  }

  private List<Arrival> arrivals(
      QuerySimulation.Feed feed, List<Tuple> rows, Duration allowedLateness) {
    Source source = feed.source();
    long disorder = micros(source.watermark().maxOutOfOrderness());
    long lateness = random.nextBoolean() ? micros(allowedLateness) : 0;
    // Most rows come in order, some late, few very late.
    long most = 1 + disorder + lateness;
    List<Arrival> arrivals = new ArrayList<>();
    for (Tuple row : rows) {
      long time = feed.eventTime() >= 0 && row.get(feed.eventTime()) instanceof Long t ? t : 0;
      long delay =
          switch (random.nextInt(6)) {
            case 0 -> (long) (random.nextDouble() * most);
            case 1 -> (long) (random.nextDouble() * (1 + disorder));
            case 2 -> (long) (random.nextDouble() * most * 0.1);
            default -> 0;
          };
      arrivals.add(new Arrival(source.name(), row, time, time + delay, time + lateness));
    }
    return arrivals;
  }

  /**
   * Sends some records a second time, and some later ones under the same key, which are no copies:
   * they are further away than {@code within}.
   */
  private List<Tuple> withCopies(QuerySimulation.Feed feed, List<Tuple> rows) {
    Source.Deduplication deduplicate = feed.source().deduplicate();
    if (deduplicate == null || feed.eventTime() < 0 || random.nextBoolean()) {
      return rows;
    }
    Map<List<Object>, Integer> keys = new HashMap<>();
    rows.forEach(row -> keys.merge(key(feed, row), 1, Integer::sum));
    List<Tuple> sent = new ArrayList<>(rows);
    for (Tuple row : rows) {
      int choice = random.nextInt(10);
      if (choice == 0) {
        sent.add(row);
      } else if (choice == 1
          && keys.getOrDefault(key(feed, row), 0) == 1
          && row.get(feed.eventTime()) instanceof Long time) {
        @Nullable Object[] values = row.values().clone();
        values[feed.eventTime()] = time + micros(deduplicate.within()) + 1 + random.nextInt(1000);
        sent.add(Tuple.of(values));
        if (random.nextBoolean()) {
          sent.add(row);
        }
      }
    }
    return sent;
  }

  /**
   * Lets second copies come as late as they are told: also when no other row of that time would be
   * taken any more.
   */
  private List<Arrival> late(
      List<Arrival> arrivals, QuerySimulation.Feed feed, Duration allowedLateness) {
    Source.Deduplication deduplicate = feed.source().deduplicate();
    if (deduplicate == null) {
      return arrivals;
    }
    long told = micros(deduplicate.within().plus(windows).plus(allowedLateness));
    Set<Tuple> sent = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Arrival> all = new ArrayList<>();
    for (Arrival next : arrivals) {
      if (sent.add(next.row()) || random.nextBoolean()) {
        all.add(next);
      } else {
        long delay = (long) (random.nextDouble() * told);
        all.add(
            new Arrival(
                next.source(),
                next.row(),
                next.eventTime(),
                next.arrives() + delay,
                next.eventTime() + told));
      }
    }
    return all;
  }

  private static List<Object> key(QuerySimulation.Feed feed, Tuple row) {
    List<Object> key = new ArrayList<>();
    Source.Deduplication deduplicate = feed.source().deduplicate();
    if (deduplicate != null) {
      deduplicate.by().forEach(by -> key.add("" + row.get(feed.columns().indexOf(by.value()))));
    }
    return key;
  }

  private static long micros(Duration duration) {
    return duration.toMillis() * 1000;
  }

  private Windowing windowing() {
    if (onePane) {
      return policy(Duration.ZERO, null, null, false);
    }
    Windowing.@Nullable Firing early =
        switch (random.nextInt(4)) {
          case 0 -> new Windowing.AfterCount(1 + random.nextInt(5));
          case 1 -> null;
          default -> new Windowing.Every(Duration.ofSeconds(1 + random.nextInt(60)));
        };
    Windowing.@Nullable Firing late =
        switch (random.nextInt(4)) {
          case 0 -> new Windowing.AfterCount(1 + random.nextInt(5));
          case 1 -> new Windowing.Every(Duration.ofSeconds(1 + random.nextInt(60)));
          default -> null;
        };
    boolean discarding = addable && random.nextInt(3) == 0;
    return policy(LATENESS.get(random.nextInt(LATENESS.size())), early, late, discarding);
  }

  private static Windowing policy(
      Duration lateness,
      Windowing.@Nullable Firing early,
      Windowing.@Nullable Firing late,
      boolean discarding) {
    return new Windowing(
        null,
        true,
        lateness,
        new Windowing.Trigger(early, late),
        discarding
            ? Windowing.AccumulationMode.DISCARDING
            : Windowing.AccumulationMode.ACCUMULATING);
  }
}
