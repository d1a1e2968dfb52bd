package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import dev.beamline.deploy.server.LocalDataflow;
import dev.beamline.gcs.LocalGcs;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarOutputStream;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of gcloud that the documentation names, on what Beamline has made. */
final class GcloudTest {

  @TempDir Path project;
  @TempDir Path config;

  @BeforeEach
  void gcloudIsHere() {
    Logger.getLogger("").setLevel(Level.OFF);
    boolean found =
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "gcloud")));
    assumeTrue(found, "gcloud is not installed on this machine");
  }

  private void write(String jar, String gcs, String dataflow) throws IOException {
    Files.createDirectories(project.resolve("queries"));
    Files.writeString(project.resolve("events.ndjson"), "");
    Files.writeString(
        project.resolve("queries/hourly.sql"),
        "SELECT team, SUM(score) AS total FROM events GROUP BY team, TUMBLE(ts, INTERVAL 1 HOUR)");
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
            columns: {ts: {type: TIMESTAMP, required: true}, team: STRING, score: INT64}
            event_time: ts
        queries:
          hourly: {freshness: {warn_after: 1h, error_after: 2h}}
        pipelines:
          live: {mode: streaming, queries: ["*"]}
        targets:
          prod:
            runner: dataflow
            project: demo-proj
            region: europe-west1
            temp_location: gs://demo-proj-temp/temp
            options: {filesToStage: "%s", gcsEndpoint: "%s", dataflowEndpoint: "%s"}
        """
            .formatted(jar, gcs, dataflow));
  }

  private CommandRun beamline(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--target", "prod", "-C", project.toString()));
    CommandRun run = CommandRun.of(all.toArray(String[]::new));
    assertEquals(0, run.code(), run.err());
    return run;
  }

  /** What a command of gcloud prints. */
  private String gcloud(String service, String endpoint, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("gcloud"));
    command.addAll(List.of(arguments));
    Path out = config.resolve("out.txt");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
    builder.environment().put("CLOUDSDK_API_ENDPOINT_OVERRIDES_" + service, endpoint);
    builder.environment().put("CLOUDSDK_AUTH_DISABLE_CREDENTIALS", "true");
    builder.environment().put("CLOUDSDK_CORE_PROJECT", "demo-proj");
    builder.environment().put("CLOUDSDK_CORE_DISABLE_PROMPTS", "1");
    builder.environment().put("CLOUDSDK_CONFIG", config.toString());
    Process process = builder.start();
    try {
      assertTrue(process.waitFor(180, TimeUnit.SECONDS), "gcloud does not end");
    } finally {
      process.destroyForcibly();
    }
    String said = Files.readString(out);
    assertEquals(0, process.exitValue(), command + ": " + said);
    return said;
  }

  @Test
  void listsAndDrainsJobs() throws Exception {
    Path jar = project.resolve("staged.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new ZipEntry("nothing.txt"));
      out.closeEntry();
    }
    try (LocalGcs storage = LocalGcs.start();
        LocalDataflow dataflow = LocalDataflow.start()) {
      storage.makeBucket("demo-proj-temp");
      write(jar.toString(), storage.endpoint(), dataflow.endpoint());
      beamline("deploy", "--poll", "10ms");
      String id = dataflow.api().newest().path("id").asText();
      String list =
          gcloud(
              "DATAFLOW",
              dataflow.endpoint(),
              "dataflow",
              "jobs",
              "list",
              "--region=europe-west1",
              "--filter=name~^beamline-tiny-");
      assertTrue(list.contains(id), list);
      gcloud(
          "DATAFLOW",
          dataflow.endpoint(),
          "dataflow",
          "jobs",
          "drain",
          id,
          "--region=europe-west1");
      String state = dataflow.api().state(id);
      assertTrue(state.startsWith("JOB_STATE_DRAIN"), state);
      // The next deployment sees that nothing runs, and launches.
      beamline("deploy", "--poll", "10ms");
      assertEquals(2, dataflow.api().jobs().size());
    }
  }

  @Test
  void takesTheMonitoringFiles() throws Exception {
    write("none.jar", "http://127.0.0.1:9", "http://127.0.0.1:9");
    Path folder = project.resolve("monitoring");
    beamline("monitoring", "--to", folder.toString());
    List<String> calls = new CopyOnWriteArrayList<>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          calls.add(
              exchange.getRequestURI().getPath() + " " + new String(body, StandardCharsets.UTF_8));
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    try {
      String endpoint = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
      gcloud(
          "MONITORING",
          endpoint,
          "monitoring",
          "dashboards",
          "create",
          "--config-from-file=" + folder.resolve("dashboard.json"));
      gcloud(
          "MONITORING",
          endpoint,
          "alpha",
          "monitoring",
          "policies",
          "create",
          "--policy-from-file=" + folder.resolve("alert-live-hourly-error.json"));
    } finally {
      server.stop(0);
    }
    assertEquals(2, calls.size(), calls.toString());
    assertTrue(calls.get(0).startsWith("/v1/projects/demo-proj/dashboards {"), calls.get(0));
    assertTrue(calls.get(1).startsWith("/v3/projects/demo-proj/alertPolicies {"), calls.get(1));
    assertTrue(calls.get(1).contains("7200"), calls.get(1));
  }
}
