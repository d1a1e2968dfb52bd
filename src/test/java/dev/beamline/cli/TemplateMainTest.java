package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.beamline.deploy.server.LocalDataflow;
import dev.beamline.gcs.LocalGcs;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a Flex Template's launcher starts launches the job that the parameters ask for. */
final class TemplateMainTest {

  @TempDir Path project;

  @Test
  void launchesThePipelineOfTheImage() throws IOException {
    Logger.getLogger("").setLevel(Level.OFF);
    Files.createDirectories(project.resolve("queries"));
    for (String query : new String[] {"one", "two"}) {
      Files.writeString(
          project.resolve("queries/" + query + ".sql"),
          "SELECT team, COUNT(*) AS n FROM events GROUP BY team, TUMBLE(ts, INTERVAL 1 HOUR)");
    }
    Files.writeString(project.resolve("events.ndjson"), "");
    Path jar = Files.write(project.resolve("staged.jar"), new byte[] {1});
    try (LocalGcs storage = LocalGcs.start();
        LocalDataflow dataflow = LocalDataflow.start()) {
      storage.makeBucket("demo-proj-temp");
      Files.writeString(
          project.resolve("pipelines.yaml"),
          """
          version: 1
          project: tiny
          defaults:
            sink: {type: files, path: "gs://${BUCKET}/tables/"}
          sources:
            events:
              type: files
              path: events.ndjson
              format: json
              columns: {ts: {type: TIMESTAMP, required: true}, team: STRING}
              event_time: ts
          pipelines:
            live: {mode: streaming, queries: ["*"]}
          targets:
            prod:
              runner: dataflow
              project: demo-proj
              region: europe-west1
              temp_location: gs://demo-proj-temp/temp
              options: {gcsEndpoint: %s}
          """
              .formatted(storage.endpoint()));
      TemplateMain.launch(
          new String[] {
            "--runner=DataflowRunner",
            "--project=demo-proj",
            "--region=europe-west1",
            "--jobName=from-template",
            "--tempLocation=gs://demo-proj-temp/temp",
            "--gcsEndpoint=" + storage.endpoint(),
            "--dataflowEndpoint=" + dataflow.endpoint(),
            "--credentialFactoryClass="
                + "org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory",
            "--filesToStage=" + jar,
            "--queries=two",
            "--variables=BUCKET=demo-proj-temp"
          },
          Map.of(
              "BEAMLINE_PROJECT_DIR", project.toString(),
              "BEAMLINE_PIPELINE", "live",
              "BEAMLINE_TARGET", "prod"));
      JsonNode job = dataflow.api().newest();
      assertEquals("from-template", job.get("name").asText());
      assertEquals("JOB_TYPE_STREAMING", job.get("type").asText());
      String steps = job.get("steps").toString();
      assertTrue(steps.contains("two/aggregate"), steps);
      assertFalse(steps.contains("one/"), steps);
    }
  }

  /**
   * What docker would be told of the game: all that it copies is there, and its class has a main.
   */
  @Test
  void theContainerFileNamesWhatIsThere() throws Exception {
    Path game = Path.of("").toAbsolutePath();
    CommandRun made =
        CommandRun.of(
            "template",
            "live",
            "-C",
            game.toString(),
            "--target",
            "prod",
            "--image",
            "europe-docker.pkg.dev/demo-proj/metrics/live:1",
            "--to",
            project.toString());
    assertEquals(0, made.code(), made.err());
    String entry = "";
    int copies = 0;
    for (String line : Files.readAllLines(project.resolve("Dockerfile"))) {
      String[] words = line.split(" ");
      if (words[0].equals("COPY")) {
        assertEquals(3, words.length, line);
        copies++;
        if (!words[1].equals("beamline.jar")) {
          Path folder = game.resolve(words[1]).getParent();
          String name = game.resolve(words[1]).getFileName().toString();
          try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, name)) {
            assertTrue(found.iterator().hasNext(), line);
          }
        }
      } else if (words[0].equals("ENV") && words[1].startsWith("FLEX_TEMPLATE_JAVA_MAIN_CLASS=")) {
        entry = words[1].split("=")[1];
      } else if (words[0].equals("ENV")) {
        assertTrue(words[1].matches("[A-Z_]+=[^ ]+"), line);
      } else {
        assertTrue(line.isBlank() || line.startsWith("#") || words[0].equals("FROM"), line);
      }
    }
    assertTrue(copies >= 4, "copies " + copies);
    assertTrue(
        Modifier.isPublic(Class.forName(entry).getMethod("main", String[].class).getModifiers()),
        entry);
    String said = Files.readString(project.resolve("Dockerfile"));
    assertTrue(said.contains("docker build -f " + project + "/Dockerfile"), said);
  }

  @Test
  void onlyDataflowHasTemplates() {
    CommandRun local =
        CommandRun.of("template", "-C", Path.of("").toAbsolutePath().toString(), "--image", "i");
    assertEquals(1, local.code());
    assertTrue(local.err().contains("target local runs on direct"), local.err());
  }
}
