package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.beamline.deploy.server.LocalDataflow;
import dev.beamline.gcs.LocalGcs;
import dev.beamline.io.bigquery.server.LocalBigQuery;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.jar.JarOutputStream;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans that look at what BigQuery's tables really are. */
final class PlanBigQueryTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TABLE = "demo-proj.game.hourly";

  @TempDir Path project;
  private LocalGcs storage;
  private LocalDataflow dataflow;
  private LocalBigQuery bigQuery;

  @BeforeEach
  void start() throws IOException {
    Logger.getLogger("").setLevel(Level.OFF);
    storage = LocalGcs.start();
    storage.makeBucket("demo-proj-temp");
    dataflow = LocalDataflow.start();
    bigQuery = LocalBigQuery.start();
    bigQuery.makeDataset("demo-proj", "game");
    Path jar = project.resolve("staged.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new ZipEntry("nothing.txt"));
      out.closeEntry();
    }
    Files.writeString(
        project.resolve("pipelines.yaml"),
        """
        version: 1
        project: tiny
        defaults:
          sink: {type: bigquery, dataset: game}
        sources:
          events:
            type: pubsub
            subscription: events
            columns: {ts: {type: TIMESTAMP, required: true}, team: STRING, score: INT64}
            event_time: ts
        queries:
          hourly:
            description: Scores of teams.
            columns: {total: What they scored.}
            sink:
              type: bigquery
              dataset: game
              partition_by: window_start
              cluster_by: [team]
              labels: {owner: game-design}
        pipelines:
          live: {mode: streaming, queries: ["*"]}
        targets:
          prod:
            runner: dataflow
            project: demo-proj
            region: europe-west1
            temp_location: gs://demo-proj-temp/temp
            options:
              filesToStage: %s
              gcsEndpoint: %s
              dataflowEndpoint: %s
              bigQueryEndpoint: %s
        """
            .formatted(jar, storage.endpoint(), dataflow.endpoint(), bigQuery.endpoint()));
    Files.createDirectories(project.resolve("queries"));
    query(
        "SELECT team, SUM(score) AS total FROM events GROUP BY team, TUMBLE(ts, INTERVAL 1 HOUR)");
  }

  @AfterEach
  void stop() throws IOException {
    dataflow.close();
    storage.close();
    bigQuery.close();
  }

  private void query(String sql) throws IOException {
    Files.writeString(project.resolve("queries/hourly.sql"), sql);
  }

  private CommandRun beamline(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--target", "prod", "-C", project.toString()));
    return CommandRun.of(all.toArray(String[]::new));
  }

  private CommandRun deploy() {
    return beamline("deploy", "--poll", "10ms", "--wait", "30s");
  }

  /** Has somebody else change the table behind our back. */
  private void change(Consumer<ObjectNode> edit) throws Exception {
    ObjectNode resource = bigQuery.table("demo-proj", "game", "hourly");
    delete();
    edit.accept(resource);
    bigQuery.makeTable("demo-proj", "game", resource);
  }

  private void delete() throws Exception {
    HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(
                    URI.create(
                        bigQuery.endpoint()
                            + "/bigquery/v2/projects/demo-proj/datasets/game/tables/hourly"))
                .DELETE()
                .build(),
            HttpResponse.BodyHandlers.discarding());
  }

  private static ArrayNode fields(ObjectNode table) {
    return (ArrayNode) table.path("schema").path("fields");
  }

  private static ObjectNode field(ObjectNode table, String name) {
    for (JsonNode field : fields(table)) {
      if (field.path("name").asText().equals(name)) {
        return (ObjectNode) field;
      }
    }
    throw new IllegalArgumentException(name);
  }

  private static void remove(ObjectNode table, String name) {
    ArrayNode fields = fields(table);
    for (int i = fields.size() - 1; i >= 0; i--) {
      if (fields.get(i).path("name").asText().equals(name)) {
        fields.remove(i);
      }
    }
  }

  /** Marks and texts of the only query. */
  private List<String> reasons() throws IOException {
    CommandRun plan = beamline("plan", "--output", "json");
    assertEquals(0, plan.code(), plan.err());
    List<String> found = new ArrayList<>();
    for (JsonNode query : JSON.readTree(plan.out()).path("pipelines").path(0).path("queries")) {
      for (JsonNode reason : query.path("reasons")) {
        found.add(reason.path("mark").asText() + ": " + reason.path("text").asText());
      }
    }
    return found;
  }

  @Test
  void tellsWhatOthersChangedInTheTable() throws Exception {
    CommandRun first = deploy();
    assertEquals(0, first.code(), first.err());
    ObjectNode made = bigQuery.table("demo-proj", "game", "hourly");
    assertEquals("Scores of teams.", made.path("description").asText());
    assertEquals("What they scored.", field(made, "total").path("description").asText());
    assertEquals("game-design", made.path("labels").path("owner").asText());
    assertEquals("window_start", made.path("timePartitioning").path("field").asText());
    assertEquals("[\"team\"]", made.path("clustering").path("fields").toString());
    assertEquals(List.of(), reasons());
    assertEquals(0, beamline("plan", "--fail-on-changes").code());

    change(
        table -> {
          remove(table, "total");
          table.put("description", "Mine.");
          ((ObjectNode) table.path("labels")).put("owner", "somebody");
          table.remove("clustering");
        });
    assertEquals(
        List.of(
            "in_place: table " + TABLE + ": add column total INT64",
            "in_place: table " + TABLE + ": cluster by team",
            "in_place: table " + TABLE + ": description",
            "in_place: table " + TABLE + ": label owner=game-design"),
        reasons());
    assertEquals(1, beamline("plan", "--fail-on-changes").code());
    CommandRun mended = deploy();
    assertEquals(0, mended.code(), mended.err());
    ObjectNode now = bigQuery.table("demo-proj", "game", "hourly");
    assertEquals("INT64", field(now, "total").path("type").asText());
    assertEquals("game-design", now.path("labels").path("owner").asText());
    assertEquals(List.of(), reasons());

    delete();
    assertEquals(
        List.of("needs_backfill: table " + TABLE + " is not there any more; it is made again"),
        reasons());
    assertEquals(0, deploy().code());
    assertEquals(List.of(), reasons());
  }

  @Test
  void whatReadersHaveToKnowIsBreakingAndLeavesTheJobAlone() throws Exception {
    assertEquals(0, deploy().code());
    ObjectNode good = bigQuery.table("demo-proj", "game", "hourly");
    change(
        table -> {
          field(table, "total").put("type", "STRING");
          fields(table).addObject().put("name", "theirs").put("type", "INT64");
          ((ObjectNode) table.path("timePartitioning")).put("type", "HOUR");
          ((ObjectNode) table.path("tableConstraints").path("primaryKey"))
              .putArray("columns")
              .add("team");
        });
    List<String> found = reasons();
    assertEquals(4, found.size(), found.toString());
    String said = String.join("\n", found);
    assertTrue(found.stream().allMatch(r -> r.startsWith("breaking: ")), said);
    assertTrue(
        said.contains("has the column total with type STRING, but the query gives INT64"), said);
    assertTrue(said.contains("ALTER TABLE `" + TABLE + "` DROP COLUMN `theirs`"), said);
    assertTrue(
        said.contains(
            "is partitioned by window_start each hour, but the sink says by window_start each day"),
        said);
    assertTrue(
        said.contains(
            "has the primary key team, but the query upserts by team, window_start, window_end"),
        said);
    int jobs = dataflow.api().jobs().size();
    CommandRun refused = deploy();
    assertEquals(1, refused.code(), refused.err());
    assertTrue(refused.err().contains("SINK_SCHEMA"), refused.err());
    assertEquals(jobs, dataflow.api().jobs().size());
    assertEquals("JOB_STATE_RUNNING", dataflow.api().newest().get("currentState").asText());

    // A table with rows of others is there before the first deployment, too.
    CommandRun markdown = beamline("plan", "--output", "markdown");
    assertTrue(markdown.out().contains("breaking"), markdown.out());
    change(table -> table.setAll(good));
    assertEquals(List.of(), reasons());
    query(
        "SELECT team, SUM(score) AS total, COUNT(*) AS n FROM events"
            + " GROUP BY team, TUMBLE(ts, INTERVAL 1 HOUR)");
    List<String> changed = reasons();
    assertTrue(
        changed.stream().anyMatch(r -> r.startsWith("in_place: column n INT64 is added")),
        changed.toString());
    assertTrue(changed.stream().noneMatch(r -> r.contains("table " + TABLE)), changed.toString());
  }
}
