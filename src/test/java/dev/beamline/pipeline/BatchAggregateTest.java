package dev.beamline.pipeline;

import static dev.beamline.pipeline.TestPlans.HOUR;
import static dev.beamline.pipeline.TestPlans.MINUTE;
import static dev.beamline.pipeline.TestPlans.SECOND;
import static dev.beamline.pipeline.TestPlans.aggregate;
import static dev.beamline.pipeline.TestPlans.assign;
import static dev.beamline.pipeline.TestPlans.count;
import static dev.beamline.pipeline.TestPlans.event;
import static dev.beamline.pipeline.TestPlans.job;
import static dev.beamline.pipeline.TestPlans.number;
import static dev.beamline.pipeline.TestPlans.query;
import static dev.beamline.pipeline.TestPlans.sum;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.beamline.catalog.Tuple;
import dev.beamline.plan.Plan;
import dev.beamline.plan.WindowSpec;
import dev.beamline.project.Windowing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class BatchAggregateTest {

  private static List<Tuple> random(int seed, int rows) {
    Random random = new Random(seed);
    List<Tuple> events = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      String team = random.nextInt(20) == 0 ? null : "t" + random.nextInt(4);
      Long score = random.nextInt(10) == 0 ? null : (long) random.nextInt(100);
      events.add(
          event(team, "u" + random.nextInt(9), score, random.nextInt(3 * 3600) * SECOND + i));
    }
    return events;
  }

  private static List<Tuple> run(Plan plan, WindowSpec window, List<Tuple> events) {
    QueryJob job =
        job(query("q", plan, window, "team", "window_start", "window_end"), Windowing.DEFAULT);
    Runs run = Runs.of(List.of(job), MemorySource.of("events", TestPlans.EVENTS, events));
    assertEquals(List.of(), run.sinks.errors("q"));
    return run.table(job);
  }

  /** Sums by team and window the slow way. */
  private static List<Tuple> expected(List<Tuple> events, long size, long period) {
    Map<List<Object>, long[]> sums = new HashMap<>();
    for (Tuple event : events) {
      long time = number(event, 3);
      for (long start = Math.floorDiv(time, period) * period;
          start > time - size;
          start -= period) {
        long[] sum =
            sums.computeIfAbsent(
                Arrays.asList(event.get(0), start, start + size), k -> new long[3]);
        if (event.get(2) instanceof Long score) {
          sum[0] += score;
          sum[2]++;
        }
        sum[1]++;
      }
    }
    List<Tuple> rows = new ArrayList<>();
    sums.forEach(
        (key, sum) ->
            rows.add(
                Tuple.of(key.get(0), key.get(1), key.get(2), sum[2] == 0 ? null : sum[0], sum[1])));
    rows.sort(Comparator.comparing(Tuple::toString));
    return rows;
  }

  private static Plan byTeam(Plan windowed) {
    return aggregate(
        windowed, List.of("team", "window_start", "window_end"), sum(windowed, "score"), count());
  }

  @Test
  void tumbles() {
    WindowSpec window = new WindowSpec.Tumble(10 * MINUTE, 0);
    List<Tuple> events = random(1, 2000);
    assertEquals(
        expected(events, 10 * MINUTE, 10 * MINUTE),
        run(byTeam(assign(TestPlans.events(true), window, "ts")), window, events));
  }

  @Test
  void hopsBySlicesAsEventByEvent() {
    for (long[] hop : new long[][] {{HOUR, MINUTE}, {10 * MINUTE, 4 * MINUTE}, {7, 5}, {5, 7}}) {
      long unit = hop[0] < 100 ? MINUTE : 1;
      long size = hop[0] * unit;
      long period = hop[1] * unit;
      WindowSpec window = new WindowSpec.Hop(period, size, 0);
      List<Tuple> events = random((int) hop[1], 1000);
      assertEquals(
          expected(events, size, period),
          run(byTeam(assign(TestPlans.events(true), window, "ts")), window, events),
          () -> size + " every " + period);
    }
  }

  @Test
  void cumulates() {
    WindowSpec window = new WindowSpec.Cumulate(10 * MINUTE, HOUR, 0);
    List<Tuple> events = random(3, 1000);
    Map<List<Object>, long[]> sums = new HashMap<>();
    for (Tuple event : events) {
      long time = number(event, 3);
      long start = Math.floorDiv(time, HOUR) * HOUR;
      for (long end = start + 10 * MINUTE; end <= start + HOUR; end += 10 * MINUTE) {
        if (time < end) {
          long[] sum =
              sums.computeIfAbsent(Arrays.asList(event.get(0), start, end), k -> new long[3]);
          sum[1]++;
          if (event.get(2) instanceof Long score) {
            sum[0] += score;
            sum[2]++;
          }
        }
      }
    }
    List<Tuple> rows = new ArrayList<>();
    sums.forEach(
        (key, sum) ->
            rows.add(
                Tuple.of(key.get(0), key.get(1), key.get(2), sum[2] == 0 ? null : sum[0], sum[1])));
    rows.sort(Comparator.comparing(Tuple::toString));
    assertEquals(rows, run(byTeam(assign(TestPlans.events(true), window, "ts")), window, events));
  }

  @Test
  void sessions() {
    WindowSpec window = new WindowSpec.Session(MINUTE);
    List<Tuple> events = random(4, 1000);
    Map<String, TreeMap<Long, Tuple>> sorted = new HashMap<>();
    for (Tuple event : events) {
      sorted
          .computeIfAbsent(String.valueOf(event.get(0)), t -> new TreeMap<>())
          .put(number(event, 3), event);
    }
    List<Tuple> rows = new ArrayList<>();
    for (TreeMap<Long, Tuple> ofTeam : sorted.values()) {
      List<Tuple> session = new ArrayList<>();
      for (Tuple event : ofTeam.values()) {
        if (!session.isEmpty()
            && number(event, 3) - number(session.get(session.size() - 1), 3) >= MINUTE) {
          rows.add(sessionRow(session));
          session.clear();
        }
        session.add(event);
      }
      rows.add(sessionRow(session));
    }
    rows.sort(Comparator.comparing(Tuple::toString));
    assertEquals(
        rows, run(byTeam(assign(TestPlans.events(true), window, "ts", "team")), window, events));
  }

  private static Tuple sessionRow(List<Tuple> session) {
    Long sum = null;
    for (Tuple event : session) {
      if (event.get(2) instanceof Long score) {
        sum = sum == null ? score : sum + score;
      }
    }
    Tuple last = session.get(session.size() - 1);
    return Tuple.of(
        last.get(0), session.get(0).get(3), number(last, 3) + MINUTE, sum, (long) session.size());
  }

  @Test
  void aGlobalAggregateOfNoRowsIsOneRow() {
    Plan events = TestPlans.events(true);
    Plan plan = aggregate(events, List.of(), sum(events, "score"), count());
    QueryJob job = job(query("q", plan, new WindowSpec.Global()), Windowing.DEFAULT);
    Runs run = Runs.of(List.of(job), MemorySource.of("events", TestPlans.EVENTS, List.of()));
    assertEquals(List.of(Tuple.of(null, 0L)), run.rows("q"));
  }
}
