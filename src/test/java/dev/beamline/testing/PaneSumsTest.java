package dev.beamline.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.beamline.catalog.Tuple;
import dev.beamline.diagnostic.Problems;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The panes of discarding windows, put together as their readers do, are the rows of the batch. */
final class PaneSumsTest {

  private static final long START = Instant.parse("2026-01-05T10:00:00Z").getEpochSecond();

  @TempDir Path folder;

  private QueryUnderProof query(String select) throws IOException {
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
            columns: {ts: {type: TIMESTAMP, required: true}, team: STRING, score: INT64, price: NUMERIC}
            event_time: ts
        """);
    Files.writeString(folder.resolve("queries/q.sql"), select);
    Problems problems = new Problems();
    Project project = ProjectReader.read(folder, name -> null, problems);
    CompiledProject batch = ProjectCompiler.compile(project, List.of("q"), false, problems);
    CompiledProject streams = ProjectCompiler.compile(project, List.of("q"), true, problems);
    problems.throwIfErrors();
    return new QueryUnderProof(
        project,
        batch.plan("q"),
        Map.of("q", streams.plan("q")),
        Map.of(
            "events",
            QuerySimulation.Feed.of(Objects.requireNonNull(project.sources().get("events")))));
  }

  /** Rows of two hours, early panes by count, and late rows. */
  private static StreamScript script() {
    List<StreamScript.Move> moves = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      int minute = i % 7 == 0 ? i / 2 : 2 * i;
      Tuple row =
          Tuple.of(
              (START + minute * 60) * 1_000_000,
              i % 5 == 0 ? null : "t" + i % 3,
              i % 4 == 0 ? null : (long) i - 30,
              new java.math.BigDecimal("0.5"));
      moves.add(new StreamScript.Arrive("events", List.of(row)));
      moves.add(new StreamScript.Clock(Duration.ofSeconds(1)));
      moves.add(new StreamScript.Watermark("events", Instant.ofEpochSecond(START + minute * 60)));
    }
    return new StreamScript(
        new Windowing(
            null,
            true,
            Duration.ofHours(2),
            new Windowing.Trigger(new Windowing.AfterCount(2), null),
            Windowing.AccumulationMode.DISCARDING),
        Duration.ZERO,
        0,
        Map.of(),
        moves);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT team, SUM(score) AS s, COUNT(*) AS n, COUNTIF(score > 0) AS c, MIN(score) AS least,"
            + " MAX(price) AS most, SUM(price) AS p FROM events"
            + " GROUP BY team, TUMBLE(ts, INTERVAL 1 HOUR)",
        "SELECT team, COUNT(score) AS n, MAX(ts) AS newest FROM events WHERE score <> 7"
            + " GROUP BY team, HOP(ts, INTERVAL 20 MINUTE, INTERVAL 1 HOUR)",
        "SELECT COUNT(*) AS n, SUM(score) AS s FROM events"
            + " GROUP BY CUMULATE(ts, INTERVAL 20 MINUTE, INTERVAL 1 HOUR)"
      })
  void panesAddUp(String sql) throws IOException {
    QueryUnderProof query = query(sql);
    assertNull(query.differ(script()));
    StreamScript doubled =
        script()
            .with(
                List.of(
                    script().moves().get(0),
                    new StreamScript.Watermark("events", Instant.ofEpochSecond(START + 86_400)),
                    // Too late even for that: it is in the batch, and in no pane.
                    script().moves().get(3)));
    assertNotNull(query.differ(doubled));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT team, AVG(score) AS a FROM events GROUP BY team, TUMBLE(ts, INTERVAL 1 HOUR)",
        "SELECT team, COUNT(DISTINCT score) AS d FROM events"
            + " GROUP BY team, TUMBLE(ts, INTERVAL 1 HOUR)",
        "SELECT team, SUM(score) + 1 AS s FROM events GROUP BY team, TUMBLE(ts, INTERVAL 1 HOUR)",
        "SELECT team, SUM(score) AS s FROM events GROUP BY team, TUMBLE(ts, INTERVAL 1 HOUR)"
            + " HAVING SUM(score) > 3",
        "SELECT team, COUNT(*) AS n FROM events GROUP BY team, SESSION(ts, INTERVAL 5 MINUTE)",
      })
  void othersDoNot(String sql) throws IOException {
    assertEquals(false, query(sql).addable());
  }

  @Test
  void nullsAddNothing() throws IOException {
    PaneSums sums =
        PaneSums.of(
                query(
                    "SELECT team, SUM(score) AS s, MIN(score) AS m FROM events"
                        + " GROUP BY team, TUMBLE(ts, INTERVAL 1 HOUR)")
                    .stream())
            .orElseThrow();
    assertEquals(
        List.of(Tuple.of("a", 3L, 1L, 0L, 9L), Tuple.of("a", null, null, 9L, 18L)),
        sums.combine(
            List.of(
                Tuple.of("a", null, null, 0L, 9L),
                Tuple.of("a", 1L, 1L, 0L, 9L),
                Tuple.of("a", null, null, 9L, 18L),
                Tuple.of("a", 2L, 2L, 0L, 9L))));
  }
}
