package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.beamline.io.bigquery.server.LocalBigQuery;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard over tables of BigQuery, in a real browser. */
final class BigQueryDashboardTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path project;
  private LocalBigQuery bigQuery;
  private Chromium browser;

  @BeforeEach
  void start() throws IOException {
    bigQuery = LocalBigQuery.start();
    bigQuery.makeDataset("demo-proj", "game");
    browser = Chromium.start();
    Files.createDirectories(project.resolve("queries"));
    Files.writeString(
        project.resolve("pipelines.yaml"),
        """
        project: arena
        defaults: {sink: {type: bigquery, dataset: game}}
        sources:
          events:
            type: files
            path: events.ndjson
            columns: {team: {type: STRING, required: true}, score: INT64, ts: TIMESTAMP}
            event_time: ts
        queries:
          hourly: {description: Points of each team., columns: {total: Points.}}
        pipelines:
          all: {mode: batch, queries: ["*"]}
        targets:
          cloud: {runner: direct, options: {project: demo-proj, bigQueryEndpoint: "%s"}}
          bare: {runner: direct}
        """
            .formatted(bigQuery.endpoint()));
    Files.writeString(
        project.resolve("queries/hourly.sql"),
        "SELECT team, SUM(score) AS total, ARRAY_AGG(score ORDER BY score LIMIT 3) AS least"
            + " FROM events GROUP BY team, TUMBLE(ts, INTERVAL 1 HOUR)");
    StringBuilder rows = new StringBuilder();
    for (int minute = 0; minute < 240; minute++) {
      rows.append(
          "{\"team\":\"%s\",\"score\":%d,\"ts\":\"2026-01-05T%02d:%02d:00Z\"}\n"
              .formatted(
                  minute % 2 == 0 ? "blue" : "red", 1 + minute % 5, minute / 60, minute % 60));
    }
    rows.append("{\"score\": 1}\n");
    Files.writeString(project.resolve("events.ndjson"), rows);
  }

  @AfterEach
  void stop() {
    browser.close();
    bigQuery.close();
  }

  @Test
  void drawsTheTablesAndFollowsThem() throws Exception {
    CommandRun run = CommandRun.of("run", "-C", project.toString(), "--target", "cloud");
    assertEquals(0, run.code(), run.err());
    StringWriter out = new StringWriter();
    PrintWriter writer = new PrintWriter(out, true);
    Thread serving =
        new Thread(
            () ->
                Main.run(
                    new String[] {
                      "dashboard",
                      "-C",
                      project.toString(),
                      "--target",
                      "cloud",
                      "--port",
                      "0",
                      "--no-open",
                      "--refresh",
                      "1s"
                    },
                    writer,
                    writer));
    serving.start();
    try {
      Pattern url = Pattern.compile("http://127\\.0\\.0\\.1:\\d+/");
      browser.open(
          browser.until(
              "the address in " + out,
              () -> {
                Matcher matcher = url.matcher(out.toString());
                return matcher.find() ? matcher.group() : null;
              }));
      browser.awaitText("1 metric, 1 record refused, all values final");
      browser.awaitText("total of each team by window_start");
      browser.until("a chart", () -> browser.drawnCharts() == 1 ? true : null);
      browser.open(browser.script("return location.href") + "#/metric/hourly");
      browser.until("8 rows", () -> browser.all("tbody tr").size() == 8 ? true : null);
      browser.awaitText("[1,1,1]");

      // Another row comes, not final yet; the page shows it by itself.
      ObjectNode early =
          JSON.createObjectNode()
              .put("team", "green")
              .put("total", 4242)
              .put("window_start", "2026-01-05T04:00:00Z")
              .put("window_end", "2026-01-05T05:00:00Z")
              .put("pane_timing", "EARLY")
              .put("pane_index", 0)
              .put("is_final", false);
      bigQuery.append("demo-proj", "game", "hourly", List.of(early));
      browser.until("the new row", () -> browser.all("tbody tr").size() == 9 ? true : null);
      assertEquals(1, browser.all("tbody tr.early").size());
      browser.assertAccessible();
      browser.assertQuiet();
    } finally {
      serving.interrupt();
    }
  }

  @Test
  void saysWhereThereIsNothingToShow() throws Exception {
    Files.writeString(
        project.resolve("pipelines.yaml"),
        Files.readString(project.resolve("pipelines.yaml"))
            .replace("{type: bigquery, dataset: game}", "{type: console}"));
    CommandRun bare =
        CommandRun.of("dashboard", "-C", project.toString(), "--target", "bare", "--no-open");
    assertEquals(1, bare.code());
    assertTrue(bare.err().contains("no warehouse, and no query goes to BigQuery"), bare.err());
    CommandRun refresh = CommandRun.of("dashboard", "-C", project.toString(), "--refresh", "0s");
    assertEquals(2, refresh.code());
  }
}
