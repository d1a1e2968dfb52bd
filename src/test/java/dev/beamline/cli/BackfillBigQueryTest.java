package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.beamline.io.bigquery.server.LocalBigQuery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backfills into tables of BigQuery, of files and of tables. */
final class BackfillBigQueryTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PROJECT = "demo-proj";
  private static final long PATIENCE_NANOS = 180_000_000_000L;

  private static LocalBigQuery bigQuery;
  private static int datasets;

  private String dataset;

  @TempDir private Path folder;

  @BeforeAll
  static void start() throws IOException {
    bigQuery = LocalBigQuery.start();
  }

  @AfterAll
  static void stop() {
    bigQuery.close();
  }

  @BeforeEach
  void project() throws IOException {
    dataset = dataset();
    Files.createDirectories(folder.resolve("queries"));
    Files.writeString(
        folder.resolve("pipelines.yaml"),
        """
        version: 1
        project: tiny
        defaults:
          sink: {type: bigquery, dataset: "${DATASET:-%s}"}
          windowing: {allowed_lateness: 1d}
        sources:
          events:
            type: files
            path: events.ndjson
            columns: {id: STRING, ts: {type: TIMESTAMP, required: true}, team: STRING, score: INT64}
            event_time: ts
            watermark: {max_out_of_orderness: 10m}
            deduplicate: {by: [id], within: 10m}
          clicks:
            type: pubsub
            topic: clicks
            columns: {id: STRING, ts: {type: TIMESTAMP, required: true}, team: STRING, score: INT64}
            event_time: ts
        queries:
          panes: {sink: {write: append}}
          clicked: {sink: {write: append}}
        pipelines:
          nightly: {mode: batch, queries: [hourly, panes]}
          live: {mode: streaming, queries: [hourly, panes]}
        targets:
          cloud: {runner: direct, options: {project: %s, bigQueryEndpoint: "%s"}}
        """
            .formatted(dataset, PROJECT, bigQuery.endpoint()));
    String sums =
        "SELECT team, SUM(score) AS total, ARRAY_AGG(score ORDER BY score LIMIT 2) AS least FROM"
            + " events GROUP BY team, TUMBLE(ts, INTERVAL 1 HOUR)";
    query("hourly", sums);
    query("panes", sums);
    query("clicked", sums.replace("events", "clicks"));
    Random random = new Random(7);
    List<String> lines = new ArrayList<>();
    Instant start = Instant.parse("2026-01-01T00:00:00Z");
    for (int i = 0; i < 300; i++) {
      lines.add(
          "{\"id\": \"e%d\", \"ts\": \"%s\", \"team\": \"%s\", \"score\": %d}"
              .formatted(
                  i,
                  start.plusSeconds(i * 120L + random.nextInt(400)),
                  random.nextBoolean() ? "red" : "blue",
                  random.nextInt(9)));
    }
    Files.write(folder.resolve("events.ndjson"), lines);
  }

  private static String dataset() {
    String name = "game" + ++datasets;
    bigQuery.makeDataset(PROJECT, name);
    return name;
  }

  private void query(String name, String sql) throws IOException {
    Files.writeString(folder.resolve("queries/" + name + ".sql"), sql);
  }

  private CommandRun beamline(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("-C", folder.toString(), "--target", "cloud"));
    return CommandRun.of(all.toArray(String[]::new));
  }

  private CommandRun backfill(String query, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of("backfill", query, "--from", "2026-01-01T03:10", "--to", "2026-01-01T05:40"));
    all.addAll(List.of(more));
    return beamline(all.toArray(String[]::new));
  }

  private static void done(CommandRun run) {
    assertEquals(0, run.code(), run.err() + run.out());
  }

  /** The rows without the panes' columns, which tell how a row came about. */
  private static List<String> rows(String dataset, String table) {
    return bigQuery.rows(PROJECT, dataset, table).stream()
        .map(
            row -> {
              Map<String, Object> plain = new TreeMap<>(row);
              plain.remove("pane_index");
              plain.remove("pane_timing");
              return plain.toString();
            })
        .sorted()
        .toList();
  }

  private List<String> rows(String table) {
    return rows(dataset, table);
  }

  /** Rows that should not be there, one in the range and one out of it. */
  private void ghosts(String table) {
    List<ObjectNode> ghosts = new ArrayList<>();
    for (String hour : List.of("04", "08")) {
      ghosts.add(
          JSON.createObjectNode()
              .put("team", "ghost")
              .put("total", 1)
              .put("window_start", "2026-01-01T" + hour + ":00:00Z")
              .put("window_end", "2026-01-01T" + hour + ":59:00Z"));
    }
    bigQuery.append(PROJECT, dataset, table, ghosts);
  }

  @Test
  void aTableOfPanesGetsTheRowsOfTheRangeInOneStepHoweverOften() {
    done(beamline("run", "nightly"));
    List<String> whole = rows("panes");
    assertTrue(whole.size() > 15, whole.toString());
    ghosts("panes");
    for (int times = 0; times < 2; times++) {
      CommandRun filled = backfill("panes");
      done(filled);
      assertTrue(
          filled.out().contains("from 2026-01-01T03:00:00Z to 2026-01-01T06:00:00Z"), filled.out());
      List<String> now = rows("panes");
      assertEquals(
          whole, now.stream().filter(r -> !r.contains("ghost")).toList(), "after " + times);
      assertEquals(1, now.stream().filter(r -> r.contains("ghost")).count(), "out of the range");
    }
    nothingIsLeft();
  }

  /** What was written apart is gone. */
  private void nothingIsLeft() {
    List<String> tables = bigQuery.tables(PROJECT, dataset);
    assertTrue(tables.contains("panes"), tables.toString());
    assertTrue(tables.stream().noneMatch(t -> t.contains("backfill")), tables.toString());
  }

  @Test
  void aBackfillThatFailsLeavesTheTableAsItWas() {
    done(beamline("run", "nightly"));
    ghosts("panes");
    List<String> before = rows("panes");
    bigQuery.refuseRows(PROJECT, dataset, "panes", row -> "red".equals(row.get("team")));
    CommandRun failed = backfill("panes");
    assertEquals(3, failed.code(), failed.out());
    assertTrue(failed.err().contains("were not replaced"), failed.err());
    assertTrue(failed.err().contains("violates a rule"), failed.err());
    assertEquals(before, rows("panes"));
    nothingIsLeft();
  }

  @Test
  void aTableWithAKeyLosesTheRowsThatAreNotMade() throws Exception {
    Path events = folder.resolve("events.ndjson");
    List<String> lines = Files.readAllLines(events);
    List<String> more = new ArrayList<>(lines);
    more.add(
        "{\"id\": \"x\", \"ts\": \"2026-01-01T04:20:00Z\", \"team\": \"ghost\", \"score\": 3}");
    more.add(
        "{\"id\": \"y\", \"ts\": \"2026-01-01T08:20:00Z\", \"team\": \"ghost\", \"score\": 3}");
    Files.write(events, more);
    done(beamline("run", "nightly"));
    Files.write(events, lines);
    String other = dataset;
    dataset = dataset();
    String text = Files.readString(folder.resolve("pipelines.yaml"));
    Files.writeString(folder.resolve("pipelines.yaml"), text.replace(other, dataset));
    done(beamline("run", "nightly"));
    List<String> whole = rows("hourly");
    Files.writeString(folder.resolve("pipelines.yaml"), text);
    for (int times = 0; times < 2; times++) {
      done(backfill("hourly"));
      List<String> now = rows(other, "hourly");
      assertEquals(whole, now.stream().filter(r -> !r.contains("ghost")).toList());
      assertEquals(1, now.stream().filter(r -> r.contains("ghost")).count(), now.toString());
    }
  }

  @Test
  void aStreamsArchiveMayBeATable() throws Exception {
    CommandRun refused = backfill("clicked");
    assertEquals(1, refused.code());
    assertTrue(refused.err().contains("clicks is a pubsub source"), refused.err());
    assertTrue(refused.err().contains("--input clicks=bigquery:dataset.table"), refused.err());
    CommandRun wrong = backfill("clicked", "--input", "clicks=bigquery:archive");
    assertEquals(1, wrong.code());
    assertTrue(wrong.err().contains("names no table"), wrong.err());

    archive();
    CommandRun told =
        backfill(
            "clicked",
            "--input",
            "clicks=bigquery:" + dataset + ".archive",
            "--dry-run",
            "--output",
            "json");
    done(told);
    assertTrue(told.out().contains("\"windows_of_range\":3"), told.out());
    assertTrue(told.out().contains("\"rows_read\":{\"clicks\":300}"), told.out());
    assertTrue(told.out().matches("(?s).*\"rows_in_range\":(8|9)\\d,.*"), told.out());
    assertTrue(told.out().contains("\"bytes\":30000"), told.out());
    assertFalse(bigQuery.hasTable(PROJECT, dataset, "clicked"));

    done(backfill("clicked", "--input", "clicks=bigquery:" + dataset + ".archive"));
    done(backfill("panes"));
    assertEquals(rows("panes"), rows("clicked"));
    assertEquals(6, rows("clicked").size());
  }

  private void archive() throws IOException {
    ObjectNode resource = JSON.createObjectNode();
    resource.putObject("tableReference").put("tableId", "archive");
    resource.set(
        "schema",
        JSON.readTree(
            """
            {"fields": [{"name": "id", "type": "STRING"}, {"name": "ts", "type": "TIMESTAMP"},
              {"name": "team", "type": "STRING"}, {"name": "score", "type": "INTEGER"}]}
            """));
    bigQuery.makeTable(PROJECT, dataset, resource);
    List<ObjectNode> rows = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve("events.ndjson"))) {
      rows.add((ObjectNode) JSON.readTree(line));
    }
    bigQuery.append(PROJECT, dataset, "archive", rows);
  }

  @Test
  void aKilledAndRestartedStreamAndABackfillEndAsOneBatchRun() throws Exception {
    List<String> lines = Files.readAllLines(folder.resolve("events.ndjson"));
    // What the stream gets: the archive without some events, which it lost for good.
    List<String> part = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (i % 7 != 0) {
        part.add(lines.get(i));
      }
    }
    Path seen = folder.resolve("seen.ndjson");
    Files.write(seen, part);
    Process process = stream(seen, "900");
    try {
      long end = System.nanoTime() + PATIENCE_NANOS;
      while (!bigQuery.hasTable(PROJECT, dataset, "hourly") || rows("hourly").isEmpty()) {
        assertTrue(process.isAlive() && System.nanoTime() < end, this::log);
        Thread.sleep(100);
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    process = stream(seen, "1000000");
    try {
      assertTrue(process.waitFor(180, java.util.concurrent.TimeUnit.SECONDS), this::log);
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertEquals(0, process.exitValue(), this::log);
    String streamed = dataset;
    dataset = dataset();
    Path yaml = folder.resolve("pipelines.yaml");
    String text = Files.readString(yaml);
    Files.writeString(yaml, text.replace(streamed, dataset));
    done(beamline("run", "nightly"));
    List<String> whole = rows("hourly");
    assertNotEquals(whole, rows(streamed, "hourly"));
    Files.writeString(yaml, text);
    for (String half : List.of("2025-12-31 2026-01-01T04:30", "2026-01-01T05:00 2026-01-02")) {
      String[] ends = half.split(" ");
      done(beamline("backfill", "hourly", "--from", ends[0], "--to", ends[1]));
    }
    done(beamline("backfill", "panes", "--from", "2025-12-31", "--to", "2026-01-02"));
    assertEquals(whole, rows(streamed, "hourly"));
    assertEquals(whole, rows(streamed, "panes"));
  }

  private String log() {
    try {
      return Files.readString(folder.resolve("log.txt"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private Process stream(Path input, String speed) throws IOException {
    List<String> command = new ArrayList<>(CommandProcess.ofThisClassPath(bigQuery.jvmOptions()));
    command.addAll(
        List.of(
            "run",
            "live",
            "--target",
            "cloud",
            "--input",
            "events=" + input,
            "--speed",
            speed,
            "-C",
            folder.toString()));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log.txt").toFile()))
        .start();
  }
}
