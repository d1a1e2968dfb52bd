package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.beamline.io.duckdb.Warehouse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One project in batch and as a stream, on the local target and on Flink: the same rows. */
class FlinkRunTest {

  private static final String PIPELINES =
      """
      version: 1
      project: taxi
      defaults:
        windowing: {allowed_lateness: 1h, trigger: {early: {every: 1s}}}
      sources:
        trips:
          type: kafka
          bootstrap_servers: localhost:1
          topic: trips
          columns: {id: STRING, ts: {type: TIMESTAMP, required: true}, zone: STRING, fare: NUMERIC}
          event_time: ts
          watermark: {max_out_of_orderness: 1m}
          deduplicate: {by: [id], within: 10m}
          sample: data/trips.ndjson
        zones:
          type: files
          path: data/zones.csv
          columns: {zone: STRING, borough: STRING}
          refresh: 1h
      pipelines:
        day: {mode: batch, queries: ["*"], default: true}
        live: {mode: streaming, queries: ["*"]}
      targets:
        local: {runner: direct, warehouse: local.duckdb}
        flink: {runner: flink, warehouse: flink.duckdb, checkpoint_every: 1s, parallelism: 2}
        rock: {runner: flink, warehouse: rock.duckdb, checkpoint_every: 1s, state_backend: rocksdb}
      """;

  @TempDir Path folder;

  @BeforeEach
  void project() throws IOException {
    Files.createDirectories(folder.resolve("data"));
    Files.createDirectories(folder.resolve("queries"));
    Files.writeString(folder.resolve("pipelines.yaml"), PIPELINES);
    Files.writeString(
        folder.resolve("queries/fares.sql"),
        "SELECT zone, SUM(fare) AS total, COUNT(*) AS trips FROM trips"
            + " GROUP BY zone, TUMBLE(ts, INTERVAL 10 MINUTE)");
    // Every tenth trip or so is left out, and one fails.
    Files.writeString(
        folder.resolve("queries/tips.sql"),
        "SELECT zone, SUM(1 / (CAST(id AS INT64) - 30)) AS tip FROM trips WHERE fare >= 5"
            + " GROUP BY zone, TUMBLE(ts, INTERVAL 1 HOUR)");
    Files.writeString(
        folder.resolve("queries/boroughs.sql"),
        "SELECT z.borough, COUNT(*) AS trips FROM trips t JOIN zones z ON t.zone = z.zone"
            + " GROUP BY z.borough, TUMBLE(t.ts, INTERVAL 1 HOUR)");
    Files.writeString(
        folder.resolve("data/zones.csv"), "zone,borough\nA,North\nB,North\nC,South\n");
    Random random = new Random(4);
    StringBuilder lines = new StringBuilder("{broken\n");
    for (int i = 0; i < 3000; i++) {
      int second = i * 5 + random.nextInt(50);
      String line =
          String.format(
              "{\"id\":\"%d\",\"ts\":\"2026-03-01T%02d:%02d:%02dZ\",\"zone\":\"%s\",\"fare\":\"%d.%02d\"}%n",
              i,
              second / 3600,
              second / 60 % 60,
              second % 60,
              "ABC".charAt(random.nextInt(3)),
              random.nextInt(50),
              random.nextInt(100));
      lines.append(i % 100 == 7 ? line + line : line);
    }
    Files.writeString(folder.resolve("data/trips.ndjson"), lines);
  }

  private List<String> rows(String database, String table) throws IOException {
    Warehouse warehouse = Warehouse.open(folder.resolve(database));
    int columns = warehouse.schema(table).orElseThrow().indexOf("pane_timing");
    return warehouse.rows(table, List.of(), Long.MAX_VALUE).stream()
        .map(row -> List.of(row.values()).subList(0, columns).toString())
        .sorted()
        .collect(Collectors.toList());
  }

  /** What the runner's metrics say became of the rows. */
  private String counted(String database) throws IOException {
    JsonNode queries =
        new ObjectMapper()
            .readTree(folder.resolve(database + ".run.json").toFile())
            .path("queries");
    List<String> lines = new ArrayList<>();
    for (String query : List.of("boroughs", "fares", "tips")) {
      for (String kind : List.of("rows", "filtered", "failed", "late")) {
        lines.add(query + " " + kind + "=" + queries.path(query).path(kind).asLong(-1));
      }
    }
    return String.join("\n", lines);
  }

  private CommandRun run(String... args) {
    String[] all = new String[args.length + 5];
    all[0] = "run";
    System.arraycopy(args, 0, all, 1, args.length);
    all[args.length + 1] = "-C";
    all[args.length + 2] = folder.toString();
    all[args.length + 3] = "--preview";
    all[args.length + 4] = "0";
    CommandRun run = CommandRun.of(all);
    assertEquals(0, run.code(), run.err() + run.out());
    assertTrue(run.out().matches("(?s).*trips +3,031 +3,000 +1 +30\\n.*"), run.out());
    return run;
  }

  @Test
  void batchAndStreamGiveTheSameRowsOnEachRunner() throws IOException {
    run("day");
    List<String> fares = rows("local.duckdb", "fares");
    List<String> boroughs = rows("local.duckdb", "boroughs");
    String counted = counted("local.duckdb");
    assertTrue(counted.contains("tips failed=1"), counted);
    assertFalse(counted.contains("tips filtered=0"), counted);
    assertEquals(78, fares.size());
    for (String[] how :
        new String[][] {{"live", "local"}, {"day", "flink"}, {"live", "flink"}, {"live", "rock"}}) {
      run(how[0], "--target", how[1]);
      assertEquals(fares, rows(how[1] + ".duckdb", "fares"), String.join(" ", how));
      assertEquals(boroughs, rows(how[1] + ".duckdb", "boroughs"), String.join(" ", how));
      assertEquals(counted, counted(how[1] + ".duckdb"), String.join(" ", how));
    }
  }
}
