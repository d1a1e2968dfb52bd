package dev.beamline.pipeline;

import static dev.beamline.pipeline.TestPlans.MINUTE;
import static dev.beamline.pipeline.TestPlans.windowing;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.beamline.catalog.Tuple;
import dev.beamline.plan.QueryPlan;
import dev.beamline.testing.simulation.SimulatedSource;
import dev.beamline.testing.simulation.Simulation;
import dev.beamline.transform.Change;
import dev.beamline.transform.ErrorRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.Test;

/**
 * Rows that found no partner come just when the joins and windows behind them still wait for them,
 * to the millisecond, at whatever watermark the steps between stand.
 */
final class IntervalSlackTest {

  private static final String CHAIN =
      "SELECT a.user, b.score AS second, c.score AS third FROM"
          + " (SELECT * FROM events WHERE team = 'a') AS a LEFT JOIN"
          + " (SELECT * FROM events WHERE team = 'b') AS b"
          + " ON a.user = b.user AND b.ts BETWEEN a.ts - INTERVAL 10 MINUTE AND a.ts"
          + " LEFT JOIN (SELECT * FROM events WHERE team = 'c') AS c"
          + " ON a.user = c.user AND c.ts BETWEEN a.ts - INTERVAL 10 MINUTE AND a.ts";

  private static final String HOURS =
      "SELECT a.user, COUNT(*) AS n FROM (SELECT * FROM events WHERE team = 'a') AS a LEFT JOIN"
          + " (SELECT * FROM events WHERE team = 'b') AS b"
          + " ON a.user = b.user AND b.ts BETWEEN a.ts - INTERVAL 10 MINUTE AND a.ts"
          + " GROUP BY a.user, TUMBLE(a.ts, INTERVAL 1 HOUR)";

  private static final class Outputs implements Sinks {
    PCollection<Change> rows;

    @Override
    public void write(QueryJob job, PCollection<Change> changes) {
      rows = changes;
    }

    @Override
    public void writeErrors(String origin, PCollection<ErrorRecord> errors) {
      // There are none.
    }
  }

  private static Tuple row(String team, long score, long micros) {
    return Tuple.of(team, "u", score, null, 0.5, List.of(), micros);
  }

  /** The rows that a query sends of one row at first, and of others when the watermark is on. */
  private static List<Tuple> results(
      String sql, Duration lateness, Tuple first, long watermarkMillis, Tuple... later) {
    QueryPlan plan = SqlQueries.compile("q", sql, true);
    Outputs outputs = new Outputs();
    Pipeline pipeline = Simulation.pipeline();
    new PipelineBuilder(
            Map.of("events", new SimulatedSource("events", SqlQueries.EVENTS, false)),
            List.of(TestPlans.job(plan, windowing(lateness, null, null))),
            Duration.ZERO,
            outputs)
        .build(pipeline);
    List<Tuple> rows = new ArrayList<>();
    try (Simulation simulation = new Simulation(pipeline)) {
      simulation.listen(
          outputs.rows,
          change -> rows.add(Tuple.of(Arrays.copyOf(change.row().values(), plan.schema().size()))));
      simulation.add("events", List.of(first), SqlQueries.TIME);
      simulation.watermark("events", Instant.ofEpochMilli(watermarkMillis));
      if (later.length > 0) {
        simulation.add("events", List.of(later), SqlQueries.TIME);
      }
      simulation.watermark("events", Instant.ofEpochMilli(120 * 60_000));
      simulation.end("events");
      assertEquals(0, simulation.rows("late_dropped"));
    }
    return rows;
  }

  @Test
  void aRowWithoutAPartnerMeetsTheNextJoin() {
    Tuple first = row("a", 1, 5 * MINUTE);
    for (long watermark = 300_000; watermark <= 300_003; watermark++) {
      assertEquals(
          List.of(Tuple.of("u", null, null)),
          results(CHAIN, Duration.ZERO, first, watermark),
          "watermark " + watermark);
    }
  }

  /** The watermark passes all times at once: that of each step goes on to where it is held. */
  @Test
  void aRowWithoutAPartnerIsInTimeWhereTheWatermarkJumps() {
    assertEquals(
        List.of(Tuple.of("u", null, null)),
        results(CHAIN, Duration.ZERO, row("a", 1, 5 * MINUTE), 120 * 60_000));
    assertEquals(
        1, results(HOURS, Duration.ZERO, row("a", 1, 60 * MINUTE - 1000), 120 * 60_000).size());
  }

  @Test
  void aRowWithoutAPartnerIsInItsWindow() {
    Tuple last = row("a", 1, 60 * MINUTE - 1000);
    for (long lateness : List.of(0L, 60_000L)) {
      long due = 3_599_999 + lateness;
      for (long watermark = due; watermark <= due + 3; watermark++) {
        List<Tuple> rows = results(HOURS, Duration.ofMillis(lateness), last, watermark);
        assertEquals(1, rows.size(), "watermark " + watermark + ": " + rows);
        assertEquals(1L, rows.get(0).get(1));
      }
    }
  }

  @Test
  void aPartnerOfTheWatermarksOwnMillisecondIsNotTooLate() {
    assertEquals(
        List.of(Tuple.of("u", 2L, null)),
        results(CHAIN, Duration.ZERO, row("a", 1, 5 * MINUTE), 300_000, row("b", 2, 5 * MINUTE)));
  }
}
