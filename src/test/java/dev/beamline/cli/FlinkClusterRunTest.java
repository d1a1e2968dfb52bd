package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.beamline.flink.FlinkCluster;
import dev.beamline.io.duckdb.Warehouse;
import dev.beamline.pipeline.run.FlinkRest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Pipelines on a real Flink cluster of three processes: the same rows as on this machine. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class FlinkClusterRunTest {

  private static final int TRIPS = 3000;

  private Path folder;
  private FlinkCluster cluster;
  private List<String> expected;

  @BeforeAll
  void start(@TempDir Path temporary) throws Exception {
    folder = temporary;
    cluster = FlinkCluster.start(folder.resolve("flink"), 2);
    Files.createDirectories(folder.resolve("data"));
    Files.createDirectories(folder.resolve("queries"));
    Files.writeString(
        folder.resolve("pipelines.yaml"),
        """
        version: 1
        project: taxi
        defaults:
          windowing: {allowed_lateness: 1h, trigger: {early: {every: 1s}}}
        sources:
          trips:
            type: files
            path: data/trips.ndjson
            columns: {id: STRING, ts: {type: TIMESTAMP, required: true}, zone: STRING, fare: NUMERIC}
            event_time: ts
            watermark: {max_out_of_orderness: 1m}
        queries:
          spread: {sink: {type: files, path: out/}}
        pipelines:
          day: {mode: batch, queries: ["*"], default: true}
          live: {mode: streaming, queries: [fares]}
        targets:
          local: {runner: direct, warehouse: local.duckdb}
          cluster:
            runner: flink
            master: %s
            warehouse: cluster.duckdb
            checkpoint_every: 1s
            parallelism: 2
            savepoint_path: savepoints
        """
            .formatted(cluster.master()));
    Files.writeString(
        folder.resolve("queries/fares.sql"),
        "SELECT zone, SUM(fare) AS total, COUNT(*) AS trips FROM trips"
            + " GROUP BY zone, TUMBLE(ts, INTERVAL 10 MINUTE)");
    Files.writeString(
        folder.resolve("queries/spread.sql"),
        "SELECT zone, MAX(fare) - MIN(fare) AS spread FROM trips GROUP BY zone");
    Files.writeString(folder.resolve("data/trips.ndjson"), trips());
    CommandRun local = run("day", "--target", "local");
    assertEquals(0, local.code(), local.err());
    expected = rows("local.duckdb");
    assertEquals(78, expected.size());
  }

  @AfterAll
  void stop() throws Exception {
    cluster.close();
  }

  private static String trips() {
    Random random = new Random(4);
    StringBuilder lines = new StringBuilder("{broken\n");
    for (int i = 0; i < TRIPS; i++) {
      int second = i * 5 + random.nextInt(50);
      lines.append(
          String.format(
              "{\"id\":\"%d\",\"ts\":\"2026-03-01T%02d:%02d:%02dZ\",\"zone\":\"%s\",\"fare\":\"%d.%02d\"}%n",
              i,
              second / 3600,
              second / 60 % 60,
              second % 60,
              "ABC".charAt(random.nextInt(3)),
              random.nextInt(50),
              random.nextInt(100)));
    }
    return lines.toString();
  }

  private CommandRun run(String... args) {
    List<String> all = new java.util.ArrayList<>(List.of("run"));
    all.addAll(List.of(args));
    all.addAll(List.of("-C", folder.toString(), "--preview", "0"));
    return CommandRun.of(all.toArray(String[]::new));
  }

  private List<String> rows(String database) throws IOException {
    Warehouse warehouse = Warehouse.open(folder.resolve(database));
    int columns = warehouse.schema("fares").orElseThrow().indexOf("pane_timing");
    return warehouse.rows("fares", List.of(), Long.MAX_VALUE).stream()
        .map(row -> List.of(row.values()).subList(0, columns).toString())
        .sorted()
        .collect(Collectors.toList());
  }

  @Test
  void aBatchGivesTheSameRowsAndFiles() throws Exception {
    String local = Files.readString(folder.resolve("out/spread.ndjson"));
    Files.delete(folder.resolve("out/spread.ndjson"));
    CommandRun run = run("day", "--target", "cluster");
    assertEquals(0, run.code(), run.err() + cluster.logs());
    assertTrue(run.out().matches("(?s).*trips +3,001 +3,000 +1 .*"), run.out());
    assertEquals(expected, rows("cluster.duckdb"));
    assertFalse(retried("day"));
    assertEquals(
        local.lines().sorted().toList(),
        Files.readString(folder.resolve("out/spread.ndjson")).lines().sorted().toList());
  }

  @Test
  void aBackfillWritesAllOfItsRange() throws Exception {
    assertEquals(0, run("day", "--target", "cluster").code());
    List<String> words =
        List.of(
            "backfill",
            "fares",
            "--from",
            "2026-03-01T01:00:00Z",
            "--to",
            "2026-03-01T02:00:00Z",
            "--target",
            "cluster",
            "-C",
            folder.toString());
    for (int i = 0; i < 3; i++) {
      CommandRun backfill = CommandRun.of(words.toArray(String[]::new));
      assertEquals(0, backfill.code(), backfill.err() + cluster.logs());
      assertEquals(expected, rows("cluster.duckdb"));
    }
  }

  @Test
  void aStreamWhoseWorkerIsKilledGivesTheSameRows() throws Exception {
    CompletableFuture<CommandRun> run =
        CompletableFuture.supplyAsync(() -> run("live", "--target", "cluster", "--speed", "500"));
    cluster.await(
        "the middle of the stream",
        () -> {
          assertFalse(run.isDone(), () -> "the run has ended: " + run.join());
          return checkpoints("completed") >= 2;
        });
    cluster.killWorker(0);
    cluster.addWorker();
    CommandRun done = run.get(3, TimeUnit.MINUTES);
    assertEquals(0, done.code(), done.err() + cluster.logs());
    assertEquals(expected, rows("cluster.duckdb"));
    assertTrue(checkpoints("restored") > 0, "the job went back to no checkpoint");
    assertTrue(retried("live"));
  }

  /** What a batch is refused by, which writes again what it does again. */
  private boolean retried(String pipeline) throws IOException, InterruptedException {
    FlinkRest rest = new FlinkRest(cluster.master());
    for (FlinkRest.Job job : rest.jobs()) {
      if (job.name().startsWith("beamline/taxi/" + pipeline + "/")) {
        return rest.hasRetried(job.id());
      }
    }
    throw new AssertionError("no job of " + pipeline);
  }

  /** Of the stream, which is the only one that has checkpoints. */
  private int checkpoints(String kind) throws IOException, InterruptedException {
    int count = 0;
    for (JsonNode job : cluster.get("/jobs/overview").path("jobs")) {
      String path = "/jobs/" + job.path("jid").asText() + "/checkpoints";
      count += cluster.get(path).path("counts").path(kind).asInt();
    }
    return count;
  }
}
