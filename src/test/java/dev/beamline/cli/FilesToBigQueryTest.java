package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.io.bigquery.server.LocalBigQuery;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A stream over files that appends to BigQuery, and fails and goes back to a checkpoint meanwhile.
 */
final class FilesToBigQueryTest {

  private static final int ROWS = 90;

  @TempDir private Path folder;

  @Test
  void rowsAreThereOnceWhereTheStreamWentBackToACheckpoint() throws Exception {
    try (LocalBigQuery bigQuery = LocalBigQuery.start()) {
      bigQuery.makeDataset("demo-proj", "shop");
      project(bigQuery);
      CompletableFuture<CommandRun> running =
          CompletableFuture.supplyAsync(
              () ->
                  CommandRun.of(
                      "run",
                      "-C",
                      folder.toString(),
                      "live",
                      "--target",
                      "cloud",
                      "--speed",
                      "600"));
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
      while (numbers(bigQuery).size() < 5 && !running.isDone()) {
        assertTrue(System.nanoTime() < deadline, "no rows are shown");
        Thread.sleep(20);
      }
      // More often than a request is tried: the job fails.
      bigQuery.loseAnswers(12);
      CommandRun run = running.get(240, TimeUnit.SECONDS);
      assertEquals(0, run.code(), run.err() + run.out());
      assertEquals(LongStream.range(0, ROWS).boxed().toList(), numbers(bigQuery));
      assertEquals(
          List.of(60L, 30L),
          bigQuery.rows("demo-proj", "shop", "hours").stream().map(r -> r.get("rows")).toList());
    }
  }

  private static List<Long> numbers(LocalBigQuery bigQuery) {
    return bigQuery.tables("demo-proj", "shop").contains("copies")
        ? bigQuery.rows("demo-proj", "shop", "copies").stream()
            .map(row -> (Long) row.get("n"))
            .sorted()
            .toList()
        : List.of();
  }

  private void project(LocalBigQuery bigQuery) throws Exception {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < ROWS; i++) {
      rows.append(
          "{\"n\":%d,\"ts\":\"%s\"}\n"
              .formatted(i, Instant.parse("2026-05-01T00:00:00Z").plusSeconds(60L * i)));
    }
    Files.writeString(folder.resolve("events.ndjson"), rows);
    Files.createDirectories(folder.resolve("queries"));
    Files.writeString(folder.resolve("queries/copies.sql"), "SELECT n FROM events");
    Files.writeString(
        folder.resolve("queries/hours.sql"),
        "SELECT COUNT(*) AS `rows` FROM events GROUP BY TUMBLE(ts, INTERVAL 1 HOUR)");
    Files.writeString(
        folder.resolve("pipelines.yaml"),
        """
        version: 1
        project: shop
        defaults:
          sink: {type: bigquery, dataset: shop, write: append}
        sources:
          events:
            type: files
            path: events.ndjson
            columns: {n: INT64, ts: {type: TIMESTAMP, required: true}}
            event_time: ts
        pipelines:
          live: {mode: streaming, queries: ["*"]}
        targets:
          cloud:
            runner: flink
            parallelism: 2
            checkpoint_every: 300ms
            options: {project: demo-proj, bigQueryEndpoint: "%s"}
        """
            .formatted(bigQuery.endpoint()));
  }
}
