package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.catalog.Tuple;
import dev.beamline.io.duckdb.Warehouse;
import dev.beamline.io.kafka.KafkaBroker;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables of a real PostgreSQL, read by projects as users write them. */
class JdbcRunTest {

  private static EmbeddedPostgres postgres;

  @TempDir Path data;
  @TempDir Path folder;

  @BeforeAll
  static void start() throws Exception {
    postgres = EmbeddedPostgres.builder().setPGStartupWait(Duration.ofMinutes(2)).start();
    execute(
        "CREATE ROLE reader LOGIN PASSWORD 'hunter2-secret'",
        "CREATE SCHEMA game",
        "CREATE TYPE game.item AS (id text, price numeric)",
        "CREATE TABLE game.players (user_id text, team text, level bigint, rating double precision,"
            + " money numeric, active boolean, born date, seen timestamptz, local timestamp,"
            + " awake time, picture bytea, tags text[], item game.item, more jsonb)",
        "INSERT INTO game.players VALUES"
            + " ('u1', 'blue', 9007199254740993, 0.1, 12345678901234567890.123456789, true,"
            + " '2001-02-03', '2026-01-01 01:02:03.123456+02', '2026-01-01 01:02:03.5', '23:59:59',"
            + " decode(repeat('00ff10', 40), 'hex'), ARRAY['a', 'b\"c'], ROW('x', 1.25),"
            + " '{\"k\": [1, 2.50]}'),"
            + " ('u2', 'red', NULL, 'Infinity', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,"
            + " NULL, NULL), (NULL, 'lost', 1, 1, 1, true, NULL, NULL, NULL, NULL, NULL, NULL,"
            + " NULL, NULL)",
        "GRANT USAGE ON SCHEMA game TO reader",
        "GRANT SELECT ON game.players TO reader");
    askForPasswords();
  }

  /** The first line that fits counts; the server trusts everybody else. */
  private static void askForPasswords() throws Exception {
    Path rules;
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement();
        ResultSet file = statement.executeQuery("SHOW hba_file")) {
      file.next();
      rules = Path.of(file.getString(1));
    }
    Files.writeString(rules, "host all reader all scram-sha-256\n" + Files.readString(rules));
    execute("SELECT pg_reload_conf()");
  }

  @AfterAll
  static void stop() throws IOException {
    postgres.close();
  }

  private static void execute(String... statements) throws Exception {
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  @BeforeEach
  void folders() throws IOException {
    Files.createDirectories(folder.resolve("queries"));
    Files.writeString(folder.resolve(".env"), "DB_PASSWORD=hunter2-secret\n");
  }

  private void project(String from, String columns) throws IOException {
    Files.writeString(
        folder.resolve("pipelines.yaml"),
        """
        version: 1
        project: game
        sources:
          players:
            type: jdbc
            url: jdbc:postgresql://localhost:%d/postgres
            username: reader
            password: ${DB_PASSWORD}
            %s
            columns: {%s}
        pipelines:
          day: {mode: batch, queries: ["*"]}
        targets:
          local: {runner: direct, warehouse: w.duckdb}
        """
            .formatted(postgres.getPort(), from, columns));
  }

  private List<Tuple> rows(String table) throws IOException {
    return Warehouse.open(folder.resolve("w.duckdb")).rows(table, List.of(), Long.MAX_VALUE);
  }

  private CommandRun run() {
    return CommandRun.of("run", "day", "-C", folder.toString(), "--preview", "0");
  }

  @Test
  void everyTypeComesWholeAndBadRowsAreKept() throws Exception {
    project(
        "table: game.players",
        "user_id: {type: STRING, required: true}, team: STRING, level: INT64, rating: FLOAT64,"
            + " money: NUMERIC, active: BOOL, born: DATE, seen: TIMESTAMP, local: DATETIME,"
            + " awake: TIME, picture: BYTES, tags: ARRAY<STRING>,"
            + " item: 'STRUCT<id STRING, price NUMERIC>', more: JSON");
    Files.writeString(
        folder.resolve("queries/known.sql"),
        "SELECT user_id, level, rating, CAST(money AS STRING) AS money, active, born, seen, local,"
            + " awake, BYTE_LENGTH(picture) AS size, tags[SAFE_OFFSET(1)] AS tag, item.price AS price,"
            + " JSON_VALUE(more, '$.k[1]') AS k FROM players");
    CommandRun run = run();
    assertEquals(0, run.code(), run.err() + run.out());
    List<String> known = rows("known").stream().map(Tuple::toString).sorted().toList();
    assertEquals(1, rows("players_errors").size(), rows("players_errors").toString());
    assertEquals(
        List.of(
            "[u1, 9007199254740993, 0.1, 12345678901234567890.123456789, true, 11356,"
                + " 1767222123123456, 1767229323500000, 86399000000, 120, b\"c, 1.25, 2.5]",
            "[u2, null, Infinity, null, null, null, null, null, null, null, null, null, null]"),
        known);
    List<Tuple> errors = rows("players_errors");
    assertEquals(1, errors.size(), errors.toString());
    assertEquals("MISSING_FIELD", errors.get(0).get(1));
    assertTrue(String.valueOf(errors.get(0).get(3)).contains("lost"), errors.toString());
    assertTrue(run.out().matches("(?s).*players +3 +2 +1.*"), run.out());
    assertFalse(
        (run.out() + run.err() + errors).contains("hunter2"),
        "the password is shown: " + run.out());
  }

  @Test
  void theResultOfAQueryIsReadOnlyAsFarAsItIsNeeded() throws Exception {
    project(
        "query: SELECT team, count(*) AS n, now() AS at FROM game.players GROUP BY team;",
        "team: STRING, n: INT64");
    Files.writeString(folder.resolve("queries/teams.sql"), "SELECT team, n FROM players");
    CommandRun run = run();
    assertEquals(0, run.code(), run.err() + run.out());
    assertEquals(
        List.of("[blue, 1]", "[lost, 1]", "[red, 1]"),
        rows("teams").stream().map(Tuple::toString).sorted().toList());
  }

  @Test
  void whatIsWrongIsToldWithItsPlaceAndWithoutThePassword() throws Exception {
    Files.writeString(folder.resolve("queries/teams.sql"), "SELECT user_id FROM players");
    project("table: game.players", "user_id: STRING, colour: STRING");
    CommandRun column = run();
    assertEquals(1, column.code(), column.err() + column.out());
    assertTrue(column.err().contains("colour"), column.err());
    assertTrue(column.err().contains("pipelines.yaml:9"), column.err());

    Files.writeString(folder.resolve(".env"), "DB_PASSWORD=wrong-secret\n");
    CommandRun login = run();
    assertEquals(1, login.code(), login.err() + login.out());
    assertTrue(login.err().contains("password authentication failed"), login.err());
    assertFalse(login.err().contains("wrong-secret"), login.err());
  }

  @Test
  void aStreamMeetsTheNewestVersionOrTheOneOfItsTime() throws Exception {
    execute(
        "CREATE TABLE teams (user_id text, team text)", "INSERT INTO teams VALUES ('u', 'blue')");
    try (KafkaBroker broker = KafkaBroker.start(data);
        KafkaProducer<byte[], byte[]> producer = broker.producer()) {
      broker.topic("clicks", 1);
      String table =
          """
          type: jdbc
              url: jdbc:postgresql://localhost:%d/postgres
              username: postgres
              table: teams
              refresh: 500ms
              columns: {user_id: STRING, team: STRING}"""
              .formatted(postgres.getPort());
      Files.writeString(
          folder.resolve("pipelines.yaml"),
          """
          version: 1
          project: game
          sources:
            clicks:
              type: kafka
              bootstrap_servers: %s
              topic: clicks
              columns: {id: STRING, user_id: STRING, ts: {type: TIMESTAMP, required: true}}
              event_time: ts
            teams_now:
              %s
            teams_then:
              join_version: event_time
              %s
          pipelines:
            live: {mode: streaming, queries: ["*"]}
          targets:
            local: {runner: flink, warehouse: w.duckdb, checkpoint_every: 500ms}
          """
              .formatted(broker.servers(), table, table));
      Files.writeString(
          folder.resolve("queries/joined.sql"),
          "SELECT c.id, n.team AS newest, t.team AS of_its_time, c.ts FROM clicks c"
              + " JOIN teams_now n ON n.user_id = c.user_id JOIN teams_then t ON t.user_id = c.user_id");
      try (RunProcess run = new RunProcess(folder, List.of(), "live")) {
        click(producer, "first", Instant.now());
        run.await("a row is joined", () -> joined().contains("[first, blue, blue]"));
        Instant before = Instant.now();
        execute("UPDATE teams SET team = 'red'");
        run.await(
            "the change is seen",
            () -> {
              click(producer, "next", Instant.now());
              return joined().contains("[next, red, red]");
            });
        click(producer, "late", before);
        run.await("a late row meets its version", () -> joined().contains("[late, red, blue]"));
        run.killAndStartAgain();
        click(producer, "later", before);
        run.await(
            "it meets it also in another process", () -> joined().contains("[later, red, blue]"));
        run.stop();
      }
    }
  }

  private List<String> joined() throws IOException {
    return rows("joined").stream()
        .map(row -> "[" + row.get(0) + ", " + row.get(1) + ", " + row.get(2) + "]")
        .toList();
  }

  private static void click(KafkaProducer<byte[], byte[]> producer, String id, Instant at) {
    String value = "{\"user_id\":\"u\",\"id\":\"" + id + "\",\"ts\":\"" + at + "\"}";
    producer.send(new ProducerRecord<>("clicks", value.getBytes(StandardCharsets.UTF_8)));
    producer.flush();
  }
}
