package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tables that backfills fill are those that one batch run over everything makes. */
final class BackfillCommandTest {

  private static final String YAML =
      """
      version: 1
      project: tiny
      sources:
        events:
          type: files
          path: events.ndjson
          format: json
          columns: {id: STRING, ts: {type: TIMESTAMP, required: true}, team: STRING, score: INT64}
          event_time: ts
          deduplicate: {by: [id], within: 10m}
      pipelines:
        nightly: {mode: batch, queries: ["*"]}
      """;

  @TempDir Path project;

  private void write() throws IOException {
    Files.writeString(project.resolve("pipelines.yaml"), YAML);
    Path queries = Files.createDirectories(project.resolve("queries"));
    Files.writeString(
        queries.resolve("hourly.sql"),
        "SELECT team, SUM(score) AS total FROM events GROUP BY team, TUMBLE(ts, INTERVAL 1 HOUR)");
    Files.writeString(
        queries.resolve("sliding.sql"),
        "SELECT team, SUM(score) AS total FROM events"
            + " GROUP BY team, HOP(ts, INTERVAL 30 MINUTE, INTERVAL 1 HOUR)");
    Files.writeString(
        queries.resolve("sessions.sql"),
        "SELECT team, COUNT(*) AS n FROM events GROUP BY team, SESSION(ts, INTERVAL 8 MINUTE)");
    Files.writeString(
        queries.resolve("best.sql"),
        "SELECT team, total FROM hourly"
            + " QUALIFY ROW_NUMBER() OVER (PARTITION BY window_start ORDER BY total DESC, team) = 1");
    Files.writeString(
        queries.resolve("everything.sql"), "SELECT team, COUNT(*) AS n FROM events GROUP BY team");
    Random random = new Random(7);
    List<String> lines = new ArrayList<>();
    Instant start = Instant.parse("2026-01-01T00:00:00Z");
    for (int i = 0; i < 200; i++) {
      String line =
          String.format(
              "{\"id\": \"e%d\", \"ts\": \"%s\", \"team\": \"%s\", \"score\": %d}",
              i,
              start.plusSeconds(random.nextInt(10 * 3600)),
              random.nextBoolean() ? "red" : "blue",
              random.nextInt(9));
      lines.add(line);
      if (i % 10 == 0) {
        lines.add(line);
      }
    }
    Files.write(project.resolve("events.ndjson"), lines);
  }

  private CommandRun beamline(String command, String... arguments) {
    return CommandRun.in(project, command, arguments);
  }

  private Connection warehouse() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:duckdb:" + project.resolve(".beamline/warehouse.duckdb"));
  }

  private List<String> rows(String table) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = warehouse();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT * FROM " + table)) {
      while (result.next()) {
        StringBuilder row = new StringBuilder();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.append(result.getString(i)).append('|');
        }
        rows.add(row.toString());
      }
    }
    rows.sort(null);
    return rows;
  }

  private void damage(String sql) throws SQLException {
    try (Connection connection = warehouse();
        Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      statement.execute(sql);
    }
  }

  @Test
  void tablesThatWereDamagedBecomeThoseOfOneRunOverEverything() throws Exception {
    write();
    CommandRun run = beamline("run", "--preview", "0");
    assertEquals(0, run.code(), run.err());
    for (String query : List.of("hourly", "sliding", "sessions", "best")) {
      List<String> whole = rows(query);
      // Rows of the range that are wrong, too many or gone; the others stay as they are.
      String inRange =
          " WHERE window_start >= '2026-01-01 03:00:00+00' AND window_start < '2026-01-01 06:00:00+00'";
      damage("UPDATE " + query + " SET pane_index = 77" + inRange);
      damage("DELETE FROM " + query + inRange + " AND team = 'red'");
      damage(
          "INSERT INTO "
              + query
              + " SELECT * REPLACE ('ghost' AS team) FROM "
              + query
              + inRange
              + " LIMIT 1");
      assertFalse(whole.equals(rows(query)), query);
      for (int times = 0; times < 2; times++) {
        // Sessions start anywhere: their range is as it is given.
        boolean grid = !query.equals("sessions");
        CommandRun filled =
            beamline(
                "backfill",
                query,
                "--from",
                grid ? "2026-01-01T03:10" : "2026-01-01T03:00",
                "--to",
                grid ? "2026-01-01T05:40:00Z" : "2026-01-01 06:00");
        assertEquals(0, filled.code(), filled.err());
        assertTrue(
            filled.out().contains("from 2026-01-01T03:00:00Z to 2026-01-01T06:00:00Z"),
            filled.out());
        assertEquals(whole, rows(query), query);
      }
    }
  }

  @Test
  void fillsATableThatIsNotThereByPartsThatTouch() throws Exception {
    write();
    assertEquals(0, beamline("run", "--preview", "0", "--queries", "sliding").code());
    List<String> whole = rows("sliding");
    damage("DROP TABLE sliding");
    assertEquals(
        0,
        beamline("backfill", "sliding", "--from", "2025-12-31", "--to", "2026-01-01T05:00").code());
    assertEquals(
        0,
        beamline("backfill", "sliding", "--from", "2026-01-01T05:00", "--to", "2026-01-02").code());
    assertEquals(whole, rows("sliding"));
  }

  @Test
  void dryRunTellsAndChangesNothing() throws Exception {
    write();
    CommandRun told =
        beamline(
            "backfill",
            "hourly",
            "--from",
            "2026-01-01T03:10",
            "--to",
            "2026-01-01T05:40",
            "--dry-run",
            "--output",
            "json");
    assertEquals(0, told.code(), told.err());
    long bytes = Files.size(project.resolve("events.ndjson"));
    assertTrue(
        told.out().contains("\"from\":\"2026-01-01T03:00:00Z\",\"to\":\"2026-01-01T06:00:00Z\""),
        told.out());
    assertTrue(told.out().contains("\"windows_of_range\":3"), told.out());
    assertTrue(told.out().contains("\"rows_read\":{\"events\":200}"), told.out());
    assertTrue(told.out().contains("\"bytes\":" + bytes), told.out());
    assertTrue(told.out().contains("\"rows_to_write\":6"), told.out());
    assertFalse(Files.exists(project.resolve(".beamline/warehouse.duckdb")));
  }

  @Test
  void refusesWhatHasNoRangeToReplace() throws Exception {
    write();
    CommandRun refused =
        beamline("backfill", "everything", "--from", "2026-01-01", "--to", "2026-01-02");
    assertEquals(1, refused.code());
    assertTrue(refused.err().contains("in no window of time"), refused.err());
    assertTrue(refused.err().contains("run --queries everything"), refused.err());
    CommandRun unknown =
        beamline("backfill", "hourli", "--from", "2026-01-01", "--to", "2026-01-02");
    assertEquals(1, unknown.code());
    assertTrue(unknown.err().contains("hourly"), unknown.err());
    assertEquals(
        2, beamline("backfill", "hourly", "--from", "2026-01-02", "--to", "2026-01-02").code());
    assertEquals(2, beamline("backfill", "hourly", "--from", "2026-01-02").code());
    assertEquals(
        2, beamline("backfill", "hourly", "--from", "yesterday", "--to", "2026-01-02").code());
  }
}
