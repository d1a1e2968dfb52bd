package dev.beamline.io.pubsub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.pubsub.v1.PubsubMessage;
import dev.beamline.diagnostic.Problems;
import dev.beamline.io.bigquery.server.LocalBigQuery;
import dev.beamline.io.pubsub.server.LocalPubsub;
import dev.beamline.io.pubsub.server.PubsubEmulator;
import dev.beamline.io.pubsub.server.PubsubService;
import dev.beamline.pipeline.run.ProjectRun;
import dev.beamline.pipeline.run.RunLedger;
import dev.beamline.pipeline.run.RunSettings;
import dev.beamline.project.PipelineDefinition;
import dev.beamline.project.Project;
import dev.beamline.project.ProjectReader;
import dev.beamline.sql.CompiledProject;
import dev.beamline.sql.ProjectCompiler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubClient;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events go in at Pub/Sub, come out at BigQuery, by a project as users write it. */
final class PubsubToBigQueryTest {

  private static final String TOPIC = "projects/demo-proj/topics/scores";
  private static final String SUBSCRIPTION = "projects/demo-proj/subscriptions/scores-beamline";
  private static final String ALERTS = "projects/demo-proj/topics/alerts";
  private static final String ALERTS_SUBSCRIPTION = "projects/demo-proj/subscriptions/alerts-test";

  private static final Map<String, String> TOTALS =
      Map.of(
          "blue@1767225600000000", "7",
          "red@1767225600000000", "45",
          "blue@1767229200000000", "1");

  @TempDir private Path folder;

  private final AtomicReference<String> state = new AtomicReference<>("nothing");
  private final AtomicReference<Exception> failure = new AtomicReference<>();

  @Test
  void aTumbleOfMessagesEndsInBothSinks() throws Exception {
    try (LocalPubsub pubsub = LocalPubsub.start()) {
      run(pubsub);
      // The runner makes the last messages durable with the next ones.
      assertTrue(pubsub.acknowledged(SUBSCRIPTION) >= 10);
    }
  }

  @Test
  @Tag("slow")
  void theSameOnGooglesEmulator() throws Exception {
    Optional<PubsubEmulator> emulator = PubsubEmulator.start();
    assumeTrue(emulator.isPresent(), "Google's emulator is not installed");
    try (PubsubService pubsub = emulator.get()) {
      run(pubsub);
    }
  }

  private void run(PubsubService pubsub) throws Exception {
    try (LocalBigQuery bigQuery = LocalBigQuery.start();
        PubsubClient client = pubsub.connect()) {
      bigQuery.makeDataset("demo-proj", "game");
      for (String topic : List.of(TOPIC, ALERTS)) {
        client.createTopic(PubsubClient.topicPathFromPath(topic));
      }
      client.createSubscription(
          PubsubClient.topicPathFromPath(TOPIC),
          PubsubClient.subscriptionPathFromPath(SUBSCRIPTION),
          10);
      client.createSubscription(
          PubsubClient.topicPathFromPath(ALERTS),
          PubsubClient.subscriptionPathFromPath(ALERTS_SUBSCRIPTION),
          10);
      project(pubsub, bigQuery);

      publish(client, "blue", "a", 3, "2026-01-01T00:05:00Z");
      publish(client, "blue", "b", 4, "2026-01-01T00:10:00Z");
      publish(client, "red", "c", 5, "2026-01-01T00:20:00Z");
      publish(client, "blue", "b", 4, "2026-01-01T00:10:00Z");
      publish(client, "blue", "d", 1, "2026-01-01T01:10:00Z");
      publishText(client, "not json", Map.of("team", "red"));
      publishText(client, "{\"id\":\"x\",\"event_time\":\"2026-01-01T00:00:00Z\"}", Map.of());
      for (int i = 0; i < 4; i++) {
        publish(client, "red", "r" + i, 10, "2026-01-01T00:30:0" + i + "Z");
      }
      // Moves the watermark past both hours.
      publish(client, "late", "z", 0, "2026-01-01T05:00:00Z");

      AtomicReference<RunLedger> ledger = new AtomicReference<>();
      Thread running = start(ledger);
      await(
          () ->
              bigQuery.hasTable("demo-proj", "game", "points")
                  && seen(ledger + " " + totals(bigQuery))
                  && totals(bigQuery).equals(TOTALS)
                  && bigQuery.hasTable("demo-proj", "game", "scores_errors")
                  && bigQuery.rows("demo-proj", "game", "scores_errors").size() == 2);
      await(() -> ledger.get() != null && ledger.get().read() >= 11);

      var table = bigQuery.table("demo-proj", "game", "points");
      assertEquals("window_start", table.path("timePartitioning").path("field").asText());
      assertEquals(
          "[\"team\",\"window_start\",\"window_end\"]",
          table.path("tableConstraints").path("primaryKey").path("columns").toString());

      List<String> reasons = new ArrayList<>();
      bigQuery
          .rows("demo-proj", "game", "scores_errors")
          .forEach(r -> reasons.add(r.get("code") + " " + r.get("input")));
      reasons.sort(null);
      assertEquals(
          List.of(
              "INVALID_JSON not json",
              "MISSING_FIELD {\"id\":\"x\",\"event_time\":\"2026-01-01T00:00:00Z\"}"),
          reasons);

      List<String> alerts = new ArrayList<>();
      await(
          () -> {
            for (var message : pull(client)) {
              alerts.add(
                  message.getAttributesOrThrow("change")
                      + " "
                      + message.getAttributesOrThrow("who")
                      + " "
                      + message.getData().toStringUtf8());
            }
            return alerts.stream().anyMatch(a -> a.contains("\"total\":45"));
          });
      // One message was later than the watermark allows for, and corrects what had been said.
      String alert =
          alerts.stream().filter(a -> a.contains("\"total\":45")).findFirst().orElseThrow();
      assertTrue(
          alert.startsWith(
              "UPSERT red {\"team\":\"red\",\"total\":45,\"window_start\":\"2026-01-01T00:00:00Z\","
                  + "\"window_end\":\"2026-01-01T01:00:00Z\",\"pane_timing\":"),
          alert);
      assertTrue(alert.endsWith("\"is_final\":true}"), alert);
      running.interrupt();
      running.join(20_000);
    }
  }

  private static List<PubsubMessage> pull(PubsubClient client) {
    try {
      return client
          .pull(
              System.currentTimeMillis(),
              PubsubClient.subscriptionPathFromPath(ALERTS_SUBSCRIPTION),
              100,
              true)
          .stream()
          .map(PubsubClient.IncomingMessage::message)
          .toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What a failure tells. */
  private boolean seen(String now) {
    state.set(now);
    return true;
  }

  private static Map<String, String> totals(LocalBigQuery bigQuery) {
    Map<String, String> totals = new TreeMap<>();
    bigQuery
        .rows("demo-proj", "game", "points")
        .forEach(r -> totals.put(r.get("team") + "@" + r.get("window_start"), r.get("total") + ""));
    return totals;
  }

  private void project(PubsubService pubsub, LocalBigQuery bigQuery) throws IOException {
    Files.createDirectories(folder.resolve("queries"));
    Files.writeString(
        folder.resolve("pipelines.yaml"),
        """
        version: 1
        project: game
        defaults:
          sink: {type: bigquery, dataset: game}
          windowing: {allowed_lateness: 1h}
        sources:
          scores:
            type: pubsub
            subscription: scores-beamline
            id_attribute: id
            attributes: {team: team}
            columns:
              id: STRING
              team: {type: STRING, required: true}
              score: INT64
              event_time: {type: TIMESTAMP, required: true}
            event_time: event_time
            watermark: {max_out_of_orderness: 30s}
        queries:
          points:
            description: Points an hour.
            sink: {partition_by: window_start}
          alerts:
            sink: {type: pubsub, topic: alerts, attributes: {team: who}}
        pipelines:
          live: {mode: streaming, queries: ["*"]}
        targets:
          cloud:
            runner: direct
            options:
              project: demo-proj
              pubsubRootUrl: %s
              bigQueryEndpoint: %s
        """
            .formatted(pubsub.rootUrl(), bigQuery.endpoint()));
    String sum =
        "SELECT team, SUM(score) AS total FROM scores GROUP BY team, TUMBLE(event_time, INTERVAL 1"
            + " HOUR)";
    Files.writeString(folder.resolve("queries/points.sql"), sum);
    Files.writeString(folder.resolve("queries/alerts.sql"), sum + " HAVING total > 40");
  }

  private Thread start(AtomicReference<RunLedger> ledger) {
    Problems problems = new Problems();
    Project project = ProjectReader.read(folder, System::getenv, problems);
    problems.throwIfErrors();
    List<String> queries = List.of("points", "alerts");
    CompiledProject compiled = ProjectCompiler.compile(project, queries, true, problems);
    problems.throwIfErrors();
    ProjectRun run =
        new ProjectRun(
            new RunSettings(
                project,
                project.target("cloud"),
                "live",
                PipelineDefinition.Mode.STREAMING,
                compiled.plans(),
                queries,
                Map.of()));
    Thread thread =
        new Thread(
            () -> {
              try {
                run.run(ledger::set);
              } catch (InterruptedException e) {
                // The test has seen what it waited for.
                Thread.currentThread().interrupt();
              } catch (IOException | RuntimeException e) {
                failure.set(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void await(BooleanSupplier done) throws InterruptedException {
    Instant until = Instant.now().plus(Duration.ofSeconds(120));
    while (failure.get() != null || !done.getAsBoolean()) {
      if (failure.get() != null || Instant.now().isAfter(until)) {
        throw new AssertionError("not seen in time: " + state.get(), failure.get());
      }
      Thread.sleep(100);
    }
  }

  private static void publish(
      PubsubClient client, String team, String id, int score, String eventTime) throws IOException {
    publishText(
        client,
        "{\"id\":\"" + id + "\",\"score\":" + score + ",\"event_time\":\"" + eventTime + "\"}",
        Map.of("team", team, "id", id));
  }

  private static void publishText(PubsubClient client, String text, Map<String, String> attributes)
      throws IOException {
    PubsubService.publish(client, TOPIC, text.getBytes(StandardCharsets.UTF_8), attributes);
  }
}
