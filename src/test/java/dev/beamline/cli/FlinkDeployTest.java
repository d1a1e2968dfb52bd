package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.beamline.catalog.Tuple;
import dev.beamline.flink.FlinkCluster;
import dev.beamline.flink.LeanFiles;
import dev.beamline.io.duckdb.Warehouse;
import dev.beamline.io.kafka.KafkaBroker;
import dev.beamline.pipeline.run.FlinkRest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The life of a deployment on a real Flink cluster: its sums go on through changes and failures.
 */
@Tag("slow")
class FlinkDeployTest {

  private static final Instant START = Instant.parse("2026-05-01T00:00:00Z");

  @TempDir Path folder;
  private KafkaBroker broker;
  private FlinkCluster cluster;
  private List<String> staged;

  private void project(int parallelism) throws IOException {
    Files.writeString(
        folder.resolve("pipelines.yaml"),
        """
        version: 1
        project: shop
        defaults:
          windowing: {allowed_lateness: 1h, trigger: {early: {every: 500ms}}}
        sources:
          orders:
            type: kafka
            bootstrap_servers: %s
            topic: orders
            columns:
              customer: STRING
              region: STRING
              ts: {type: TIMESTAMP, required: true}
              amount: INT64
            event_time: ts
        pipelines:
          live: {mode: streaming, queries: ["*"]}
        targets:
          prod:
            runner: flink
            master: %s
            warehouse: w.duckdb
            checkpoint_every: 1s
            parallelism: %d
            savepoint_path: state
            options: {filesToStage: "%s"}
        """
            .formatted(broker.servers(), cluster.master(), parallelism, String.join(",", staged)));
  }

  private void query(String name, String sql) throws IOException {
    Files.createDirectories(folder.resolve("queries"));
    Files.writeString(folder.resolve("queries/" + name + ".sql"), sql);
  }

  private CommandRun beamline(int code, String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--target", "prod", "-C", folder.toString()));
    CommandRun run = CommandRun.of(all.toArray(String[]::new));
    assertEquals(code, run.code(), run.out() + run.err() + (code == 0 ? cluster.logs() : ""));
    return run;
  }

  private String deploy() throws IOException {
    String out = beamline(0, "deploy", "--poll", "200ms", "--wait", "2m").out();
    return out.replaceAll("(?s).*pipeline live is deployed as job (\\w+).*", "$1");
  }

  /** So many orders of one each, by three customers, in one hour. */
  private void send(int count, String region) {
    try (KafkaProducer<byte[], byte[]> producer = broker.producer()) {
      for (int i = 0; i < count; i++) {
        String order =
            "{\"customer\":\"c%d\",\"region\":\"%s\",\"ts\":\"%s\",\"amount\":1}"
                .formatted(i % 3, region, START.plusSeconds(i));
        producer.send(
            new ProducerRecord<>("orders", 0, null, order.getBytes(StandardCharsets.UTF_8)));
      }
    }
  }

  private void awaitTotal(String table, long total) throws Exception {
    TreeMap<String, Long> seen = new TreeMap<>();
    cluster.await(
        table + " of " + total,
        () -> {
          seen.clear();
          try {
            for (Tuple row :
                Warehouse.open(folder.resolve("w.duckdb")).rows(table, List.of(), Long.MAX_VALUE)) {
              seen.put(String.valueOf(row.get(0)), (Long) row.get(1));
            }
          } catch (IOException e) {
            throw new IOException("no table " + table, e);
          }
          long sum = seen.values().stream().mapToLong(Long::longValue).sum();
          assertTrue(sum <= total, () -> "counted twice: " + seen);
          return sum == total;
        });
  }

  private JsonNode status() throws IOException {
    CommandRun run = beamline(0, "status", "--output", "json");
    return new ObjectMapper().readTree(run.out()).path("pipelines").get(0);
  }

  @Test
  void sumsGoOnThroughChangesAndFailures(@TempDir Path kafka, @TempDir Path flink)
      throws Exception {
    try (KafkaBroker startedBroker = KafkaBroker.start(kafka);
        FlinkCluster startedCluster = FlinkCluster.start(flink, 1)) {
      broker = startedBroker;
      cluster = startedCluster;
      staged = LeanFiles.of(flink);
      broker.topic("orders", 1);
      project(1);
      query(
          "totals",
          "SELECT customer, SUM(amount) AS total FROM orders"
              + " GROUP BY customer, TUMBLE(ts, INTERVAL 1 HOUR)");
      launchesOnceAndKeepsStateWhenAQueryChanges();
      refusesToRunASecondJob();
      tellsWhatHasToBeDrained();
      goesBackToTheOldJobWhereTheNewOneDoesNotStart();
      leavesTheStateOfARemovedQueryBehind();
      launchesWhatHasVanished();
      runStopsWithASavepointAndGoesOnFromIt();
    }
  }

  private void launchesOnceAndKeepsStateWhenAQueryChanges() throws Exception {
    assertTrue(
        beamline(0, "deploy", "--dry-run").out().contains("would, for live: submit it"),
        "a dry run");
    assertEquals(0, cluster.get("/jobs/overview").path("jobs").size());
    String job = deploy();
    send(90, "north");
    awaitTotal("totals", 90);
    assertTrue(
        beamline(0, "plan", "--fail-on-changes").out().contains("unchanged, job " + job), "a plan");
    assertTrue(beamline(0, "deploy").out().contains("unchanged, job " + job), "a repetition");

    // A column that was not read before: the source in the savepoint does not know it.
    query(
        "totals",
        "SELECT customer, SUM(amount) AS total FROM orders WHERE region <> 'nowhere'"
            + " GROUP BY customer, TUMBLE(ts, INTERVAL 1 HOUR)");
    query(
        "regions",
        "SELECT region, COUNT(*) AS n FROM orders GROUP BY region, TUMBLE(ts, INTERVAL 1 HOUR)");
    CommandRun plan = beamline(1, "plan", "--fail-on-changes");
    assertTrue(plan.out().contains("update in place, job " + job), plan.out());
    String next = deploy();
    assertNotEquals(job, next);
    assertEquals("FINISHED", cluster.get("/jobs/" + job).path("state").asText());
    send(30, "south");
    send(9, "nowhere");
    awaitTotal("totals", 120);
    awaitTotal("regions", 39);
    JsonNode status = status();
    assertEquals("running", status.path("state").asText());
    assertEquals(next, status.path("job").asText());
    assertTrue(status.path("healthy").asBoolean());
    assertEquals(16, status.path("manifest").asText().length());
    cluster.await(
        "39 rows in the counters", () -> status().path("queries").get(1).path("in").asLong() == 39);
  }

  private void refusesToRunASecondJob() throws IOException {
    CommandRun run = beamline(1, "run", "live");
    assertTrue(run.err().contains("pipeline live runs on the Flink cluster"), run.err());
  }

  private void tellsWhatHasToBeDrained() throws IOException {
    String kept = Files.readString(folder.resolve("queries/totals.sql"));
    query(
        "totals",
        "SELECT region AS customer, SUM(amount) AS total FROM orders"
            + " GROUP BY region, TUMBLE(ts, INTERVAL 1 HOUR)");
    CommandRun plan = beamline(1, "plan", "--fail-on-changes");
    assertTrue(plan.out().contains("pipeline live (streaming): drain and restart"), plan.out());
    query("totals", kept);
  }

  private void goesBackToTheOldJobWhereTheNewOneDoesNotStart() throws Exception {
    project(40);
    CommandRun failed = beamline(3, "deploy", "--poll", "200ms", "--wait", "15s");
    assertTrue(failed.err().contains("the old one goes on with its state"), failed.err());
    project(1);
    assertTrue(beamline(0, "plan").out().contains("unchanged, job"), "the old manifest");
    send(30, "north");
    awaitTotal("totals", 150);
  }

  private void leavesTheStateOfARemovedQueryBehind() throws Exception {
    Files.delete(folder.resolve("queries/regions.sql"));
    CommandRun plan = beamline(1, "plan", "--fail-on-changes");
    assertTrue(plan.out().contains("update in place"), plan.out());
    deploy();
    send(30, "north");
    awaitTotal("totals", 180);
  }

  private void launchesWhatHasVanished() throws Exception {
    String job = status().path("job").asText();
    new FlinkRest(cluster.master()).cancel(job);
    cluster.await(
        "the end of job " + job,
        () -> cluster.get("/jobs/" + job).path("state").asText().equals("CANCELED"));
    assertTrue(beamline(0, "plan").out().contains("pipeline live (streaming): launch"), "a plan");
    assertTrue(beamline(1, "status").out().contains("vanished"), "a status");
  }

  private void runStopsWithASavepointAndGoesOnFromIt() throws Exception {
    send(10, "north");
    CompletableFuture<CommandRun> first = run();
    awaitTotal("totals", 190);
    interrupt(first);
    send(10, "north");
    CompletableFuture<CommandRun> second = run();
    awaitTotal("totals", 200);
    interrupt(second);
    assertEquals(2, savepoints(), "a savepoint a stop, and the older ones are gone");
  }

  private CompletableFuture<CommandRun> run() {
    return CompletableFuture.supplyAsync(
        () ->
            CommandRun.of(
                "run", "live", "--target", "prod", "-C", folder.toString(), "--preview", "0"));
  }

  /** As Ctrl-C does, which the running command handles. */
  private void interrupt(CompletableFuture<CommandRun> run) throws Exception {
    new ProcessBuilder("kill", "-INT", Long.toString(ProcessHandle.current().pid()))
        .start()
        .waitFor();
    CommandRun done = run.get(3, TimeUnit.MINUTES);
    assertEquals(0, done.code(), done.out() + done.err());
  }

  private int savepoints() throws IOException {
    try (Stream<Path> all = Files.list(folder.resolve("state/shop.live"))) {
      return (int) all.filter(p -> p.getFileName().toString().startsWith("savepoint-")).count();
    }
  }
}
