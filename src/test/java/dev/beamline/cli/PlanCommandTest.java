package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a plan says of each kind of change, against a saved manifest and without a network. */
final class PlanCommandTest {

  private static final String HOURLY =
      "SELECT team, SUM(score) AS total, COUNT(*) AS n FROM events"
          + " WHERE score > 0 GROUP BY team, TUMBLE(ts, INTERVAL 1 HOUR)";

  @TempDir Path project;

  @BeforeEach
  void write() throws IOException {
    yaml("early: {every: 10s}", "");
    Files.createDirectories(project.resolve("queries"));
    Files.writeString(project.resolve("events.ndjson"), "");
    query("hourly", HOURLY);
    query("best", "SELECT team, total FROM hourly WHERE total > 100");
    assertEquals(0, beamline("plan", "live", "--save-manifest", manifest()).code());
  }

  private void yaml(String trigger, String sink) throws IOException {
    Files.writeString(
        project.resolve("pipelines.yaml"),
        """
        version: 1
        project: tiny
        defaults:
          windowing: {trigger: {%s}}
        sources:
          events:
            type: files
            path: events.ndjson
            format: json
            columns: {ts: {type: TIMESTAMP, required: true}, team: STRING, user: STRING, score: INT64, tags: ARRAY<STRING>, labels: ARRAY<STRING>}
            event_time: ts
        queries:
          hourly: {%s}
        pipelines:
          live: {mode: streaming, queries: ["*"]}
          nightly: {mode: batch, queries: ["*"]}
        """
            .formatted(trigger, sink));
  }

  private void query(String name, String sql) throws IOException {
    Files.writeString(project.resolve("queries").resolve(name + ".sql"), sql);
  }

  private String manifest() {
    return project.resolve("deployed.json").toString();
  }

  private CommandRun beamline(String command, String... arguments) {
    return CommandRun.in(project, command, arguments);
  }

  private JsonNode plan() throws IOException {
    CommandRun run = beamline("plan", "live", "--manifest", manifest(), "--output", "json");
    assertEquals(0, run.code(), run.err());
    return new ObjectMapper().readTree(run.out()).get("pipelines").get(0);
  }

  private static JsonNode query(JsonNode pipeline, String name) {
    return StreamSupport.stream(pipeline.get("queries").spliterator(), false)
        .filter(q -> q.get("query").asText().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> texts(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText).toList();
  }

  @Test
  void nothingChangesByCommentsAndLayout() throws IOException {
    query(
        "hourly",
        "-- The teams.\n" + HOURLY.replace(" FROM", "\n  from").replace("total", "`total`"));
    assertEquals("none", plan().get("action").asText());
    CommandRun quiet = beamline("plan", "live", "--manifest", manifest(), "--fail-on-changes");
    assertEquals(0, quiet.code(), quiet.out());
    assertTrue(quiet.out().contains("Nothing to change."), quiet.out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // What becomes of the SQL, the action on the job, and the marks.
        "score > 0 | score > 1 | update_in_place | needs_backfill in_place",
        "SUM(score) AS total | SUM(score) + 0 AS total | update_in_place | needs_backfill in_place",
        "GROUP BY team | GROUP BY user, team | drain_and_restart | breaking drain_and_restart needs_backfill",
        "SELECT team, | SELECT UPPER(team) AS team, | update_in_place | needs_backfill in_place",
        "INTERVAL 1 HOUR | INTERVAL 30 MINUTE | drain_and_restart | drain_and_restart needs_backfill",
        "COUNT(*) AS n | MAX(score) AS n | drain_and_restart | drain_and_restart needs_backfill",
        "SUM(score) AS | SUM(score HAVING MAX ts) AS | drain_and_restart | drain_and_restart needs_backfill",
        "COUNT(*) AS n | COUNT(*) AS events | update_in_place | breaking needs_backfill in_place",
        "COUNT(*) AS n | COUNT(*) / 2 AS n | update_in_place | breaking needs_backfill in_place",
        "COUNT(*) AS n | COUNT(*) AS n, 1 AS one | update_in_place | needs_backfill in_place",
      })
  void marksWhatTheSqlTakes(String from, String to, String action, String marks)
      throws IOException {
    String changed = HOURLY.replace(from, to);
    if (to.contains("user")) {
      changed = changed.replace("SELECT team", "SELECT user, team");
    }
    if (to.contains("UPPER")) {
      // Grouped by the column, shown by another value: the groups are the same.
      changed = changed.replace("UPPER(team) AS team", "team, UPPER(team) AS loud");
    }
    assertFalse(changed.equals(HOURLY));
    query("hourly", changed);
    JsonNode plan = plan();
    assertEquals(action, plan.get("action").asText(), plan.toPrettyString());
    JsonNode hourly = query(plan, "hourly");
    assertEquals("changed", hourly.get("change").asText());
    assertEquals(marks, String.join(" ", texts(hourly.get("marks"))), hourly.toPrettyString());
    assertEquals(List.of("best"), texts(hourly.get("readers")));
    // Who reads it computes from something else.
    JsonNode best = query(plan, "best");
    assertTrue(texts(best.get("aspects")).contains("input"), best.toPrettyString());
    assertEquals(1, beamline("plan", "live", "--manifest", manifest(), "--fail-on-changes").code());
  }

  @Test
  void aKeyOfTheSameTypeIsAnotherKey() throws IOException {
    query(
        "hourly",
        HOURLY.replace("SELECT team", "SELECT user AS team").replace("BY team", "BY user"));
    JsonNode plan = plan();
    assertEquals("drain_and_restart", plan.get("action").asText());
    assertTrue(texts(query(plan, "hourly").get("aspects")).contains("state"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT team, SUM(score) AS n FROM HOPS GROUP BY team, window_start, window_end"
            + "| FROM HOPS | FROM HOPS WHERE window_start >= TIMESTAMP '2026-01-01'",
        "SELECT team, MAX(ts) AS n FROM HOPS GROUP BY team, window_start, window_end"
            + "| MAX(ts) | MAX(window_end)",
        "SELECT a.team, COUNT(*) AS n FROM HOURS AS a JOIN HOURS AS b ON a.user = b.user"
            + " AND a.window_start = b.window_start AND a.window_end = b.window_end"
            + " GROUP BY a.team, a.window_start, a.window_end | b.user | b.team",
        "SELECT tag, COUNT(*) AS n FROM HOURS AS e, UNNEST(e.tags) AS tag"
            + " GROUP BY tag, window_start, window_end | e.tags | e.labels",
        "SELECT window_start, window_end, user, score FROM HOURS QUALIFY ROW_NUMBER() OVER"
            + " (PARTITION BY window_start, window_end ORDER BY score DESC, user) <= 3 | <= 3 | <= 9",
        "SELECT window_start, window_end, user, score FROM HOURS QUALIFY ROW_NUMBER() OVER"
            + " (PARTITION BY window_start, window_end ORDER BY score DESC, user) <= 3 | DESC | ASC",
        "SELECT team, ARRAY_AGG(user IGNORE NULLS ORDER BY ts LIMIT 3) AS n FROM HOURS"
            + " GROUP BY team, window_start, window_end | ORDER BY ts | ORDER BY ts NULLS LAST",
        "SELECT n, COUNT(*) AS teams FROM (SELECT team, MAX(score) AS n, window_start, window_end FROM"
            + " HOURS GROUP BY team, window_start, window_end) GROUP BY n, window_start, window_end"
            + " | MAX(score) | MAX(score + 1)",
      })
  void whatIsKeptDoesNotFit(String sql, String from, String to) throws IOException {
    query("metric", windows(sql));
    assertEquals(0, beamline("plan", "live", "--save-manifest", manifest()).code());
    assertEquals("none", plan().get("action").asText());
    assertFalse(sql.replace(from, to).equals(sql));
    query("metric", windows(sql.replace(from, to)));
    JsonNode plan = plan();
    assertEquals("drain_and_restart", plan.get("action").asText(), plan.toPrettyString());
    assertTrue(texts(query(plan, "metric").get("aspects")).contains("state"));
  }

  private static String windows(String sql) {
    return sql.replace(
            "HOPS", "TABLE(HOP(TABLE events, DESCRIPTOR(ts), INTERVAL 5 MINUTE, INTERVAL 1 HOUR))")
        .replace("HOURS", "TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL 1 HOUR))");
  }

  /** Results that change are kept by whoever reads them, final ones are not. */
  @Test
  void whoReadsResultsKeepsMoreOfThemOnceTheyChange() throws IOException {
    query("best", "SELECT MAX(total) AS most FROM hourly GROUP BY window_start, window_end");
    yaml("", "");
    assertEquals(0, beamline("plan", "live", "--save-manifest", manifest()).code());
    yaml("", "windowing: {allowed_lateness: 1h}");
    JsonNode plan = plan();
    assertEquals("drain_and_restart", plan.get("action").asText(), plan.toPrettyString());
    assertFalse(texts(query(plan, "hourly").get("aspects")).contains("state"));
    assertTrue(texts(query(plan, "best").get("aspects")).contains("state"));
  }

  @Test
  void settingsThatSayHowRowsAreReadAndWrittenAreSeen() throws IOException {
    kafka("headers: {user: who}", "");
    assertEquals(0, beamline("plan", "live", "--save-manifest", manifest()).code());
    assertEquals("none", plan().get("action").asText());
    for (String[] change :
        new String[][] {
          {"headers: {user: whose}", "", "source events: headers was {user=who}"},
          {"headers: {user: who}, key: team", "", "source events: key was not set"},
          {
            "headers: {user: who}, consumer_config: {fetch.min.bytes: 9, ssl.key.password: x}",
            "",
            "{fetch.min.bytes=9, ssl.key.password=(not shown)}"
          },
          {"headers: {user: who}", ", format: avro", "format of the sink was not set and is AVRO"},
        }) {
      kafka(change[0], change[1]);
      JsonNode plan = plan();
      assertEquals("update_in_place", plan.get("action").asText(), plan.toPrettyString());
      assertTrue(query(plan, "hourly").toString().contains(change[2]), plan.toPrettyString());
    }
    kafka("headers: {user: who}, deduplicate: {by: [user], within: 1h}", "");
    assertEquals(0, beamline("plan", "live", "--save-manifest", manifest()).code());
    Path yaml = project.resolve("pipelines.yaml");
    Files.writeString(yaml, Files.readString(yaml).replace("user: STRING", "user: INT64"));
    assertEquals("drain_and_restart", plan().get("action").asText());
  }

  private void kafka(String source, String sink) throws IOException {
    Files.writeString(
        project.resolve("pipelines.yaml"),
        """
        version: 1
        project: tiny
        sources:
          events:
            {type: kafka, bootstrap_servers: "localhost:9", topic: events, format: json, event_time: ts,
             columns: {ts: {type: TIMESTAMP, required: true}, team: STRING, user: STRING, score: INT64},
             %s}
        queries:
          hourly: {sink: {type: kafka, bootstrap_servers: "localhost:9", topic: out%s}}
        pipelines:
          live: {mode: streaming, queries: [hourly]}
        targets:
          local: {runner: flink, master: "[local]"}
        """
            .formatted(source, sink));
  }

  @Test
  void windowsThatAreForgottenMayNeedABackfill() throws IOException {
    yaml("early: {every: 10s}", "windowing: {allowed_lateness: 400d}");
    JsonNode hourly = query(plan(), "hourly");
    assertEquals(List.of("trigger"), texts(hourly.get("aspects")));
    assertEquals(List.of("needs_backfill", "in_place"), texts(hourly.get("marks")));
    assertEquals(
        0, beamline("plan", "live", "--save-manifest", manifest()).code(), "the longer one");
    yaml("early: {every: 10s}", "windowing: {allowed_lateness: 1s}");
    assertEquals(List.of("in_place"), texts(query(plan(), "hourly").get("marks")));
  }

  @Test
  void triggersSinksAndQueriesThatComeAndGo() throws IOException {
    yaml("early: {every: 20s}", "");
    JsonNode trigger = query(plan(), "hourly");
    assertEquals(List.of("trigger"), texts(trigger.get("aspects")));
    assertEquals(List.of("in_place"), texts(trigger.get("marks")));
    yaml("early: {every: 10s}", "sink: {type: bigquery, dataset: game, table: score_by_hour}");
    JsonNode sink = query(plan(), "hourly");
    assertEquals(List.of("drain_and_restart", "needs_backfill"), texts(sink.get("marks")));
    assertTrue(sink.get("backfill").get("to").asText().endsWith(":00:00Z"), sink.toPrettyString());
    yaml("early: {every: 10s}", "");
    Files.move(project.resolve("queries/best.sql"), project.resolve("queries/finest.sql"));
    query("users", HOURLY.replace("team", "user"));
    JsonNode plan = plan();
    assertEquals("best", query(plan, "finest").get("renamed_from").asText());
    assertEquals("new", query(plan, "users").get("change").asText());
    assertEquals(List.of("needs_backfill", "in_place"), texts(query(plan, "users").get("marks")));
    Files.delete(project.resolve("queries/finest.sql"));
    assertEquals("removed", query(plan(), "best").get("change").asText());
  }

  @Test
  void writesACommentForAPullRequest() throws IOException {
    query("hourly", HOURLY.replace("score > 0", "score > 1"));
    CommandRun run = beamline("plan", "live", "--manifest", manifest(), "--output", "markdown");
    assertTrue(
        run.out().contains("| `hourly` | changed (sql) | needs backfill, in place |"), run.out());
    assertTrue(run.out().contains("```diff\n- SELECT"), run.out());
    assertTrue(run.out().contains("`beamline backfill hourly --from "), run.out());
  }

  @Test
  void comparesWithTheTablesThatARunMade() throws IOException {
    CommandRun before = beamline("plan", "nightly", "--fail-on-changes");
    assertEquals(1, before.code());
    assertTrue(before.out().contains("pipeline nightly (batch): launch"), before.out());
    assertEquals(0, beamline("run", "nightly", "--preview", "0").code());
    assertEquals(0, beamline("plan", "nightly", "--fail-on-changes").code());
    query("hourly", HOURLY.replace("score > 0", "score > 1"));
    CommandRun after = beamline("plan", "nightly", "--fail-on-changes");
    assertEquals(1, after.code());
    assertTrue(after.out().contains("computes the whole table anew"), after.out());
    // On this machine a deployment is a run.
    assertEquals(0, beamline("deploy", "nightly").code());
    assertEquals(0, beamline("plan", "nightly", "--fail-on-changes").code());
  }

  @Test
  void aTargetWithoutAWarehouseRemembersItsRuns() throws IOException {
    Path yaml = project.resolve("pipelines.yaml");
    Files.writeString(
        yaml,
        Files.readString(yaml)
                .replace("defaults:\n", "defaults:\n  sink: {type: files, path: out/}\n")
            + "targets:\n  plain: {runner: direct}\n");
    CommandRun before =
        beamline("plan", "nightly", "--target", "plain", "--output", "json", "--fail-on-changes");
    assertEquals(1, before.code(), before.err());
    JsonNode plan = new ObjectMapper().readTree(before.out());
    assertEquals(
        "the last runs on this machine and the tables that they wrote",
        plan.path("against").asText());
    assertEquals("launch", plan.path("pipelines").get(0).path("action").asText());
    CommandRun deploy = beamline("deploy", "nightly", "--target", "plain");
    assertEquals(0, deploy.code(), deploy.err());
    assertTrue(
        deploy.out().contains("pipeline nightly was computed once; nothing of it stays running"),
        deploy.out());
    assertEquals(0, beamline("plan", "nightly", "--target", "plain", "--fail-on-changes").code());
    CommandRun status = beamline("status", "nightly", "--target", "plain");
    assertEquals(0, status.code(), status.err());
    assertTrue(status.out().contains("pipeline nightly (batch): done"), status.out());
    query("best", "SELECT team, total FROM hourly WHERE total > 200");
    CommandRun after = beamline("plan", "nightly", "--target", "plain", "--fail-on-changes");
    assertEquals(1, after.code(), after.err());
    assertTrue(after.out().contains("best"), after.out());
  }

  @Test
  void aPipelineThatIsGoneIsForgottenOnce() throws IOException {
    assertEquals(0, beamline("run", "nightly", "--preview", "0").code());
    Path yaml = project.resolve("pipelines.yaml");
    Files.writeString(yaml, Files.readString(yaml).replace("nightly:", "daily:"));
    CommandRun plan = beamline("plan", "--fail-on-changes");
    assertEquals(1, plan.code(), plan.err());
    assertTrue(plan.out().contains("the project has this pipeline no longer"), plan.out());
    CommandRun deploy = beamline("deploy");
    assertEquals(0, deploy.code(), deploy.err());
    assertTrue(
        deploy.out().contains("pipeline nightly is not in the project any more"), deploy.out());
    assertEquals(0, beamline("plan", "--fail-on-changes").code());
  }

  @Test
  void saysWhatIsWrongWithAManifest() throws IOException {
    Files.writeString(project.resolve("deployed.json"), "{\"format\": 99, \"pipelines\": []}");
    CommandRun later = beamline("plan", "live", "--manifest", manifest());
    assertEquals(1, later.code());
    assertTrue(later.err().contains("is of format 99"), later.err());
    Files.writeString(project.resolve("deployed.json"), "hello");
    CommandRun broken = beamline("plan", "live", "--manifest", manifest());
    assertEquals(1, broken.code());
    assertTrue(broken.err().contains("is not a manifest"), broken.err());
  }
}
