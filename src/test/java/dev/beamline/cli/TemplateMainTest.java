package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.beamline.deploy.server.LocalDataflow;
import dev.beamline.gcs.LocalGcs;
import java.io.IOException;
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
}
