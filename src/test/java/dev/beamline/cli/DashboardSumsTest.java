package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the dashboard adds, and what it must not: the same record is never counted twice. */
final class DashboardSumsTest {

  private static final String PANES = ", pane_timing TEXT, pane_index BIGINT, is_final BOOLEAN";
  private static final String WINDOW = ", window_start TIMESTAMPTZ, window_end TIMESTAMPTZ";

  @TempDir private static Path project;

  private static Chromium browser;
  private static Thread serving;
  private static String url;

  @BeforeAll
  static void start() throws IOException, SQLException {
    browser = Chromium.start();
    Files.createDirectories(project.resolve(".beamline"));
    Files.writeString(
        project.resolve("pipelines.yaml"),
        """
        project: sums
        defaults:
          windowing: {trigger: {early: {after_count: 1}}}
        sources:
          events:
            type: files
            path: events.ndjson
            format: json
            columns: {user_id: STRING, team: STRING, score: INT64, ts: TIMESTAMP}
            event_time: ts
            watermark: {max_out_of_orderness: 1m}
        queries:
          cumulated: {}
          hopped: {chart: {type: bar, x: day}}
          tumbled: {chart: {type: bar, x: day}}
          forgotten: {}
          sessions: {sink: {type: duckdb, write: append}}
          hidden: {}
        """);
    Files.writeString(project.resolve("events.ndjson"), "");
    query(
        "cumulated",
        "SELECT window_start, window_end, team, SUM(score) AS total FROM TABLE(CUMULATE(TABLE"
            + " events, DESCRIPTOR(ts), INTERVAL '10' MINUTE, INTERVAL '1' HOUR)) GROUP BY 1, 2,"
            + " 3");
    String daily = "SELECT DATE(window_start) AS day, team, SUM(score) AS total,";
    query(
        "hopped",
        daily
            + " window_start, window_end FROM TABLE(HOP(TABLE events, DESCRIPTOR(ts), INTERVAL"
            + " '30' MINUTE, INTERVAL '1' HOUR)) GROUP BY 1, 2, 4, 5");
    query(
        "tumbled",
        daily
            + " window_start, window_end FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL"
            + " '1' HOUR)) GROUP BY 1, 2, 4, 5");
    query(
        "forgotten",
        "SELECT team, user_id, SUM(score) AS total FROM TABLE(HOP(TABLE events, DESCRIPTOR(ts),"
            + " INTERVAL '30' MINUTE, INTERVAL '1' HOUR)) GROUP BY 1, 2");
    query(
        "sessions",
        "SELECT user_id, COUNT(*) AS c FROM events GROUP BY user_id, SESSION(ts, INTERVAL 10"
            + " MINUTE)");
    query(
        "hidden",
        "SELECT SUM(score) AS total FROM events GROUP BY team, TUMBLE(ts, INTERVAL 1 HOUR)");
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:duckdb:" + project.resolve(".beamline/warehouse.duckdb"));
        Statement sql = connection.createStatement()) {
      sql.execute("SET TimeZone = 'UTC'");
      sql.execute(
          "CREATE TABLE cumulated AS SELECT TIMESTAMPTZ '2026-01-05 10:00:00+00' AS window_start,"
              + " TIMESTAMPTZ '2026-01-05 10:10:00+00' + n * INTERVAL 10 MINUTE AS window_end,"
              + " 'blue' AS team, 5::BIGINT AS total FROM range(6) AS r(n)");
      table(sql, "hopped", "day DATE, team TEXT, total BIGINT" + WINDOW);
      row(sql, "hopped", "'2026-01-05', 'blue', 5", "09:30:00", "10:30:00", "");
      row(sql, "hopped", "'2026-01-05', 'blue', 5", "10:00:00", "11:00:00", "");
      table(sql, "tumbled", "day DATE, team TEXT, total BIGINT" + WINDOW);
      row(sql, "tumbled", "'2026-01-05', 'blue', 5", "10:00:00", "11:00:00", "");
      row(sql, "tumbled", "'2026-01-05', 'blue', 6", "11:00:00", "12:00:00", "");
      table(sql, "forgotten", "team TEXT, user_id TEXT, total BIGINT");
      sql.execute("INSERT INTO forgotten VALUES ('blue', 'x', 10), ('blue', 'y', 4)");
      table(sql, "sessions", "user_id TEXT, c BIGINT" + WINDOW + PANES);
      row(sql, "sessions", "'x', 1", "10:00:00", "10:10:00", ", 'EARLY', 0, false");
      row(sql, "sessions", "'x', 2", "10:00:00", "10:15:00", ", 'EARLY', 0, false");
      row(sql, "sessions", "'x', 2", "10:00:00", "10:15:00", ", 'ON_TIME', 1, true");
      row(sql, "sessions", "'x', 1", "10:00:00.5", "10:10:00.5", ", 'EARLY', 0, false");
      row(sql, "sessions", "'y', 1", "10:00:00", "10:10:00", ", 'ON_TIME', 0, true");
      row(sql, "sessions", "'x', 4", "11:00:00", "11:15:00", ", 'ON_TIME', 0, true");
      table(sql, "hidden", "total BIGINT" + WINDOW + PANES);
      row(sql, "hidden", "7", "10:00:00", "11:00:00", ", 'EARLY', 0, false");
      row(sql, "hidden", "7", "10:00:00", "11:00:00", ", 'ON_TIME', 1, true");
    }
    StringWriter out = new StringWriter();
    PrintWriter writer = new PrintWriter(out, true);
    String[] command = {"dashboard", "-C", project.toString(), "--port", "0", "--no-open"};
    serving = new Thread(() -> Main.run(command, writer, writer));
    serving.start();
    Pattern address = Pattern.compile("http://127\\.0\\.0\\.1:\\d+/");
    url =
        browser.until(
            "the address in " + out,
            () -> {
              Matcher matcher = address.matcher(out.toString());
              return matcher.find() ? matcher.group() : null;
            });
  }

  private static void query(String name, String sql) throws IOException {
    Files.createDirectories(project.resolve("queries"));
    Files.writeString(project.resolve("queries/" + name + ".sql"), sql);
  }

  private static void table(Statement sql, String name, String columns) throws SQLException {
    sql.execute("CREATE TABLE " + name + " (" + columns + ")");
  }

  private static void row(
      Statement sql, String table, String values, String start, String end, String pane)
      throws SQLException {
    sql.execute(
        "INSERT INTO %s VALUES (%s, '2026-01-05 %s+00', '2026-01-05 %s+00'%s)"
            .formatted(table, values, start, end, pane));
  }

  @AfterAll
  static void stop() {
    if (serving != null) {
      serving.interrupt();
    }
    if (browser != null) {
      browser.close();
    }
  }

  /** The numbers that are drawn, by series. */
  private static List<?> drawn(String metric, String caption) {
    browser.open(url + "#/metric/" + metric);
    browser.until("\"" + caption + "\" of " + metric, () -> caption(caption));
    return (List<?>)
        browser.script(
            "return Chart.getChart(document.querySelector('canvas')).data.datasets"
                + ".map((d) => d.data.map((p) => p?.y ?? p))");
  }

  private static Boolean caption(String text) {
    return browser.find("#caption").getText().equals(text) ? true : null;
  }

  private static void assertNotDrawn(String metric) {
    browser.open(url + "#/metric/" + metric);
    String text = "Several rows of one group and time cannot be drawn: see the table";
    browser.until("no drawing of " + metric, () -> caption(text));
    assertEquals(0, browser.drawnCharts());
  }

  @Test
  void drawsWindowsOfOneStartByTheirEnds() {
    assertEquals(
        List.of(List.of(5L, 5L, 5L, 5L, 5L, 5L)),
        drawn("cumulated", "total of each team by window_end"));
  }

  @Test
  void addsOnlyWindowsThatDoNotOverlap() {
    assertEquals(List.of(List.of(11L)), drawn("tumbled", "Sum of total of each team by day"));
    assertNotDrawn("hopped");
    browser.until("both rows", () -> browser.all("tbody tr").size() == 2 ? true : null);
  }

  /** The query has added over all windows; nobody can tell which rows are of which. */
  @Test
  void addsNothingWhereOverlappingWindowsAreForgotten() {
    assertEquals(List.of(List.of(10L, 4L)), drawn("forgotten", "total of each team, user_id"));
  }

  @Test
  void hidesTheShorterSelvesOfASession() {
    assertEquals(
        List.of(List.of(2L, 4L), Arrays.asList(1L, null)),
        drawn("sessions", "c of each user_id by window_start"));
    assertEquals(3, browser.all("tbody tr").size());
  }

  @Test
  void neverAddsPanesThatCannotBeToldApart() {
    assertNotDrawn("hidden");
  }
}
