package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.beamline.Folders;
import dev.beamline.deploy.server.DataflowApi;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

  /** A command of the README, about this project and job instead of the game's. */
  private static String[] words(String command, String job) {
    return command
        .replace("\"", "")
        .replace("beamline-game-", "beamline-tiny-")
        .replace("JOB_ID", job)
        .substring("gcloud ".length())
        .split(" ");
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
      List<String> commands =
          Files.readAllLines(Path.of("README.md")).stream()
              .filter(line -> line.startsWith("gcloud dataflow"))
              .toList();
      assertEquals(2, commands.size(), commands.toString());
      String list = gcloud("DATAFLOW", dataflow.endpoint(), words(commands.get(0), id));
      assertTrue(list.contains(id), list);
      gcloud("DATAFLOW", dataflow.endpoint(), words(commands.get(1), id));
      String state = dataflow.api().state(id);
      assertTrue(state.startsWith("JOB_STATE_DRAIN"), state);
      // The next deployment sees that nothing runs, and launches.
      beamline("deploy", "--poll", "10ms");
      assertEquals(2, dataflow.api().jobs().size());
    }
  }

  /**
   * A Flex Template without docker: the image is a folder that is laid out as the container file
   * says, and what the service would start in it is started with the options that it would give.
   */
  @Test
  void runsAFlexTemplate() throws Exception {
    Path jar = Files.write(project.resolve("beamline.jar"), new byte[] {1});
    Path image = config.resolve("image");
    try (LocalGcs storage = LocalGcs.start();
        LocalDataflow dataflow = LocalDataflow.start()) {
      storage.makeBucket("demo-proj-temp");
      write(jar.toString(), storage.endpoint(), dataflow.endpoint());
      Path yaml = project.resolve("pipelines.yaml");
      Files.writeString(yaml, Files.readString(yaml).replace("/tables/", "/${TABLES:-tables}/"));
      Files.writeString(
          project.resolve("queries/daily.sql"),
          "SELECT team, COUNT(*) AS n FROM events GROUP BY team, TUMBLE(ts, INTERVAL 1 DAY)");
      Path made = project.resolve("template");
      beamline("template", "live", "--image", "docker.example.com/live:1", "--to", made.toString());
      storage.put(
          "demo-proj-temp", "specs/live.json", Files.readAllBytes(made.resolve("spec.json")));
      dataflow.setLauncher(
          parameters -> {
            String[] place = parameters.path("containerSpecGcsPath").asText().split("/", 4);
            JsonNode spec = new ObjectMapper().readTree(storage.get(place[2], place[3]));
            assertEquals("docker.example.com/live:1", spec.path("image").asText());
            assertEquals("JAVA", spec.path("sdkInfo").path("language").asText());
            List<String> options =
                new ArrayList<>(
                    List.of(
                        "--runner=DataflowRunner",
                        "--project=demo-proj",
                        "--region=europe-west1",
                        "--jobName=" + parameters.path("jobName").asText(),
                        "--tempLocation="
                            + spec.path("defaultEnvironment").path("tempLocation").asText(),
                        "--gcsEndpoint=" + storage.endpoint(),
                        "--dataflowEndpoint=" + dataflow.endpoint(),
                        "--credentialFactoryClass="
                            + "org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory",
                        "--filesToStage=" + jar));
            for (Map.Entry<String, JsonNode> given : parameters.path("parameters").properties()) {
              options.add(
                  "--" + given.getKey() + "=" + allowed(spec, given.getKey(), given.getValue()));
            }
            TemplateMain.launch(
                options.toArray(String[]::new), image(made.resolve("Dockerfile"), image));
          });
      gcloud(
          "DATAFLOW",
          dataflow.endpoint(),
          "dataflow",
          "flex-template",
          "run",
          "from-template",
          "--template-file-gcs-location=gs://demo-proj-temp/specs/live.json",
          "--region=europe-west1",
          "--parameters=^|^queries=daily|variables=TABLES=others");
      JsonNode job = dataflow.api().newest();
      assertEquals("from-template", job.path("name").asText());
      assertEquals("JOB_TYPE_STREAMING", job.path("type").asText());
      Set<String> steps = DataflowApi.steps(job);
      assertTrue(steps.stream().anyMatch(step -> step.startsWith("daily/")), steps.toString());
      assertTrue(steps.stream().noneMatch(step -> step.startsWith("hourly/")), steps.toString());
    }
  }

  /** A parameter's value, which its patterns have to allow. */
  private static String allowed(JsonNode spec, String name, JsonNode value) {
    for (JsonNode parameter : spec.path("metadata").path("parameters")) {
      if (parameter.path("name").asText().equals(name)) {
        String pattern = parameter.path("regexes").get(0).asText();
        assertTrue(value.asText().matches(pattern), name + " is " + value);
        return value.asText();
      }
    }
    throw new AssertionError("the metadata has no parameter " + name);
  }

  /** Lays an image out in a folder; its environment, with this folder as the root. */
  private Map<String, String> image(Path containerFile, Path root) throws IOException {
    Map<String, String> environment = new HashMap<>();
    for (String line : Files.readAllLines(containerFile)) {
      String[] words = line.split(" ");
      if (words[0].equals("COPY")) {
        Path from = project.resolve(words[1]);
        Path to = root.resolve(words[2].substring(1));
        boolean into = words[2].endsWith("/") && !Files.isDirectory(from);
        Folders.copy(from, into ? to.resolve(from.getFileName()) : to);
      } else if (words[0].equals("ENV")) {
        String[] pair = words[1].split("=", 2);
        environment.put(pair[0], pair[1].startsWith("/") ? root + pair[1] : pair[1]);
      }
    }
    return environment;
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
