package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.gcs.LocalGcs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A dairy whose files are all in an object store: globs, samples, sinks. */
class GcsFilesTest {

  @TempDir Path folder;
  private LocalGcs gcs;

  @BeforeEach
  void start() throws IOException {
    gcs = LocalGcs.start();
    gcs.makeBucket("dairy");
    gcs.put("dairy", "milk/m01.csv", milk("01"));
    gcs.put("dairy", "milk/m02.csv.gz", zipped(milk("02")));
    gcs.put("dairy", "milk/2026/m03.csv", milk("03"));
    Files.createDirectories(folder.resolve("queries"));
    String columns =
        "columns: {cow: STRING, liters: NUMERIC, t: {type: TIMESTAMP, required: true}}, event_time: t";
    Files.writeString(
        folder.resolve("pipelines.yaml"),
        """
        version: 1
        project: dairy
        sources:
          milk: {type: files, path: "gs://dairy/milk/**", format: csv, %s}
          milk_above: {type: files, path: "gs://dairy/milk/*.csv", format: csv, %s}
          milking: {type: pubsub, topic: milking, sample: "gs://dairy/milk/m01.csv", %s}
        queries:
          all_days: {sink: {type: files, path: "gs://dairy/out/"}}
          one_day: {sink: {type: files, path: "gs://dairy/out/first.csv"}}
        pipelines:
          day: {mode: batch, queries: [all_days, one_day]}
        targets:
          local: {runner: direct, warehouse: w.duckdb, options: {gcsEndpoint: "%s"}}
          cloud: {runner: direct, options: {project: demo, gcsEndpoint: "%s"}}
        """
            .formatted(columns, columns, columns, gcs.endpoint(), gcs.endpoint()));
    query("all_days", "SELECT cow, SUM(liters) AS liters FROM milk GROUP BY cow");
    query("one_day", "SELECT cow, SUM(liters) AS liters FROM milk_above GROUP BY cow");
    query(
        "live",
        "SELECT cow, SUM(liters) AS liters FROM milking GROUP BY cow, TUMBLE(t, INTERVAL 1 DAY)");
  }

  @AfterEach
  void stop() throws IOException {
    gcs.close();
  }

  private void query(String name, String sql) throws IOException {
    Files.writeString(folder.resolve("queries/" + name + ".sql"), sql);
  }

  private static String milk(String day) {
    return "cow,liters,t\nbella,1.5,2026-01-%s\nrosa,2.25,2026-01-%s\nrosa,oops,2026-01-%s\n"
        .replace("%s", day + "T06:00:00Z");
  }

  private static byte[] zipped(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private CommandRun command(String command, String... arguments) {
    CommandRun run = CommandRun.in(folder, command, arguments);
    assertEquals(0, run.code(), run.err() + run.out());
    return run;
  }

  @Test
  void aBatchReadsAndWritesObjects() throws IOException {
    CommandRun run = command("run", "day", "--target", "cloud");
    assertTrue(run.out().matches("(?s).*milk +9 +6 +3 .*milk_above +3 +2 +1 .*"), run.out());
    List<String> all =
        new String(gcs.get("dairy", "out/all_days.ndjson"), StandardCharsets.UTF_8)
            .lines()
            .sorted()
            .toList();
    assertEquals(
        List.of("{\"cow\":\"bella\",\"liters\":4.5}", "{\"cow\":\"rosa\",\"liters\":6.75}"), all);
    List<String> first =
        new String(gcs.get("dairy", "out/first.csv"), StandardCharsets.UTF_8)
            .lines()
            .sorted()
            .toList();
    assertEquals(List.of("bella,1.5", "cow,liters", "rosa,2.25"), first);
  }

  @Test
  void commandsReadSamplesThere() {
    assertTrue(
        command("query", "SELECT SUM(liters) AS sum FROM milking", "--format", "csv")
            .out()
            .contains("3.75"));
    assertTrue(command("verify", "live", "--runs", "2").out().contains("agree"));
    assertTrue(command("explain", "live").out().contains("A day like the sample's"));
    command("docs");
  }
}
