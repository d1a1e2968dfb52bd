package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.beamline.deploy.server.DataflowApi;
import dev.beamline.deploy.server.LocalDataflow;
import dev.beamline.gcs.LocalGcs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarOutputStream;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deployments by the unmodified DataflowRunner to servers of this machine. */
final class DeployCommandTest {

  private static final String BUCKET = "demo-proj-temp";

  @TempDir Path project;
  private LocalGcs storage;
  private LocalDataflow dataflow;

  @BeforeAll
  static void quiet() {
    Logger.getLogger("").setLevel(Level.OFF);
  }

  @BeforeEach
  void start() throws IOException {
    storage = LocalGcs.start();
    storage.makeBucket(BUCKET);
    dataflow = LocalDataflow.start();
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
          sink: {type: files, path: gs://demo-proj-temp/tables/}
        sources:
          events:
            type: files
            path: events.ndjson
            format: json
            columns: {ts: {type: TIMESTAMP, required: true}, team: STRING, user: STRING, score: INT64}
            event_time: ts
        pipelines:
          live: {mode: streaming, queries: ["*"]}
        targets:
          prod:
            runner: dataflow
            project: demo-proj
            region: europe-west1
            temp_location: gs://demo-proj-temp/temp
            service_account: worker@demo-proj.iam.gserviceaccount.com
            network: backend
            max_workers: 7
            worker_machine_type: n2-standard-2
            streaming_engine: true
            labels: {team: data}
            options:
              filesToStage: %s
              gcsEndpoint: %s
              dataflowEndpoint: %s
        """
            .formatted(jar, storage.endpoint(), dataflow.endpoint()));
    Files.createDirectories(project.resolve("queries"));
    Files.writeString(project.resolve("events.ndjson"), "");
    query(
        "hourly",
        "SELECT team, SUM(score) AS total FROM events GROUP BY team, TUMBLE(ts, INTERVAL 1 HOUR)");
    query(
        "daily",
        "SELECT team, COUNT(*) AS n FROM events GROUP BY team, TUMBLE(ts, INTERVAL 1 DAY)");
  }

  @AfterEach
  void stop() throws IOException {
    dataflow.close();
    storage.close();
  }

  private void query(String name, String sql) throws IOException {
    Files.writeString(project.resolve("queries").resolve(name + ".sql"), sql);
  }

  private CommandRun beamline(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--target", "prod", "-C", project.toString()));
    return CommandRun.of(all.toArray(String[]::new));
  }

  private CommandRun deploy() {
    return beamline("deploy", "--poll", "10ms", "--wait", "5s");
  }

  private DataflowApi api() {
    return dataflow.api();
  }

  private String launch() {
    CommandRun first = deploy();
    assertEquals(0, first.code(), first.err());
    return api().newest().get("id").asText();
  }

  @Test
  void launchesThenLeavesAlone() throws IOException {
    CommandRun shown = beamline("deploy", "--dry-run");
    assertEquals(0, shown.code(), shown.err());
    assertTrue(shown.out().contains("would, for live: launch it"), shown.out());
    assertTrue(api().jobs().isEmpty());

    String id = launch();
    JsonNode job = api().newest();
    assertEquals("beamline-tiny-live", job.get("name").asText());
    assertEquals("JOB_TYPE_STREAMING", job.get("type").asText());
    assertEquals("tiny", job.get("labels").get("beamline_project").asText());
    assertEquals("live", job.get("labels").get("beamline_pipeline").asText());
    assertEquals("data", job.get("labels").get("team").asText());
    JsonNode environment = job.get("environment");
    assertEquals(
        "worker@demo-proj.iam.gserviceaccount.com",
        environment.get("serviceAccountEmail").asText());
    JsonNode pool = environment.get("workerPools").get(0);
    assertEquals("backend", pool.get("network").asText());
    assertEquals("n2-standard-2", pool.get("machineType").asText());
    assertEquals(7, pool.get("autoscalingSettings").get("maxNumWorkers").asInt());
    assertTrue(storage.list(BUCKET).contains("temp/beamline/tiny/live/current.json"));

    CommandRun again = deploy();
    assertEquals(0, again.code(), again.err());
    assertTrue(again.out().contains("Nothing to change"), again.out());
    assertEquals(1, api().jobs().size());
    assertEquals("JOB_STATE_RUNNING", api().state(id));
    assertEquals(0, beamline("plan", "--fail-on-changes").code());
    // A comment changes nothing that runs.
    query(
        "daily",
        "-- by day\nSELECT team, COUNT(*) AS n FROM events GROUP BY team, TUMBLE(ts, INTERVAL 1 DAY)");
    assertEquals(0, beamline("plan", "--fail-on-changes").code());
  }

  @Test
  void stagesNothingTwice() throws IOException {
    launch();
    Map<String, Long> staged = staged();
    assertEquals(1, staged.keySet().stream().filter(n -> n.contains("/staged-")).count());
    query(
        "hourly",
        "SELECT team, SUM(score) AS total FROM events WHERE score > 0 GROUP BY team, TUMBLE(ts, INTERVAL 1 HOUR)");
    assertEquals(0, deploy().code());
    assertEquals(2, api().jobs().size());
    Map<String, Long> after = staged();
    staged.forEach((name, generation) -> assertEquals(generation, after.get(name), name));
  }

  /** The jars that are staged, with which writing of each it is. */
  private Map<String, Long> staged() throws IOException {
    Map<String, Long> staged = new TreeMap<>();
    for (String name : storage.list(BUCKET)) {
      if (name.endsWith(".jar")) {
        staged.put(name, storage.generation(BUCKET, name));
      }
    }
    return staged;
  }

  @Test
  void updatesInPlaceWithTheNamesOfWhatIsGoneAndMoved() throws IOException {
    String old = launch();
    query(
        "hourly",
        "SELECT team, SUM(score) AS total FROM events WHERE score > 0 GROUP BY team, TUMBLE(ts, INTERVAL 1 HOUR)");
    query(
        "byuser",
        "SELECT user, SUM(score) AS total FROM events GROUP BY user, TUMBLE(ts, INTERVAL 1 DAY)");
    Files.delete(project.resolve("queries/daily.sql"));
    assertEquals(1, beamline("plan", "--fail-on-changes").code());
    CommandRun update = deploy();
    assertEquals(0, update.code(), update.err());
    assertTrue(update.out().contains("update in place"), update.out());
    JsonNode job = api().newest();
    assertEquals(old, job.get("replaceJobId").asText());
    assertEquals("JOB_STATE_UPDATED", api().state(old));
    JsonNode mapping = job.get("transformNameMapping");
    assertTrue(mapping.size() > 0);
    mapping
        .fields()
        .forEachRemaining(
            e -> {
              assertTrue(e.getKey().matches("daily(\\.errors)?/.*"), e.getKey());
              assertEquals("", e.getValue().asText());
            });
    assertEquals(0, beamline("plan", "--fail-on-changes").code());
  }

  @Test
  void drainsWhereAKeyChanges() throws IOException {
    String old = launch();
    query(
        "hourly",
        "SELECT user AS team, SUM(score) AS total FROM events GROUP BY user, TUMBLE(ts, INTERVAL 1 HOUR)");
    CommandRun plan = beamline("plan");
    assertTrue(
        plan.out().contains("pipeline live (streaming): drain and restart, job " + old),
        plan.out());
    CommandRun replaced = deploy();
    assertEquals(0, replaced.code(), replaced.err());
    assertEquals("JOB_STATE_DRAINED", api().state(old));
    JsonNode job = api().newest();
    assertFalse(job.has("replaceJobId"));
    assertEquals("JOB_STATE_RUNNING", api().state(job.get("id").asText()));
  }

  @Test
  void aFailedUpdateLeavesTheOldJobRunning() throws IOException {
    String old = launch();
    query(
        "hourly",
        "SELECT team, SUM(score) + 0 AS total FROM events GROUP BY team, TUMBLE(ts, INTERVAL 1 HOUR)");
    api().failLaunches("Workflow failed. Causes: the disk was full");
    CommandRun failed = deploy();
    assertEquals(3, failed.code(), failed.err());
    assertTrue(failed.err().contains("updating job " + old), failed.err());
    assertTrue(failed.err().contains("the disk was full"), failed.err());
    assertTrue(failed.err().contains("job " + old + " goes on as it was"), failed.err());
    assertFalse(failed.err().contains("\tat "), failed.err());
    assertEquals("JOB_STATE_RUNNING", api().state(old));
    api().failLaunches("");
    api().rejectLaunches("(1234): worker@demo-proj lacks a permission");
    CommandRun rejected = deploy();
    assertEquals(3, rejected.code(), rejected.err());
    assertTrue(rejected.err().contains("lacks a permission"), rejected.err());
    assertEquals("JOB_STATE_RUNNING", api().state(old));
    // What is deployed is still the old one, and the next deployment does it.
    api().rejectLaunches("");
    assertEquals(1, beamline("plan", "--fail-on-changes").code());
    assertEquals(0, deploy().code());
    assertEquals("JOB_STATE_UPDATED", api().state(old));
  }

  @Test
  void aJobThatDoesNotDrainIsNotReplaced() throws IOException {
    String old = launch();
    query(
        "hourly",
        "SELECT user AS team, SUM(score) AS total FROM events GROUP BY user, TUMBLE(ts, INTERVAL 1 HOUR)");
    api().setLooksUntilDrained(1_000_000);
    CommandRun waited = beamline("deploy", "--poll", "10ms", "--wait", "200ms");
    assertEquals(3, waited.code(), waited.err());
    assertTrue(waited.err().contains("still draining"), waited.err());
    assertEquals(1, api().jobs().size());
    // It has drained in the end; the next deployment goes on from there.
    api().setState(old, "JOB_STATE_DRAINED");
    assertEquals(0, deploy().code());
    assertEquals(2, api().jobs().size());
  }

  @Test
  void twoDeploymentsAtOnceAreOne() throws IOException {
    String lock = "temp/beamline/tiny/live/lock.json";
    storage.put(BUCKET, lock, lock(Instant.now().plusSeconds(60)));
    CommandRun second = deploy();
    assertEquals(1, second.code(), second.err());
    assertTrue(second.err().contains("by ann on laptop since"), second.err());
    assertTrue(api().jobs().isEmpty());
    // One that died holds it no longer than its lease.
    storage.put(BUCKET, lock, lock(Instant.now().minusSeconds(1)));
    CommandRun later = deploy();
    assertEquals(0, later.code(), later.err());
    assertFalse(storage.list(BUCKET).contains(lock));
  }

  @Test
  void deploymentsThatRaceMakeOneJob() throws Exception {
    for (int round = 0; round < 3; round++) {
      query(
          "hourly",
          "SELECT team, SUM(score) + "
              + round
              + " AS total FROM events GROUP BY team, TUMBLE(ts, INTERVAL 1 HOUR)");
      List<CommandRun> runs = race(3);
      assertTrue(runs.stream().anyMatch(r -> r.code() == 0), runs.toString());
      for (CommandRun run : runs) {
        // Either it waited for nobody and was told so, or it found all done.
        assertTrue(
            run.code() == 0 || (run.code() == 1 && run.err().contains("another deployment")),
            run.toString());
      }
      assertEquals(round + 1, api().jobs().size(), runs.toString());
      assertEquals("JOB_STATE_RUNNING", api().newest().get("currentState").asText());
      assertEquals(0, beamline("plan", "--fail-on-changes").code());
      assertFalse(storage.list(BUCKET).contains("temp/beamline/tiny/live/lock.json"));
    }
  }

  /** One of them holds the lock while the old job drains. */
  @Test
  void processesThatRaceMakeOneJob() throws Exception {
    String old = launch();
    query(
        "hourly",
        "SELECT user AS team, SUM(score) AS total FROM events GROUP BY user, TUMBLE(ts, INTERVAL 1 HOUR)");
    api().setLooksUntilDrained(20);
    List<String> deploy =
        List.of(
            "deploy",
            "--target",
            "prod",
            "-C",
            project.toString(),
            "--poll",
            "200ms",
            "--wait",
            "1m");
    List<CommandProcess> begun = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      begun.add(CommandProcess.begin(CommandProcess.ofThisClassPath(), project, deploy));
    }
    List<CommandRun> runs = new ArrayList<>();
    for (CommandProcess one : begun) {
      runs.add(one.ended());
    }
    assertTrue(runs.stream().anyMatch(r -> r.code() == 0), runs.toString());
    for (CommandRun run : runs) {
      assertTrue(
          run.code() == 0 || (run.code() == 1 && run.err().contains("another deployment")),
          runs.toString());
    }
    assertEquals(2, api().jobs().size(), runs.toString());
    assertEquals("JOB_STATE_DRAINED", api().state(old));
    assertEquals(0, beamline("plan", "--fail-on-changes").code());
  }

  private List<CommandRun> race(int count) throws Exception {
    CountDownLatch start = new CountDownLatch(1);
    ExecutorService threads = Executors.newFixedThreadPool(count);
    try {
      List<Future<CommandRun>> running = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        running.add(
            threads.submit(
                () -> {
                  start.await();
                  return deploy();
                }));
      }
      start.countDown();
      List<CommandRun> done = new ArrayList<>();
      for (Future<CommandRun> one : running) {
        done.add(one.get(180, TimeUnit.SECONDS));
      }
      return done;
    } finally {
      threads.shutdownNow();
    }
  }

  private static byte[] lock(Instant until) {
    return ("{\"owner\": \"ann on laptop\", \"since\": \"2026-01-01T00:00:00Z\", \"until\": \""
            + until
            + "\"}")
        .getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void aPipelineOfAnotherNameIsLaunchedWhenTheOldOneHasDrained() throws IOException {
    String old = launch();
    Path yaml = project.resolve("pipelines.yaml");
    Files.writeString(yaml, Files.readString(yaml).replace("  live: {mode", "  always: {mode"));
    CommandRun run = deploy();
    assertEquals(0, run.code(), run.err());
    assertEquals("JOB_STATE_DRAINED", api().state(old));
    assertEquals("beamline-tiny-always", api().newest().get("name").asText());
    assertTrue(
        run.err().indexOf("live: job " + old + " has ended")
            < run.err().indexOf("always: launching"),
        run.err());
    assertEquals(0, beamline("plan", "--fail-on-changes").code());
  }

  @Test
  void aJobThatVanishedIsLaunchedAgain() throws IOException {
    String old = launch();
    api().setState(old, "JOB_STATE_CANCELLED");
    CommandRun plan = beamline("plan", "--output", "json");
    assertTrue(plan.out().contains("\"action\" : \"launch\""), plan.out());
    assertTrue(plan.out().contains("runs no longer"), plan.out());
    assertEquals(0, deploy().code());
    assertEquals(2, api().jobs().size());
    api().forget(api().newest().get("id").asText());
    assertEquals(0, deploy().code());
    assertEquals("JOB_STATE_RUNNING", api().newest().get("currentState").asText());
  }

  @Test
  void aDeploymentThatDiedAfterTheLaunchIsNotDoneTwice() throws IOException {
    launch();
    storage.delete(BUCKET, "temp/beamline/tiny/live/current.json");
    CommandRun again = deploy();
    assertEquals(0, again.code(), again.err());
    assertEquals(1, api().jobs().size());
  }

  @Test
  void sumsThatAreAppendedAreNotRunAtLeastOnce() throws IOException {
    Path yaml = project.resolve("pipelines.yaml");
    Files.writeString(
        yaml,
        Files.readString(yaml)
                .replace(
                    "path: gs://demo-proj-temp/tables/",
                    "path: gs://demo-proj-temp/tables/, write: append")
            + "      dataflowServiceOptions: streaming_mode_at_least_once\n");
    CommandRun refused = deploy();
    assertEquals(1, refused.code(), refused.err());
    assertTrue(refused.err().contains("would count twice"), refused.err());
    assertTrue(api().jobs().isEmpty());
  }

  @Test
  void plansOfflineAgainstASavedManifest() throws IOException {
    Path file = project.resolve("deployed.json");
    dataflow.close();
    // Nothing answers: only a saved manifest is of use.
    CommandRun without = beamline("plan");
    assertEquals(3, without.code());
    assertTrue(without.err().contains("--manifest"), without.err());
    CommandRun missing = beamline("plan", "--manifest", file.toString());
    assertEquals(1, missing.code());
    assertTrue(missing.err().contains("there is no manifest"), missing.err());
  }
}
