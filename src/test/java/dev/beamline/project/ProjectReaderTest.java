package dev.beamline.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.diagnostic.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProjectReaderTest {

  @TempDir Path folder;

  private final Problems problems = new Problems();

  private Project read(String yaml, String... queries) throws IOException {
    write("pipelines.yaml", yaml);
    for (String query : queries) {
      write("queries/" + query + ".sql", "SELECT 1 AS one");
    }
    return ProjectReader.read(
        folder, Map.of("GAME_EVENTS_SUBSCRIPTION", "projects/p/subscriptions/s")::get, problems);
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private List<String> messages() {
    return problems.sorted().stream().map(d -> d.place() + " " + d.code()).toList();
  }

  @Test
  void theFlinkInsideThisProcessKeepsItsStateOnThisMachine() throws IOException {
    String rest =
        """
        sources: {s: {type: files, path: s.csv, columns: {a: INT64}}}
        targets:
          a: {runner: flink, savepoint_path: "gs://bucket/state"}
          b: {runner: flink, state_backend: rockdb}
          c: {runner: flink, savepoint_path: "file:///state", state_backend: hashmap}
          d: {runner: flink, master: "flink:8081", savepoint_path: "gs://b/s", state_backend: rocksdb}
        """;
    write("s.csv", "a");
    read("version: 1\nproject: p\n" + rest);
    assertEquals(
        List.of(
            "pipelines.yaml:5:39 the Flink inside this process keeps its state on this machine, not"
                + " in \"gs://bucket/state\"",
            "pipelines.yaml:6:37 \"rockdb\" is no state backend of the Flink inside this process"),
        problems.sorted().stream().map(d -> d.place() + " " + d.message()).toList());
  }

  @Test
  void readsTheExampleOfTheManual() throws IOException {
    write("data/game_events.ndjson", "");
    write("data/players.csv", "");
    write(".env", "FRAUD_TOPIC=projects/p/topics/fraud\nexport GCP_PROJECT='p'\n");
    Project project =
        read(
            Files.readString(Path.of("src/test/resources/project/manual.yaml")),
            "fraud_suspects",
            "hourly_team_score",
            "daily_players");

    assertEquals(List.of(), messages());
    Source events = project.sources().get("game_events");
    assertEquals(
        "projects/p/subscriptions/s",
        assertInstanceOf(SourceSystem.Pubsub.class, events.system()).subscription().value());
    assertEquals(4, events.columns().size());
    assertTrue(events.columns().get(0).required());
    assertEquals("STRUCT<id STRING, price NUMERIC>", events.columns().get(3).type().value().sql());
    assertEquals(Duration.ofSeconds(30), events.watermark().maxOutOfOrderness());
    assertEquals("game_events_errors", events.errorTable());

    Query fraud = project.query("fraud_suspects");
    Windowing.Sliding sliding =
        assertInstanceOf(Windowing.Sliding.class, fraud.windowing().window());
    assertEquals(Duration.ofMinutes(10), sliding.size());
    assertEquals(Duration.ofHours(1), fraud.windowing().allowedLateness());
    assertEquals(new Windowing.Every(Duration.ofSeconds(10)), fraud.windowing().trigger().early());
    assertEquals("projects/p/topics/fraud", ((Sink.Pubsub) fraud.sink()).topic().value());

    Sink.BigQuery team =
        assertInstanceOf(Sink.BigQuery.class, project.query("hourly_team_score").sink());
    assertEquals("reports.team_score", team.qualifiedName());
    assertEquals(Sink.WriteMode.UPSERT, team.common().write().value());
    Sink.BigQuery daily =
        assertInstanceOf(Sink.BigQuery.class, project.query("daily_players").sink());
    assertEquals("game.daily_players", daily.qualifiedName());
    assertNull(daily.common().write());

    assertEquals(3, project.pipeline(null).queries().size());
    assertEquals(
        List.of("daily_players", "hourly_team_score"), project.pipeline("nightly").queries());
    assertEquals("[local]", ((Target.Flink) project.target("flink")).master());
    assertEquals(".beamline/warehouse.duckdb", project.target(null).common().warehouse());
  }

  @Test
  void aProjectNeedsNothingButAFile() throws IOException {
    Project project = read("", "one");
    assertEquals(List.of(), messages());
    assertEquals(List.of("one"), project.pipeline(null).queries());
    assertEquals("local", project.target(null).name());
    assertEquals("one", project.query("one").sink().table());
  }

  @Test
  void aWindowOfAQueryReplacesTheDefaultOneWhole() throws IOException {
    Project project =
        read(
            """
            defaults:
              windowing: {type: sliding, size: 10m, period: 1m, allowed_lateness: 2h}
            queries:
              own: {windowing: {type: fixed, size: 1h}}
              policy: {windowing: {allowed_lateness: 5m}}
            """,
            "own",
            "policy");
    assertEquals(List.of(), messages());
    Windowing own = project.query("own").windowing();
    assertInstanceOf(Windowing.Fixed.class, own.window());
    assertEquals(Duration.ofHours(2), own.allowedLateness());
    Windowing policy = project.query("policy").windowing();
    assertInstanceOf(Windowing.Sliding.class, policy.window());
    assertTrue(policy.inherited());
    assertEquals(Duration.ofMinutes(5), policy.allowedLateness());
  }
}
