package dev.beamline.pipeline;

import static dev.beamline.pipeline.TestPlans.MINUTE;
import static dev.beamline.pipeline.TestPlans.windowing;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.catalog.Tuple;
import dev.beamline.plan.QueryPlan;
import dev.beamline.project.Windowing;
import dev.beamline.testing.simulation.SimulatedSource;
import dev.beamline.testing.simulation.Simulation;
import dev.beamline.transform.Change;
import dev.beamline.transform.ErrorRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.junit.jupiter.api.Test;

/** A simulation sends what Beam's direct runner sends of the same graph and the same stream. */
final class SimulationTest {

  private static final Windowing POLICY =
      windowing(
          Duration.ofMinutes(30),
          new Windowing.Every(Duration.ofSeconds(10)),
          new Windowing.Every(Duration.ofMinutes(1)));

  private static Tuple at(String team, String user, long score, double minute) {
    return Tuple.of(team, user, score, null, 0.5, List.of(), (long) (minute * MINUTE));
  }

  private static TestStream<Tuple> script() {
    return new Script(SqlQueries.EVENTS, SqlQueries.TIME)
        .rows(at("a", "u1", 1, 5), at("a", "u2", 2, 6), at("b", "u1", 4, 7))
        .clock(Duration.ofSeconds(10))
        .watermark(50)
        .rows(at("a", "u1", 8, 10))
        .watermark(60)
        .clock(Duration.ofMinutes(1))
        .rows(at("a", "u3", 16, 11), at("b", "u3", 32, 70))
        .clock(Duration.ofSeconds(30))
        .rows(at("a", "u3", 64, 12))
        .clock(Duration.ofMinutes(1))
        .watermark(90)
        .rows(at("a", "u1", 128, 20))
        .rows(at("b", "u2", 256, 89))
        .end();
  }

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

  private static List<String> simulated(QueryJob job) {
    Outputs outputs = new Outputs();
    Pipeline pipeline = Simulation.pipeline();
    new PipelineBuilder(
            Map.of("events", new SimulatedSource("events", SqlQueries.EVENTS, false)),
            List.of(job),
            Duration.ZERO,
            outputs)
        .build(pipeline);
    List<Change> changes = new ArrayList<>();
    try (Simulation simulation = new Simulation(pipeline)) {
      simulation.listen(outputs.rows, changes::add);
      for (TestStream.Event<Tuple> event : script().getEvents()) {
        if (event instanceof TestStream.ElementEvent<Tuple> elements) {
          List<Tuple> rows = new ArrayList<>();
          for (TimestampedValue<Tuple> element : elements.getElements()) {
            rows.add(element.getValue());
          }
          simulation.add("events", rows, SqlQueries.TIME);
        } else if (event instanceof TestStream.WatermarkEvent<Tuple> watermark) {
          simulation.watermark(
              "events", java.time.Instant.ofEpochMilli(watermark.getWatermark().getMillis()));
        } else if (event instanceof TestStream.ProcessingTimeEvent<Tuple> time) {
          simulation.clock(Duration.ofMillis(time.getProcessingTimeAdvance().getMillis()));
        }
      }
    }
    return sorted(changes);
  }

  private static List<String> sorted(List<Change> changes) {
    return changes.stream().map(c -> (c.withdrawn() ? "-" : "") + c.row()).sorted().toList();
  }

  private static void check(String sql) {
    QueryPlan plan = SqlQueries.compile("q", sql, true);
    QueryJob job = TestPlans.job(plan, POLICY);
    Runs run = Runs.of(List.of(job), MemorySource.of("events", SqlQueries.EVENTS, script()));
    List<String> expected = sorted(run.sinks.changes("q"));
    assertTrue(expected.size() > 3, expected.toString());
    assertEquals(String.join("\n", expected), String.join("\n", simulated(job)));
  }

  @Test
  void panesOfWindows() {
    check(
        "SELECT team, SUM(score) AS total FROM events GROUP BY team, TUMBLE(ts, INTERVAL 1 HOUR)");
  }

  @Test
  void sessionsThatGrow() {
    check("SELECT team, COUNT(*) AS n FROM events GROUP BY team, SESSION(ts, INTERVAL 4 MINUTE)");
  }
}
