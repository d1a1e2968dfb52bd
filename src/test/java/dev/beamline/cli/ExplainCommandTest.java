package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ExplainCommandTest {

  @TempDir private Path project;

  @BeforeEach
  void makeProject() throws IOException {
    Files.createDirectories(project.resolve("queries"));
    Files.writeString(
        project.resolve("pipelines.yaml"),
        """
        sources:
          events:
            type: pubsub
            subscription: projects/demo/subscriptions/events
            columns: {user: STRING, team: STRING, score: INT64, ts: TIMESTAMP, note: STRING}
            event_time: ts
            watermark: {max_out_of_orderness: 1m}
            sample: events.ndjson
        defaults:
          windowing: {allowed_lateness: 1h, trigger: {early: {every: 10m}}}
        pipelines:
          live: {mode: streaming, queries: ["*"]}
        """);
    StringBuilder rows = new StringBuilder();
    for (int minute = 0; minute < 24 * 60; minute += 10) {
      row(rows, minute, "u" + minute % 7, minute % 20 == 0 ? "blue" : "red");
    }
    row(rows, 23 * 60 + 5, "late", "blue");
    row(rows, 23 * 60 + 59, "u1", "blue");
    row(rows, 60, "too late", "blue");
    Files.writeString(project.resolve("events.ndjson"), rows);
    query(
        "hourly",
        "SELECT team, SUM(score) AS total FROM events WHERE score > 0"
            + " GROUP BY team, TUMBLE(ts, INTERVAL 1 HOUR)");
    query(
        "every_second",
        "SELECT team, COUNT(DISTINCT user) AS users FROM events"
            + " GROUP BY team, HOP(ts, INTERVAL 1 SECOND, INTERVAL 1 DAY)");
    query(
        "best",
        "SELECT team, MAX(total) AS best FROM hourly GROUP BY team, window_start, window_end");
  }

  private static void row(StringBuilder rows, int minute, String user, String team) {
    rows.append(
        "{\"user\":\"%s\",\"team\":\"%s\",\"score\":5,\"ts\":\"2026-01-05T%02d:%02d:00Z\"}\n"
            .formatted(user, team, minute / 60, minute % 60));
  }

  private void query(String name, String sql) throws IOException {
    Files.writeString(project.resolve("queries/" + name + ".sql"), sql);
  }

  @Test
  void mistakesOfOtherQueriesAreNoReasonNotToExplain() throws IOException {
    query("broken", "SELECT tem FROM events");
    CommandRun run = CommandRun.in(project, "explain", "best");
    assertEquals(0, run.code(), run.err());
    assertEquals("Other queries have errors: see 'beamline validate'.", run.err().strip());
    assertTrue(run.out().contains("MAX(total)"), run.out());
    query("hourly", "SELECT tem FROM events");
    String errors = explain(1, "best");
    assertTrue(errors.contains("hourly.sql:1:8") && errors.contains("broken.sql:1:8"), errors);
  }

  private String explain(int code, String... arguments) {
    CommandRun run = CommandRun.in(project, "explain", arguments);
    assertEquals(code, run.code(), run.out() + run.err());
    return code == 0 ? run.out() : run.err();
  }

  @Test
  void followsAQueryFromTheSourceToTheTable() {
    String text = explain(0, "hourly");
    assertTrue(text.contains("read and decoded once, also for every_second"), text);
    assertTrue(text.contains("score, team, ts (3 of 5 columns)"), text);
    assertTrue(text.contains("only if    score > 0"), text);
    assertTrue(text.contains("TUMBLE(ts, 1h)"), text);
    assertTrue(text.contains("each row in 1 window"), text);
    assertTrue(text.contains("sums by team and window, made before sending"), text);
    assertTrue(text.contains("until a window of 1h ends, and 1h longer for late rows"), text);
    assertTrue(text.contains("one row for each team, window_start, window_end"), text);
    assertTrue(text.contains("early every 10m; on time"), text);
    assertTrue(text.contains("read by best"), text);
    assertFalse(text.contains("warning"), text);
  }

  @Test
  void namesWhatTheSqlDoesNot() throws IOException {
    query(
        "shares",
        """
        SELECT a.team, n / SUM(n) OVER (PARTITION BY window_start) AS share
        FROM (SELECT team, COUNT(*) AS n FROM events GROUP BY team, TUMBLE(ts, INTERVAL 1 HOUR)) AS a
        WHERE n > 1
        """);
    query(
        "alone",
        """
        SELECT a.user FROM events AS a LEFT JOIN events AS b
          ON a.user = b.user AND b.ts > a.ts AND b.ts <= a.ts + INTERVAL 90 MINUTE
        WHERE b.user IS NULL
        """);
    String shares = explain(0, "shares");
    assertTrue(shares.contains("filter  COUNT(*) > 1"), shares);
    assertTrue(shares.contains("CAST(SUM(n) OVER AS FLOAT64)"), shares);
    String alone = explain(0, "alone");
    assertTrue(alone.contains("on [left.user = right.user]"), alone);
    assertTrue(alone.contains("right.ts <= (left.ts + INTERVAL 90 MINUTE)"), alone);
    assertTrue(alone.contains("filter  right.user IS NULL"), alone);
    assertFalse((shares + alone).contains("$"), shares + alone);
  }

  @Test
  void saysHowLongIdsAreRemembered() throws IOException {
    Path yaml = project.resolve("pipelines.yaml");
    Files.writeString(
        yaml,
        Files.readString(yaml)
            .replace(
                "    event_time: ts\n",
                "    event_time: ts\n    deduplicate: {by: [user], within: 90s}\n"));
    query(
        "visits",
        "SELECT user, COUNT(*) AS visits FROM events GROUP BY user, SESSION(ts, INTERVAL 5 MINUTE)");
    query("plain", "SELECT user, ts FROM events");
    assertTrue(explain(0, "hourly").contains("dropped by user within 90s"));
    assertTrue(explain(0, "hourly").contains("remembered for 2h 1m 30s, as long"));
    assertTrue(explain(0, "every_second").contains("remembered for 1d 1h 1m 30s, as long"));
    assertTrue(explain(0, "best").contains("result  of the query hourly"));
    assertTrue(explain(0, "visits").contains("remembered for 1h 6m 30s, as long"));
    assertTrue(explain(0, "plain").contains("remembered for 1h 1m 30s, as long"));
  }

  @Test
  void warnsOfADayEverySecondWithoutMakingItsRows() throws IOException {
    JsonNode json = new ObjectMapper().readTree(explain(0, "every_second", "--format", "json"));
    JsonNode first = json.path("warnings").get(0);
    assertEquals("MANY_WINDOWS", first.path("code").asText());
    assertTrue(first.path("message").asText().contains("86,400 windows"));
    long read = json.path("per_day").path("rows_read").asLong();
    long written = json.path("per_day").path("rows_written").asLong();
    // Some 146 rows in a day of the sample; both teams have a window ending each second of two
    // days.
    assertTrue(read > 130 && read < 160, "" + read);
    assertTrue(written > 330_000 && written < 360_000, "" + written);
    assertTrue(json.path("per_day").path("state_bytes").asLong() > 0);
  }

  @Test
  void countsTheRowsOfTheSample() throws IOException {
    JsonNode json = new ObjectMapper().readTree(explain(0, "hourly", "--format", "json"));
    JsonNode steps = json.path("steps");
    JsonNode group = steps.get(steps.size() - 1);
    assertEquals("group", group.path("kind").asText());
    assertEquals(48, group.path("estimate").path("rows").asLong());
    assertTrue(group.path("estimate").path("per_day").asBoolean());
  }

  @Test
  void drawsThePlan() throws Exception {
    String svg = explain(0, "best", "--format", "svg");
    DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(
            new java.io.ByteArrayInputStream(
                svg.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    assertTrue(svg.contains("of the query hourly"), svg);
    String dot = explain(0, "best", "--format", "dot");
    assertTrue(dot.startsWith("digraph \"best\" {"), dot);
    assertTrue(dot.contains("\"s1\" -> \"s2\""), dot);
  }

  @Test
  void playsTheSampleAgainstTheWatermark() throws Exception {
    String text = explain(0, "hourly", "--timeline", "--windows", "3");
    assertTrue(text.contains("window 2026-01-05 01:00:00 to 2026-01-05 02:00:00"), text);
    assertTrue(text.contains("1 row came too late and is in no pane"), text);
    assertTrue(text.contains("on_time "), text);
    assertTrue(text.contains("early   "), text);
    String svg = explain(0, "hourly", "--timeline", "--format", "svg");
    DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(
            new java.io.ByteArrayInputStream(
                svg.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    assertTrue(svg.contains("class=\"dropped\""), svg);
  }

  @Test
  void namesTheNearestQuery() {
    String text = explain(1, "hourli");
    assertTrue(text.contains("there is no query \"hourli\""), text);
    assertTrue(text.contains("hourly"), text);
    assertTrue(explain(2, "hourly", "--format", "png").contains("'png' is not one of text, json"));
  }
}
