package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.catalog.Tuple;
import dev.beamline.io.duckdb.Warehouse;
import dev.beamline.io.kafka.KafkaBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams from a real broker that are stopped, killed, changed and filled back. */
class ResumedRunTest {

  private static final Instant START = Instant.parse("2026-05-01T00:00:00Z");
  private static final String TOTALS =
      "SELECT customer, SUM(amount) AS total FROM orders"
          + " GROUP BY customer, TUMBLE(ts, INTERVAL 1 HOUR)";

  @AutoClose private static KafkaBroker broker;

  @TempDir Path folder;

  @BeforeAll
  static void startBroker(@TempDir Path data) throws Exception {
    broker = KafkaBroker.start(data);
  }

  @BeforeEach
  void folders() throws IOException {
    Files.createDirectories(folder.resolve("queries"));
    query("totals", TOTALS);
  }

  private void project(String topic) throws Exception {
    broker.topic(topic, 1);
    Files.writeString(
        folder.resolve("pipelines.yaml"),
        """
        version: 1
        project: shop
        defaults:
          windowing: {allowed_lateness: 1h, trigger: {early: {every: 300ms}}}
        sources:
          orders:
            type: kafka
            bootstrap_servers: %s
            topic: %s
            group_id: %s
            columns:
              customer: STRING
              region: STRING
              ts: {type: TIMESTAMP, required: true}
              amount: INT64
            event_time: ts
        pipelines:
          live: {mode: streaming, queries: ["*"]}
          nightly: {mode: batch, queries: [totals]}
        targets:
          here: {runner: flink, warehouse: w.duckdb, checkpoint_every: 500ms, parallelism: 1}
          whole: {runner: direct, warehouse: whole.duckdb}
        """
            .formatted(broker.servers(), topic, topic));
  }

  private void query(String name, String sql) throws IOException {
    Files.writeString(folder.resolve("queries/" + name + ".sql"), sql);
  }

  private CommandRun beamline(String command, String... arguments) {
    return CommandRun.in(folder, command, arguments);
  }

  private RunProcess live(String... more) throws IOException {
    List<String> all = new ArrayList<>(List.of("live", "--target", "here", "--preview", "0"));
    all.addAll(List.of(more));
    return new RunProcess(folder, List.of(), all.toArray(String[]::new));
  }

  /** One order of 1 a minute. */
  private static String order(int minute) {
    return "{\"customer\":\"c%d\",\"region\":\"%s\",\"ts\":\"%s\",\"amount\":1}"
        .formatted(minute % 3, minute % 2 == 0 ? "north" : "south", START.plusSeconds(minute * 60));
  }

  private void send(String topic, int from, int to) {
    broker.send(topic, 0, IntStream.range(from, to).mapToObj(ResumedRunTest::order).toList());
  }

  /** What a table says, by its first column and window. */
  private Map<String, Long> rows(String warehouse, String table) throws IOException {
    Warehouse open = Warehouse.open(folder.resolve(warehouse));
    int window = open.schema(table).orElseThrow().indexOf("window_start");
    Map<String, Long> rows = new TreeMap<>();
    for (Tuple row : open.rows(table, List.of(), Long.MAX_VALUE)) {
      rows.put(row.get(0) + "@" + row.get(window), (Long) row.get(1));
    }
    return rows;
  }

  private long total(String table) throws IOException {
    return rows("w.duckdb", table).values().stream().mapToLong(Long::longValue).sum();
  }

  @Test
  void aStreamGoesOnOnlyWithStateOfItsOwnForm() throws Exception {
    project("resumed");
    query(
        "regions",
        "SELECT region, COUNT(*) AS n FROM orders GROUP BY region, TUMBLE(ts, INTERVAL 1 HOUR)");
    try (RunProcess run = live()) {
      send("resumed", 0, 30);
      run.await("30 orders", () -> total("totals") == 30 && total("regions") == 30);
      run.stop();
    }
    // The key is another, under the same name.
    query(
        "totals",
        TOTALS
            .replace("SELECT customer", "SELECT region AS customer")
            .replace("BY customer", "BY region"));
    CommandRun other = beamline("run", "live", "--target", "here");
    assertEquals(1, other.code(), other.out() + other.err());
    assertTrue(other.err().contains("queries/totals.sql"), other.err());
    assertTrue(other.err().contains("STATE_CONFLICT"), other.err());
    assertTrue(other.err().contains("query totals cannot go on"), other.err());
    assertTrue(other.err().contains("it has sums by [orders.customer STRING,"), other.err());
    assertTrue(other.err().contains("--fresh"), other.err());
    assertFalse(other.err().contains("query regions"), other.err());

    // What keeps the form of the state goes on with it; what is gone stays behind.
    query("totals", TOTALS.replace("FROM orders", "FROM orders WHERE amount < 100"));
    Files.delete(folder.resolve("queries/regions.sql"));
    Files.delete(folder.resolve("run.log"));
    try (RunProcess run = live()) {
      send("resumed", 30, 50);
      run.await("50 orders", () -> total("totals") == 50);
      run.stop();
      assertTrue(run.log().contains("Going on from"), run.log());
      assertTrue(run.log().contains("the SQL computes something else"), run.log());
    }

    // Begun anew, it knows nothing of what was counted before.
    query(
        "regions",
        "SELECT region, SUM(amount) AS n FROM orders GROUP BY region, TUMBLE(ts, INTERVAL 1 HOUR)");
    query("totals", TOTALS.replace("SUM(amount)", "MAX(amount)"));
    assertEquals(1, beamline("run", "live", "--target", "here").code());
    try (RunProcess run = live("--fresh")) {
      send("resumed", 50, 55);
      run.await("a maximum of 1 each", () -> total("totals") == 3 && total("regions") == 5);
      run.stop();
    }
  }

  /** Such a run ends, and nothing goes on from it. */
  @Test
  @Tag("slow")
  void aRunOverAFileLeavesTheStreamsStateAlone() throws Exception {
    project("apart");
    try (RunProcess run = live()) {
      send("apart", 0, 30);
      run.await("30 orders", () -> total("totals") == 30);
      run.stop();
    }
    Files.writeString(folder.resolve("some.ndjson"), order(24 * 60) + "\n");
    CommandRun file =
        beamline(
            "run",
            "live",
            "--target",
            "here",
            "--input",
            "orders=" + folder.resolve("some.ndjson"));
    assertEquals(0, file.code(), file.err());
    assertEquals(1, total("totals"), "a run that ends makes its tables anew");
    try (RunProcess run = live()) {
      send("apart", 30, 50);
      run.await("all orders", () -> total("totals") == 51);
      run.stop();
    }
  }

  @Test
  void aKilledAndRestartedStreamAndABackfillEndAsOneBatchRun() throws Exception {
    project("killed");
    StringBuilder archive = new StringBuilder();
    for (int minute = 0; minute < 360; minute++) {
      archive.append(order(minute)).append('\n');
    }
    Files.writeString(folder.resolve("archive.ndjson"), archive);
    CommandRun whole =
        beamline(
            "run",
            "nightly",
            "--target",
            "whole",
            "--input",
            "orders=" + folder.resolve("archive.ndjson"));
    assertEquals(0, whole.code(), whole.err());
    Map<String, Long> expected = rows("whole.duckdb", "totals");
    assertEquals(18, expected.size());
    try (RunProcess run = live()) {
      // The first hour and a half came before there was a topic.
      send("killed", 90, 200);
      run.await("the first orders", () -> total("totals") == 110);
      run.killAndStartAgain();
      send("killed", 200, 300);
      run.await("the next orders", () -> total("totals") == 210);
      // While the stream goes on, and on whole windows: the half one is filled, and none twice.
      CommandRun backfill =
          beamline(
              "backfill",
              "totals",
              "--target",
              "here",
              "--from",
              START.toString(),
              "--to",
              START.plusSeconds(5400).toString(),
              "--input",
              "orders=" + folder.resolve("archive.ndjson"));
      assertEquals(0, backfill.code(), backfill.err());
      run.killAndStartAgain();
      send("killed", 300, 360);
      run.await("all orders", () -> total("totals") == 360);
      run.stop();
    }
    assertEquals(expected, rows("w.duckdb", "totals"));
  }
}
