package dev.beamline.pipeline;

import static dev.beamline.pipeline.TestPlans.MINUTE;
import static dev.beamline.pipeline.TestPlans.aggregate;
import static dev.beamline.pipeline.TestPlans.assign;
import static dev.beamline.pipeline.TestPlans.count;
import static dev.beamline.pipeline.TestPlans.event;
import static dev.beamline.pipeline.TestPlans.job;
import static dev.beamline.pipeline.TestPlans.number;
import static dev.beamline.pipeline.TestPlans.query;
import static dev.beamline.pipeline.TestPlans.select;
import static dev.beamline.pipeline.TestPlans.sum;
import static dev.beamline.pipeline.TestPlans.windowing;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.diagnostic.InvalidProjectException;
import dev.beamline.plan.Plan;
import dev.beamline.plan.WindowSpec;
import dev.beamline.project.Windowing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Sums of sums: a pane of an inner window takes the place of the pane before. */
final class NestedWindowsTest {

  private static final Windowing EARLY =
      windowing(Duration.ofMinutes(30), new Windowing.Every(Duration.ofSeconds(10)), null);

  /** Users' sums in small windows, then teams' sums, counts and numbers of users in large ones. */
  private static Plan nested(boolean bounded, WindowSpec inner, WindowSpec outer, String time) {
    Plan windowed = assign(TestPlans.events(bounded), inner, "ts", "team", "user");
    Plan users =
        aggregate(
            windowed,
            List.of("team", "user", "window_start", "window_end"),
            sum(windowed, "score"));
    Plan selected = select(users, "team", "user", "a0", time);
    List<Column> columns = new ArrayList<>(selected.schema().columns());
    columns.set(3, Column.of("inner_time", ScalarType.TIMESTAMP));
    Plan renamed =
        new Plan.Calc(users, null, ((Plan.Calc) selected).projections(), new Schema(columns));
    Plan again = assign(renamed, outer, "inner_time");
    return aggregate(
        again, List.of("team", "window_start", "window_end"), sum(again, "a0"), count());
  }

  private static QueryJob job(Plan plan, WindowSpec outer, Windowing windowing) {
    return TestPlans.job(query("q", plan, outer, "team", "window_start", "window_end"), windowing);
  }

  private static List<Tuple> events(int seed) {
    Random random = new Random(seed);
    List<Tuple> events = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      events.add(
          event(
              "t" + random.nextInt(2),
              "u" + random.nextInt(3),
              (long) random.nextInt(100),
              random.nextInt(180) * MINUTE + i));
    }
    return events;
  }

  /** Streams the rows, some of them late, and pulls early panes in between. */
  private static Script stream(List<Tuple> events, int seed, int lateMinutes) {
    Random random = new Random(seed);
    List<Tuple> ordered = new ArrayList<>(events);
    ordered.sort(
        java.util.Comparator.comparingLong(
            e -> number(e, 3) + Math.floorMod(number(e, 3) * 31, lateMinutes) * MINUTE));
    Script script = new Script();
    long watermark = 0;
    int i = 0;
    while (i < ordered.size()) {
      int end = Math.min(ordered.size(), i + 1 + random.nextInt(20));
      List<Tuple> bundle = new ArrayList<>(ordered.subList(i, end));
      Collections.shuffle(bundle, random);
      script.rows(bundle.toArray(Tuple[]::new));
      i = end;
      if (random.nextBoolean()) {
        script.clock(Duration.ofSeconds(10));
      }
      // No row that is still to come may be more than the lateness behind.
      long least = Long.MAX_VALUE;
      for (int j = i; j < ordered.size(); j++) {
        least = Math.min(least, number(ordered.get(j), 3) / MINUTE);
      }
      if (least < Long.MAX_VALUE && least + 20 > watermark) {
        watermark = least + 20;
        script.watermark(watermark);
      }
    }
    return script;
  }

  private static void check(WindowSpec inner, WindowSpec outer, String time, Windowing windowing) {
    for (int seed = 0; seed < 3; seed++) {
      List<Tuple> events = events(seed);
      QueryJob batch = job(nested(true, inner, outer, time), outer, windowing);
      Runs expected = Runs.of(List.of(batch), MemorySource.of("events", TestPlans.EVENTS, events));
      QueryJob stream = job(nested(false, inner, outer, time), outer, windowing);
      Runs run =
          Runs.of(
              List.of(stream),
              MemorySource.of("events", TestPlans.EVENTS, stream(events, seed, 15).end()));
      assertEquals(0, run.counter("late_dropped:q"));
      assertEquals(expected.table(batch), run.table(stream), "seed " + seed);
      assertTrue(run.counter("emitted:q") > expected.counter("emitted:q"));
    }
  }

  @Test
  void hoursOverMinutes() {
    check(
        new WindowSpec.Tumble(10 * MINUTE, 0),
        new WindowSpec.Tumble(60 * MINUTE, 0),
        "window_start",
        EARLY);
  }

  @Test
  void innerWindowsThatReachBeyondTheOuterOnes() {
    check(
        new WindowSpec.Tumble(7 * MINUTE, 0),
        new WindowSpec.Tumble(60 * MINUTE, 0),
        "window_start",
        EARLY);
    check(
        new WindowSpec.Hop(5 * MINUTE, 20 * MINUTE, 0),
        new WindowSpec.Hop(30 * MINUTE, 60 * MINUTE, 0),
        "window_start",
        EARLY);
  }

  @Test
  void windowsOverTheEndsOfSessions() {
    check(
        new WindowSpec.Session(5 * MINUTE),
        new WindowSpec.Tumble(60 * MINUTE, 0),
        "window_end",
        EARLY);
  }

  @Test
  void onlyOnePaneEach() {
    List<Tuple> events = events(7);
    WindowSpec inner = new WindowSpec.Tumble(7 * MINUTE, 0);
    WindowSpec outer = new WindowSpec.Tumble(60 * MINUTE, 0);
    QueryJob batch = job(nested(true, inner, outer, "window_start"), outer, Windowing.DEFAULT);
    Runs expected = Runs.of(List.of(batch), MemorySource.of("events", TestPlans.EVENTS, events));
    Script script = new Script();
    events.stream()
        .sorted(java.util.Comparator.comparing(e -> number(e, 3)))
        .forEach(e -> script.rows(e).watermark(number(e, 3) / MINUTE));
    QueryJob stream = job(nested(false, inner, outer, "window_start"), outer, Windowing.DEFAULT);
    Runs run = Runs.of(List.of(stream), MemorySource.of("events", TestPlans.EVENTS, script.end()));
    assertEquals(expected.rows("q"), run.rows("q"));
  }

  @Test
  void oneEarlyPaneOfAllWhoChanged() {
    WindowSpec inner = new WindowSpec.Tumble(10 * MINUTE, 0);
    WindowSpec outer = new WindowSpec.Tumble(60 * MINUTE, 0);
    QueryJob stream = job(nested(false, inner, outer, "window_start"), outer, EARLY);
    Runs run =
        Runs.of(
            List.of(stream),
            MemorySource.of(
                "events",
                TestPlans.EVENTS,
                new Script()
                    .rows(
                        event("a", "u1", 1L, 51 * MINUTE),
                        event("a", "u2", 2L, MINUTE),
                        event("a", "u3", 4L, 11 * MINUTE))
                    .clock(Duration.ofSeconds(10))
                    .watermark(60)
                    .rows(event("a", "u1", 8L, 51 * MINUTE), event("a", "u4", 16L, 52 * MINUTE))
                    .end()));
    assertEquals(
        List.of("[7, 3, EARLY]", "[7, 3, ON_TIME]", "[31, 4, LATE]"),
        run.sinks.changes("q").stream()
            .map(c -> Tuple.of(c.row().get(3), c.row().get(4), c.row().get(5)).toString())
            .toList());
  }

  @Test
  void discardingResultsCannotBeReadAgain() {
    WindowSpec inner = new WindowSpec.Tumble(10 * MINUTE, 0);
    WindowSpec outer = new WindowSpec.Tumble(60 * MINUTE, 0);
    QueryJob stream =
        job(nested(false, inner, outer, "window_start"), outer, TestPlans.discarding(EARLY));
    InvalidProjectException refused =
        assertThrows(
            InvalidProjectException.class,
            () ->
                Runs.of(
                    List.of(stream),
                    MemorySource.of("events", TestPlans.EVENTS, new Script().end())));
    assertTrue(String.valueOf(refused.getMessage()).contains("discarding"), refused.getMessage());
  }
}
