package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueryCommandTest {

  @TempDir Path folder;

  @BeforeEach
  void makeProject() throws IOException {
    write(
        "pipelines.yaml",
        """
        version: 1
        sources:
          events:
            type: pubsub
            subscription: projects/p/subscriptions/s
            columns: {id: STRING, team: STRING, ts: TIMESTAMP, score: INT64}
            event_time: ts
            deduplicate: {by: [id], within: 1h}
            sample: data/events.ndjson
          live: {type: pubsub, topic: t, columns: {a: STRING}}
          teams: {type: files, path: data/teams.csv, columns: {team: STRING, city: STRING}}
        queries:
          totals: {parameters: {least: 2}}
        """);
    write(
        "data/events.ndjson",
        """
        {"id": "a", "team": "blue", "ts": "2026-01-01T00:05:00Z", "score": 3}
        {"id": "b", "team": "red", "ts": "2026-01-01T00:06:00Z", "score": 1}
        {"id": "a", "team": "blue", "ts": "2026-01-01T00:05:00Z", "score": 3}
        not json
        {"id": "c", "team": "blue", "ts": "2026-01-01T01:05:00.123456Z", "score": 2}
        """);
    write("data/teams.csv", "team,city\nblue,\"Rome, Italy\"\nred,\n");
    write(
        "queries/totals.sql",
        """
        SELECT team, SUM(double(score)) AS total
        FROM events
        WHERE score >= @least
        GROUP BY team, TUMBLE(ts, INTERVAL 1 HOUR)
        """);
    write("queries/lib/double.sql", "CREATE FUNCTION double(x INT64) AS (x * 2);");
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private CommandRun query(String... args) {
    return CommandRun.in(folder, "query", args);
  }

  @Test
  void aScalarNeedsNoProject(@TempDir Path empty) {
    CommandRun run = CommandRun.of("query", "-C", empty.toString(), "SELECT 1 + 1");
    assertEquals("+-----+\n| f0_ |\n+-----+\n|   2 |\n+-----+\n(1 row)\n", run.out());
    assertEquals("", run.err());
    assertEquals(0, run.code());
  }

  @Test
  void aSampleIsReadWithoutCopiesAndBrokenRecords() {
    CommandRun run =
        query(
            "SELECT team, COUNT(*) AS n, MAX(ts) AS last FROM events GROUP BY team ORDER BY n DESC");
    assertEquals(
        """
        +------+---+-------------------------------+
        | team | n | last                          |
        +------+---+-------------------------------+
        | blue | 2 | 2026-01-01 01:05:00.123456+00 |
        | red  | 1 | 2026-01-01 00:06:00+00        |
        +------+---+-------------------------------+
        (2 rows)
        """,
        run.out());
    assertEquals("1 record of events did not fit its columns and was left out.\n", run.err());
    assertEquals(0, run.code());
  }

  @Test
  void jsonIsOneLineAStatement() {
    CommandRun run =
        query(
            "--format",
            "json",
            "SELECT team, city FROM teams ORDER BY team;\n"
                + "CREATE TEMP FUNCTION half(x INT64) AS (x / 2);\n"
                + "SELECT half(3) AS h, CAST('1.5' AS NUMERIC) AS n, [1, 2] AS a,"
                + " STRUCT('x' AS k) AS s, TIMESTAMP '2026-01-01' AS t, CAST(NULL AS STRING) AS z;");
    assertEquals(
        """
        {"statement":1,"columns":[{"name":"team","type":"STRING"},{"name":"city","type":"STRING"}],\
        "rows":[["blue","Rome, Italy"],["red",null]]}
        {"statement":2,"columns":[],"rows":[]}
        {"statement":3,"columns":[{"name":"h","type":"FLOAT64"},{"name":"n","type":"NUMERIC"},\
        {"name":"a","type":"ARRAY<INT64>"},{"name":"s","type":"STRUCT<k STRING>"},\
        {"name":"t","type":"TIMESTAMP"},{"name":"z","type":"STRING"}],\
        "rows":[[1.5,1.5,[1,2],{"k":"x"},"2026-01-01T00:00:00Z",null]]}
        """,
        run.out());
    assertEquals(0, run.code());
  }

  @Test
  void anErrorEndsItUnlessToldToKeepGoing() {
    String sql = "SELECT 1 AS a;\nSELECT nothing;\nSELECT 1 /\n  0;\nSELECT (;\nSELECT 2 AS b";
    CommandRun stopped = query("--format", "json", sql);
    assertEquals(1, stopped.code());
    assertEquals(2, stopped.out().lines().count());

    CommandRun run = query("--format", "json", "--keep-going", sql);
    assertEquals(1, run.code());
    String[] lines = run.out().split("\n");
    assertEquals(5, lines.length);
    assertEquals(
        "{\"statement\":2,\"error\":{\"code\":\"SQL_UNKNOWN_COLUMN\","
            + "\"message\":\"there is no column nothing\",\"line\":2,\"column\":8}}",
        lines[1]);
    assertTrue(lines[2].contains("\"code\":\"EVALUATION_ERROR\""), lines[2]);
    assertTrue(lines[2].contains("\"line\":3,\"column\":10"), lines[2]);
    assertTrue(lines[3].contains("\"code\":\"SQL_SYNTAX\""), lines[3]);
    assertTrue(lines[4].contains("\"rows\":[[2]]"), lines[4]);
  }

  @Test
  void anErrorForPeopleHasACaret() {
    CommandRun run = query("SELECT scor\nFROM events");
    assertEquals("", run.out());
    assertEquals(
        """
        query:1:8: error SQL_UNKNOWN_COLUMN: there is no column scor
          1 | SELECT scor
            |        ^^^^
          did you mean score?
        """,
        run.err());
    assertEquals(1, run.code());
  }

  @Test
  void aQueryOfTheProjectIsComputedWithItsParametersAndTheLibrary() {
    CommandRun run =
        query("--format", "csv", "SELECT team, total FROM totals ORDER BY window_start");
    assertEquals("team,total\nblue,6\nblue,4\n", run.out());
    assertEquals(0, run.code());
  }

  @Test
  void parametersAreTypedByHowTheyAreWritten() {
    CommandRun run =
        query(
            "--format",
            "csv",
            "-P",
            "a=2",
            "-P",
            "b=1.5",
            "-P",
            "c=x",
            "-P",
            "d=true",
            "-P",
            "e:DATE=2026-01-02",
            "-P",
            "f:STRING=2",
            "SELECT @a + 1 AS a, @b AS b, @c AS c, @d AS d, @e AS e, @f AS f");
    assertEquals("a,b,c,d,e,f\n3,1.5,x,true,2026-01-02,2\n", run.out());

    CommandRun wrong = query("-P", "e:DATE=soon", "SELECT @e");
    assertEquals(1, wrong.code());
    assertTrue(wrong.err().contains("is not DATE"), wrong.err());
  }

  @Test
  void aStreamWithoutASampleIsRefusedUnlessAFileIsGiven() throws IOException {
    CommandRun refused = query("SELECT * FROM live");
    assertEquals(1, refused.code());
    assertTrue(refused.err().contains("has no sample"), refused.err());

    write("elsewhere.csv", "a\n1\n");
    CommandRun run =
        query(
            "--format",
            "csv",
            "--input",
            "live=" + folder.resolve("elsewhere.csv"),
            "SELECT * FROM live");
    assertEquals("a\n1\n", run.out());
  }

  @Test
  void statementsComeFromAFileOrStandardInput() throws IOException {
    write("report.sql", "SELECT 1 AS a;\nSELECT 2 AS b\n");
    CommandRun file = query("--format", "csv", "--file", folder.resolve("report.sql").toString());
    assertEquals("a\n1\n\nb\n2\n", file.out());

    InputStream before = System.in;
    try {
      System.setIn(new ByteArrayInputStream("SELECT 3 AS c".getBytes(StandardCharsets.UTF_8)));
      assertEquals("c\n3\n", query("--format", "csv", "--file", "-").out());
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void anInvalidProjectIsToldOnlyWhereATableIsRead() throws IOException {
    write("pipelines.yaml", "sources: {events: {type: pubsb}}\n");
    assertEquals(0, query("SELECT 1").code());
    CommandRun run = query("SELECT * FROM events");
    assertEquals(1, run.code());
    assertTrue(run.err().contains("did you mean \"pubsub\"?"), run.err());
  }

  @Test
  void wrongUsageEndsWithTwo() {
    assertEquals(2, query().code());
    assertEquals(2, query("SELECT 1", "--file", "x.sql").code());
    assertEquals(2, query("--file", "absent.sql").code());
    assertEquals(2, query("--format", "xml", "SELECT 1").code());
    assertEquals(2, query(" ").code());
  }

  @Test
  void nearNamesAreFromSourcesAndQueries() {
    assertTrue(query("SELECT * FROM total").err().contains("did you mean \"totals\"?"));
    assertTrue(query("SELECT * FROM event").err().contains("did you mean \"events\"?"));
  }
}
