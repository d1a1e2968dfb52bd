package dev.beamline.pipeline;

import static dev.beamline.pipeline.TestPlans.MINUTE;
import static dev.beamline.pipeline.TestPlans.SECOND;
import static dev.beamline.pipeline.TestPlans.aggregate;
import static dev.beamline.pipeline.TestPlans.assign;
import static dev.beamline.pipeline.TestPlans.call;
import static dev.beamline.pipeline.TestPlans.column;
import static dev.beamline.pipeline.TestPlans.discarding;
import static dev.beamline.pipeline.TestPlans.event;
import static dev.beamline.pipeline.TestPlans.filter;
import static dev.beamline.pipeline.TestPlans.job;
import static dev.beamline.pipeline.TestPlans.literal;
import static dev.beamline.pipeline.TestPlans.number;
import static dev.beamline.pipeline.TestPlans.query;
import static dev.beamline.pipeline.TestPlans.sum;
import static dev.beamline.pipeline.TestPlans.windowing;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Tuple;
import dev.beamline.plan.Plan;
import dev.beamline.plan.WindowSpec;
import dev.beamline.project.Windowing;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The five cases of lateness: on time, early, late but unobservable, late and observable, too late.
 */
final class StreamAggregateTest {

  private static Tuple at(String team, long score, double minute) {
    return event(team, "u", score, (long) (minute * MINUTE));
  }

  private static final Windowing LATE = windowing(Duration.ofMinutes(30), null, null);

  private static Runs run(QueryJob job, Script script) {
    Runs run = Runs.of(List.of(job), MemorySource.of("events", TestPlans.EVENTS, script.end()));
    assertEquals(List.of(), run.sinks.errors("q"));
    return run;
  }

  private static Plan sums(WindowSpec window, String... sessionKeys) {
    Plan windowed = assign(TestPlans.events(false), window, "ts", sessionKeys);
    return aggregate(
        windowed, List.of("team", "window_start", "window_end"), sum(windowed, "score"));
  }

  private static QueryJob job(WindowSpec window, Windowing windowing, String... sessionKeys) {
    return TestPlans.job(
        query("q", sums(window, sessionKeys), window, "team", "window_start", "window_end"),
        windowing);
  }

  /** Rows as they came: team, minutes of the window, sum, pane. */
  private static List<String> panes(Runs run) {
    return run.sinks.changes("q").stream()
        .map(
            c ->
                (c.withdrawn() ? "-" : "")
                    + c.row().get(0)
                    + " "
                    + number(c.row(), 1) / (double) MINUTE
                    + "-"
                    + number(c.row(), 2) / (double) MINUTE
                    + " "
                    + c.row().get(3)
                    + " "
                    + c.row().get(4)
                    + " "
                    + c.row().get(5)
                    + " "
                    + c.row().get(6))
        .toList();
  }

  private static final WindowSpec HOUR = new WindowSpec.Tumble(60 * MINUTE, 0);

  @Test
  void onTimeAndUnobservablyLate() {
    Runs run =
        run(
            job(HOUR, LATE),
            new Script()
                .rows(at("a", 1, 5), at("a", 2, 6))
                .watermark(50)
                // Behind the watermark, but the window is still open.
                .rows(at("a", 4, 10))
                .watermark(60));
    assertEquals(List.of("a 0.0-60.0 7 ON_TIME 0 true"), panes(run));
    assertEquals(0, run.counter("late_dropped:q"));
    assertEquals(0, run.counter("late_counted:q"));
    assertEquals(3, run.counter("rows:q"));
    assertEquals(3, run.counter("assigned:q"));
  }

  @Test
  void observablyLateAndTooLate() {
    Runs run =
        run(
            job(HOUR, LATE),
            new Script()
                .rows(at("a", 1, 5))
                .watermark(60)
                .rows(at("a", 2, 10), at("a", 3, 11))
                .watermark(90)
                // The last moment: the window expires when the watermark passes 90.
                .rows(at("a", 4, 12))
                .watermark(91)
                .rows(at("a", 5, 13), at("b", 6, 13))
                .rows(at("b", 7, 61)));
    assertEquals(
        List.of(
            "a 0.0-60.0 1 ON_TIME 0 true",
            "a 0.0-60.0 6 LATE 1 true",
            "b 60.0-120.0 7 ON_TIME 0 true"),
        panes(run));
    assertEquals(3, run.counter("late_dropped:q"));
    assertEquals(2, run.counter("late_counted:q"));
  }

  @Test
  void aFirstRowThatIsLateMakesALatePane() {
    Runs run = run(job(HOUR, LATE), new Script().watermark(61).rows(at("a", 2, 10)).watermark(70));
    assertEquals(List.of("a 0.0-60.0 2 LATE 0 true"), panes(run));
  }

  @Test
  void earlyPanesByTheClock() {
    Windowing early =
        windowing(Duration.ofMinutes(30), new Windowing.Every(Duration.ofSeconds(10)), null);
    Runs run =
        run(
            job(HOUR, early),
            new Script()
                .rows(at("a", 1, 5))
                .clock(Duration.ofSeconds(9))
                .rows(at("a", 2, 6))
                .clock(Duration.ofSeconds(1))
                .clock(Duration.ofSeconds(30))
                .rows(at("a", 4, 7))
                .clock(Duration.ofSeconds(10))
                .watermark(60));
    assertEquals(
        List.of(
            "a 0.0-60.0 3 EARLY 0 false",
            "a 0.0-60.0 7 EARLY 1 false",
            // Nothing new, but now it is final.
            "a 0.0-60.0 7 ON_TIME 2 true"),
        panes(run));
  }

  @Test
  void discardingPanesHoldWhatIsNew() {
    Windowing early =
        discarding(
            windowing(Duration.ofMinutes(30), new Windowing.Every(Duration.ofSeconds(10)), null));
    for (WindowSpec window : List.of(HOUR, new WindowSpec.Hop(60 * MINUTE, 60 * MINUTE, 0))) {
      QueryJob upsert = job(window, early);
      QueryJob job = new QueryJob(upsert.plan(), early, false, true, TestPlans.PLACE);
      Runs run =
          run(
              job,
              new Script()
                  .rows(at("a", 1, 5))
                  .clock(Duration.ofSeconds(10))
                  .rows(at("a", 4, 7))
                  .clock(Duration.ofSeconds(10))
                  .watermark(60)
                  .rows(at("a", 8, 7)));
      assertEquals(
          List.of(
              "a 0.0-60.0 1 EARLY 0 false",
              "a 0.0-60.0 4 EARLY 1 false",
              "a 0.0-60.0 8 LATE 2 true"),
          panes(run));
    }
  }

  @Test
  void panesByCountCountRows() {
    Windowing early = windowing(Duration.ZERO, new Windowing.AfterCount(2), null);
    Runs run =
        run(
            job(HOUR, early),
            new Script()
                .rows(at("a", 1, 5), at("a", 2, 5), at("a", 4, 6), at("a", 8, 7), at("a", 16, 7))
                .watermark(60));
    assertEquals(3, run.sinks.changes("q").size());
    List<String> panes = panes(run);
    assertEquals("a 0.0-60.0 31 ON_TIME 2 true", panes.get(2));
  }

  @Test
  void latePanesByTheClock() {
    Windowing late =
        windowing(Duration.ofMinutes(30), null, new Windowing.Every(Duration.ofMinutes(1)));
    Runs run =
        run(
            job(HOUR, late),
            new Script()
                .rows(at("a", 1, 5))
                .watermark(60)
                .rows(at("a", 2, 10))
                .clock(Duration.ofSeconds(30))
                .rows(at("a", 4, 10))
                .clock(Duration.ofSeconds(30))
                .rows(at("a", 8, 10))
                // Forgotten before the clock is due: what is pending goes out.
                .watermark(120));
    assertEquals(
        List.of(
            "a 0.0-60.0 1 ON_TIME 0 true", "a 0.0-60.0 7 LATE 1 true", "a 0.0-60.0 15 LATE 2 true"),
        panes(run));
  }

  @Test
  void hops() {
    WindowSpec hop = new WindowSpec.Hop(20 * MINUTE, 60 * MINUTE, 0);
    Runs run =
        run(
            job(hop, LATE),
            new Script()
                .rows(at("a", 1, 45), at("a", 2, 65))
                .watermark(80)
                // In the windows that end at 60 (late), 80 (late) and 100.
                .rows(at("a", 4, 50))
                .watermark(100)
                // 60 + 30 is over: too late there, late for 80, late for 100.
                .rows(at("a", 8, 50))
                .watermark(140)
                .rows(at("a", 16, 50)));
    assertEquals(
        List.of(
            "a 0.0-60.0 1 ON_TIME 0 true",
            "a 0.0-60.0 5 LATE 1 true",
            "a 20.0-80.0 15 LATE 2 true",
            "a 20.0-80.0 3 ON_TIME 0 true",
            "a 20.0-80.0 7 LATE 1 true",
            "a 40.0-100.0 15 LATE 1 true",
            "a 40.0-100.0 7 ON_TIME 0 true",
            "a 60.0-120.0 2 ON_TIME 0 true"),
        panes(run).stream().sorted().toList());
    assertEquals(1, run.counter("late_dropped:q"));
    assertEquals(2, run.counter("late_counted:q"));
  }

  @Test
  void sessionsTakeBackWhatTheySentBeforeTheyGrew() {
    WindowSpec session = new WindowSpec.Session(10 * MINUTE);
    Windowing early =
        windowing(Duration.ofMinutes(30), new Windowing.Every(Duration.ofSeconds(10)), null);
    Runs run =
        run(
            job(session, early, "team"),
            new Script()
                .rows(at("a", 1, 5), at("a", 2, 20))
                .clock(Duration.ofSeconds(10))
                .rows(at("a", 4, 12))
                .watermark(30)
                // 20 + 10 is the end; a late row before it makes the session longer at its start.
                .rows(at("a", 8, 0))
                .rows(at("b", 16, 25)));
    List<String> panes = panes(run);
    assertEquals(
        List.of("a 20.0-30.0 2 EARLY 0 false", "a 5.0-15.0 1 EARLY 0 false"),
        panes.subList(0, 2).stream().sorted().toList());
    assertEquals(
        List.of(
            "-a 20.0-30.0 null LATE 1 true",
            "-a 5.0-15.0 null LATE 1 true",
            "-a 5.0-30.0 null LATE 1 true",
            "a 0.0-30.0 15 LATE 0 true",
            "a 5.0-30.0 7 ON_TIME 0 true",
            "b 25.0-35.0 16 ON_TIME 0 true"),
        panes.subList(2, panes.size()).stream().sorted().toList());
    assertEquals(
        List.of(Tuple.of("a", 0L, 30 * MINUTE, 15L), Tuple.of("b", 25 * MINUTE, 35 * MINUTE, 16L)),
        run.table(job(session, early, "team")));
  }

  @Test
  void sessionsAreExactToTheMicrosecond() {
    WindowSpec session = new WindowSpec.Session(SECOND);
    Runs run =
        run(
            job(session, LATE, "team"),
            new Script()
                .rows(event("a", "u", 1L, 900), event("a", "u", 2L, SECOND + 100))
                .rows(event("b", "u", 1L, 100), event("b", "u", 2L, SECOND + 900))
                .watermark(5));
    assertEquals(
        List.of(
            Tuple.of("a", 900L, 2 * SECOND + 100, 3L),
            Tuple.of("b", 100L, SECOND + 100, 1L),
            Tuple.of("b", SECOND + 900, 2 * SECOND + 900, 2L)),
        run.table(job(session, LATE, "team")));
  }

  @Test
  void havingWithdrawsRowsThatNoLongerQualify() {
    Windowing early =
        windowing(Duration.ofMinutes(30), new Windowing.Every(Duration.ofSeconds(10)), null);
    Plan sums = sums(HOUR);
    Plan having = filter(sums, call("LT", ScalarType.BOOL, column(sums, "a0"), literal(5)));
    QueryJob job =
        TestPlans.job(query("q", having, HOUR, "team", "window_start", "window_end"), early);
    Runs run =
        run(
            job,
            new Script()
                .rows(at("a", 1, 5), at("b", 7, 5))
                .clock(Duration.ofSeconds(10))
                .rows(at("a", 4, 6))
                .clock(Duration.ofSeconds(10))
                .watermark(60));
    assertEquals(
        List.of("a 0.0-60.0 1 EARLY 0 false", "-a 0.0-60.0 null EARLY 1 false"), panes(run));
    assertEquals(List.of(), run.table(job));
  }

  @Test
  void cumulatesAndAllTime() {
    WindowSpec cumulate = new WindowSpec.Cumulate(20 * MINUTE, 60 * MINUTE, 0);
    Runs run =
        run(
            job(cumulate, LATE),
            new Script().rows(at("a", 1, 5), at("a", 2, 25)).watermark(45).rows(at("a", 4, 6)));
    assertEquals(
        List.of(
            "a 0.0-20.0 1 ON_TIME 0 true",
            "a 0.0-20.0 5 LATE 1 true",
            "a 0.0-40.0 3 ON_TIME 0 true",
            "a 0.0-40.0 7 LATE 1 true",
            "a 0.0-60.0 7 ON_TIME 0 true"),
        panes(run).stream().sorted().toList());
  }
}
