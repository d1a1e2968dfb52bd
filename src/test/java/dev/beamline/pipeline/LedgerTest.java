package dev.beamline.pipeline;

import static dev.beamline.pipeline.TestPlans.MINUTE;
import static dev.beamline.pipeline.TestPlans.windowing;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.beamline.catalog.Tuple;
import dev.beamline.transform.ErrorRecord;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A row counts once in the ledger of a query, however often the query reads it. */
final class LedgerTest {

  private static final List<Tuple> EVENTS =
      List.of(row(10, 1, List.of("a", "b", "c")), row(0, 2, List.of()), row(-10, 70, List.of("a")));

  private static Tuple row(long score, int minute, List<String> tags) {
    return Tuple.of("red", "ann", score, null, 1.0, tags, minute * MINUTE);
  }

  private static Runs run(String sql, boolean streaming) {
    QueryJob job =
        TestPlans.job(
            SqlQueries.compile("q", sql, streaming), windowing(Duration.ZERO, null, null));
    if (!streaming) {
      return Runs.of(List.of(job), MemorySource.of("events", SqlQueries.EVENTS, EVENTS));
    }
    Script script = new Script(SqlQueries.EVENTS, SqlQueries.TIME);
    script
        .rows(EVENTS.get(0), EVENTS.get(2))
        .watermark(65)
        .rows(EVENTS.get(1), row(5, 3, List.of("a", "b")));
    return Runs.of(List.of(job), MemorySource.of("events", SqlQueries.EVENTS, script.end()));
  }

  @Test
  void aSourceThatIsReadTwiceCountsOnce() {
    Runs run =
        run(
            "WITH few AS (SELECT team, SUM(score) AS s FROM events WHERE score > 0 GROUP BY team),"
                + " most AS (SELECT team, COUNT(*) AS n FROM events WHERE score >= 0 GROUP BY team)"
                + " SELECT few.team, s, n FROM few JOIN most ON few.team = most.team",
            false);
    assertEquals(List.of(Tuple.of("red", 10L, 2L)), run.rows("q"));
    assertEquals(3, run.counter("rows:q"));
    assertEquals(1, run.counter("filtered:q"));
    assertEquals(2, run.counter("assigned:q"));
  }

  @Test
  void elementsOfARowCountOnce() {
    Runs run =
        run("SELECT tag, COUNT(*) AS n FROM events, UNNEST(tags) AS tag GROUP BY tag", false);
    assertEquals(3, run.counter("rows:q"));
    assertEquals(1, run.counter("filtered:q"));
    assertEquals(2, run.counter("assigned:q"));
  }

  @Test
  void lateRowsCountOnce() {
    Runs run =
        run(
            "SELECT tag, COUNT(*) AS n FROM events, UNNEST(tags) AS tag"
                + " GROUP BY tag, TUMBLE(ts, INTERVAL 1 HOUR)",
            true);
    assertEquals(4, run.counter("rows:q"));
    assertEquals(1, run.counter("filtered:q"));
    assertEquals(1, run.counter("late_dropped:q"));
    assertEquals(3, run.counter("assigned:q"));
  }

  @Test
  void aRowThatIsLateForTwoGroupsIsLateOnce() {
    Runs run =
        run(
            "WITH h AS (SELECT team, SUM(score) AS s, window_start, window_end FROM"
                + " TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL 1 HOUR))"
                + " GROUP BY team, window_start, window_end),"
                + " n AS (SELECT team, COUNT(*) AS n, window_start, window_end FROM"
                + " TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL 1 HOUR))"
                + " WHERE score <> 10 OR team = 'red' GROUP BY team, window_start, window_end)"
                + " SELECT h.team, s, n, h.window_start, h.window_end FROM h JOIN n ON"
                + " h.team = n.team AND h.window_start = n.window_start"
                + " AND h.window_end = n.window_end",
            true);
    assertEquals(4, run.counter("rows:q"));
    assertEquals(0, run.counter("filtered:q"));
    assertEquals(2, run.counter("late_dropped:q"));
    assertEquals(4, run.counter("assigned:q"));
  }

  @Test
  void aSumThatDoesNotFitIsNoRowAndShowsItsGroup() {
    QueryJob job =
        TestPlans.job(
            SqlQueries.compile(
                "q",
                "SELECT team, SUM(score) AS s FROM events"
                    + " GROUP BY team, HOP(ts, INTERVAL 30 MINUTE, INTERVAL 1 HOUR)",
                true),
            windowing(Duration.ZERO, null, null));
    Script script = new Script(SqlQueries.EVENTS, SqlQueries.TIME);
    script.rows(row(Long.MAX_VALUE, 61, List.of()), row(7, 62, List.of())).watermark(400);
    Runs run = Runs.of(List.of(job), MemorySource.of("events", SqlQueries.EVENTS, script.end()));
    assertEquals(2, run.counter("rows:q"));
    assertEquals(2, run.counter("assigned:q"));
    assertEquals(2, run.counter("failed:q"));
    assertEquals(2, run.counter("failed_results:q"));
    assertEquals(
        List.of(
            "{\"team\":\"red\",\"window_start\":\"1970-01-01T00:30:00Z\","
                + "\"window_end\":\"1970-01-01T01:30:00Z\"}",
            "{\"team\":\"red\",\"window_start\":\"1970-01-01T01:00:00Z\","
                + "\"window_end\":\"1970-01-01T02:00:00Z\"}"),
        run.sinks.errors("q").stream().map(ErrorRecord::input).sorted().toList());
  }
}
