package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The main job: the repository's own project run as a user runs it, and each of its tables compared
 * with what DuckDB computes from the same files by a query written for DuckDB (the folder
 * game-in-duckdb).
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class GameRun {

  private static final Path PEER = Path.of("src/test/resources/game-in-duckdb");

  private final String pipeline;
  private Path project;
  private CommandRun run;
  private Connection connection;

  GameRun(String pipeline) {
    this.pipeline = pipeline;
  }

  @BeforeAll
  void runsTheProjectWithOneMetricMore(@TempDir Path folder) throws Exception {
    project = folder;
    for (String name : List.of("pipelines.yaml", "queries", "data")) {
      Folders.copy(Path.of(name), project.resolve(name));
    }
    // All that a new metric takes is its file.
    Files.writeString(
        project.resolve("queries/events_by_type.sql"),
        "SELECT type, COUNT(*) AS events FROM game_events"
            + " GROUP BY type, TUMBLE(event_time, INTERVAL 1 DAY)");
    run = CommandRun.of("run", pipeline, "-C", project.toString());
    connection = DriverManager.getConnection("jdbc:duckdb:");
    execute("SET TimeZone = 'UTC'");
    attach();
    execute(
        Files.readString(PEER.resolve("_views.sql"))
            .replace("${events}", project.resolve("data/game_events.ndjson").toString())
            .replace("${players}", project.resolve("data/players.csv").toString()));
  }

  @AfterAll
  void closesThePeer() throws SQLException {
    connection.close();
  }

  static List<String> queries() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("queries"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".sql"))
          .map(name -> name.substring(0, name.length() - 4))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("queries")
  void eachTableIsWhatDuckDbComputes(String name) throws Exception {
    execute(
        "CREATE OR REPLACE TEMP VIEW expected AS " + Files.readString(PEER.resolve(name + ".sql")));
    String columns =
        text("SELECT string_agg('\"' || column_name || '\"', ', ') FROM (DESCRIBE expected)");
    String expected = "SELECT " + columns + " FROM expected";
    String actual = "SELECT " + columns + " FROM w." + name;
    assertTrue(number("SELECT count(*) FROM expected") > 0, "the peer has no rows");
    assertEquals("", text(firstOf(expected, actual)), "missing");
    assertEquals("", text(firstOf(actual, expected)), "too many");
  }

  private static String firstOf(String rows, String others) {
    return "SELECT coalesce(string_agg(t::VARCHAR, chr(10)), '') FROM (SELECT * FROM (("
        + rows
        + ") EXCEPT ALL ("
        + others
        + ")) LIMIT 5) AS t";
  }

  @Test
  void theLedgerAddsUp() throws Exception {
    assertEquals(0, run.code(), run.err());
    Matcher source =
        Pattern.compile("(?m)^game_events +([\\d,]+) +([\\d,]+) +([\\d,]+) +([\\d,]+)$")
            .matcher(run.out());
    assertTrue(source.find(), run.out());
    long[] counts =
        Stream.of(1, 2, 3, 4)
            .mapToLong(i -> Long.parseLong(source.group(i).replace(",", "")))
            .toArray();
    assertEquals(counts[0], counts[1] + counts[2] + counts[3], Arrays.toString(counts));
    assertEquals(number("SELECT count(*) FROM lines"), counts[0], "lines of the file");
    assertEquals(number("SELECT count(*) FROM game_events"), counts[1], "used");
    assertEquals(
        number("SELECT count(*) FROM decoded") - counts[1] - counts[3],
        number("SELECT count(*) FROM w.game_events_errors WHERE code <> 'INVALID_JSON'"));
    assertEquals(counts[2], number("SELECT count(*) FROM w.game_events_errors"), "refused");
  }

  @Test
  void aMetricAddedAsAFileIsThere() throws Exception {
    assertTrue(run.out().contains("events_by_type"), run.out());
    assertEquals(
        number("SELECT count(*) FROM game_events"),
        number("SELECT sum(events) FROM w.events_by_type"));
  }

  @Test
  void refusedRecordsAreKeptWhole() throws Exception {
    assertEquals(
        0,
        number(
            "SELECT count(*) FROM w.game_events_errors"
                + " WHERE input NOT IN (SELECT json FROM lines) OR message = '' OR location IS NULL"));
  }

  /** The run holds its warehouse open for a moment after its end. */
  private void attach() throws Exception {
    String sql = "ATTACH '" + project.resolve(".beamline/warehouse.duckdb") + "' AS w (READ_ONLY)";
    for (int tries = 50; ; tries--) {
      try {
        execute(sql);
        return;
      } catch (SQLException e) {
        if (tries == 0) {
          throw e;
        }
        Thread.sleep(100);
      }
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private String text(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  long number(String sql) throws SQLException {
    return Long.parseLong(text(sql));
  }
}
