package dev.beamline.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.catalog.Tuple;
import dev.beamline.diagnostic.Problems;
import dev.beamline.plan.QueryPlan;
import dev.beamline.project.Project;
import dev.beamline.project.ProjectReader;
import dev.beamline.project.Windowing;
import dev.beamline.sql.CompiledProject;
import dev.beamline.sql.ProjectCompiler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stream that computes something else than the batch is found out, and made small. */
final class ShrinkingTest {

  private static final long START = Instant.parse("2026-01-05T10:00:00Z").getEpochSecond();

  @TempDir Path folder;

  private QueryUnderProof query(String stream) throws IOException {
    Files.createDirectories(folder.resolve("queries"));
    Files.writeString(
        folder.resolve("pipelines.yaml"),
        """
        version: 1
        project: p
        sources:
          events:
            type: pubsub
            subscription: projects/p/subscriptions/s
            columns: {ts: {type: TIMESTAMP, required: true}, team: STRING, score: INT64}
            event_time: ts
        """);
    Files.writeString(folder.resolve("queries/batch.sql"), sql("SUM(score)"));
    Files.writeString(folder.resolve("queries/stream.sql"), sql(stream));
    Problems problems = new Problems();
    Project project = ProjectReader.read(folder, name -> null, problems);
    List<String> names = List.of("batch", "stream");
    CompiledProject batch = ProjectCompiler.compile(project, names, false, problems);
    CompiledProject streams = ProjectCompiler.compile(project, names, true, problems);
    problems.throwIfErrors();
    QueryPlan wrong = streams.plan("stream");
    return new QueryUnderProof(
        project,
        batch.plan("batch"),
        Map.of("batch", new QueryPlan("batch", wrong.plan(), wrong.window(), wrong.key())),
        Map.of(
            "events",
            QuerySimulation.Feed.of(Objects.requireNonNull(project.sources().get("events")))));
  }

  private static String sql(String aggregate) {
    return "SELECT team, "
        + aggregate
        + " AS total FROM events GROUP BY team, TUMBLE(ts, INTERVAL 1 HOUR)";
  }

  private static StreamScript script() {
    List<StreamScript.Move> moves = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      // One negative score among many.
      Long score = i == 23 ? -5L : (long) i;
      Tuple row = Tuple.of((START + i * 60) * 1_000_000, "t" + i % 3, score);
      moves.add(new StreamScript.Arrive("events", List.of(row)));
      moves.add(new StreamScript.Clock(Duration.ofSeconds(1)));
      moves.add(new StreamScript.Watermark("events", Instant.ofEpochSecond(START + i * 60)));
    }
    return new StreamScript(Windowing.DEFAULT, Duration.ZERO, 0, Map.of(), moves);
  }

  @Test
  void sameMeaningNoDifference() throws IOException {
    assertNull(query("SUM(score + 1) - COUNT(score)").differ(script()));
  }

  @Test
  void theRowThatMattersIsLeft() throws IOException {
    QueryUnderProof query = query("SUM(ABS(score))");
    QueryUnderProof.Difference found = query.differ(script());
    assertNotNull(found);
    QueryUnderProof.Difference small =
        new Shrinker(query, Duration.ofSeconds(60)).shrink(Objects.requireNonNull(found));
    assertEquals(
        List.of(
            new StreamScript.Arrive(
                "events", List.of(Tuple.of((START + 23 * 60) * 1_000_000, "t2", -5L)))),
        small.script().moves());
    String test = DifferenceTest.of(query, small, "Found by a test");
    assertEquals(
        """
        # Found by a test
        query: batch
        tests:
          - name: the stream ends in the rows of the batch
            windowing: {allowed_lateness: 0m, trigger: {}, accumulation_mode: accumulating}
            steps:
              - input: events
                rows:
                  - {ts: "2026-01-05T10:23:00Z", team: t2, score: -5}
              - watermark: end
              - processing_time: +1d
              - expect_table:
                  - {team: t2, total: -5, window_start: "2026-01-05T10:00:00Z", window_end: "2026-01-05T11:00:00Z"}
            late_dropped: 0
        """,
        test);
    // What is printed is a file of tests that can be read, and that the right query passes.
    Files.createDirectories(folder.resolve("tests"));
    Files.writeString(folder.resolve("tests/found.yaml"), test);
    Problems problems = new Problems();
    Project project = ProjectReader.read(folder, name -> null, problems);
    TestSuite suite = new TestSuite(project, project.tests(), t -> true, problems);
    assertEquals(List.of(), problems.sorted());
    assertEquals(1, suite.size());
    try {
      assertTrue(suite.run().get(0).passed());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
