package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.beamline.Folders;
import dev.beamline.deploy.server.LocalDataflow;
import dev.beamline.gcs.LocalGcs;
import dev.beamline.io.bigquery.server.LocalBigQuery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The game as its production job: tables in BigQuery, and the graph that the service is sent. */
final class DeployGameTest {

  private static final Path FILE = Path.of("src/test/resources/deploy/game-job.txt");

  @TempDir Path project;

  @Test
  void theJobIsThatOfTheFile() throws IOException {
    Logger.getLogger("").setLevel(Level.OFF);
    for (String part : List.of("pipelines.yaml", "queries", "data")) {
      Folders.copy(Path.of(part), project.resolve(part));
    }
    Path jar = Files.write(project.resolve("staged.jar"), new byte[] {1});
    try (LocalGcs storage = LocalGcs.start();
        LocalDataflow dataflow = LocalDataflow.start();
        LocalBigQuery tables = LocalBigQuery.start()) {
      storage.makeBucket("demo-proj-temp");
      tables.makeDataset("demo-proj", "game");
      Files.writeString(
          project.resolve("pipelines.yaml"),
          Files.readString(project.resolve("pipelines.yaml")).stripTrailing()
              + """

                  options:
                    filesToStage: %s
                    gcsEndpoint: %s
                    dataflowEndpoint: %s
                    bigQueryEndpoint: %s
              """
                  .formatted(jar, storage.endpoint(), dataflow.endpoint(), tables.endpoint()));
      CommandRun deployed =
          CommandRun.of(
              "deploy", "live", "--target", "prod", "--poll", "10ms", "-C", project.toString());
      assertEquals(0, deployed.code(), deployed.err());
      List<String> lines = new ArrayList<>();
      for (JsonNode step : dataflow.api().newest().get("steps")) {
        JsonNode properties = step.get("properties");
        JsonNode keyed = properties.path("uses_keyed_state");
        lines.add(
            text(properties.get("user_name"))
                + ": "
                + step.get("kind").asText()
                + (text(keyed).equals("true") ? ", state" : ""));
      }
      lines.sort(null);
      if (Boolean.getBoolean("beamline.rewrite")) {
        Files.writeString(FILE, String.join("\n", lines) + "\n");
      }
      assertEquals(String.join("\n", Files.readAllLines(FILE)), String.join("\n", lines));
      // A file of this machine is where the workers can read it.
      assertTrue(
          storage.list("demo-proj-temp").stream()
              .anyMatch(o -> o.matches("beamline/beamline/game/files/players-.*/players.csv")),
          storage.list("demo-proj-temp").toString());
      assertFalse(new TreeSet<>(lines).stream().anyMatch(l -> l.contains("Commit")));
    }
  }

  private static String text(JsonNode value) {
    return (value.isObject() ? value.path("value") : value).asText();
  }
}
