package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.beamline.deploy.server.LocalDataflow;
import dev.beamline.gcs.LocalGcs;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What status says of pipelines here and on Dataflow, and with which exit code. */
final class StatusCommandTest {

  @TempDir Path project;

  private void write(String options) throws IOException {
    Files.writeString(
        project.resolve("pipelines.yaml"),
        """
        version: 1
        project: tiny
        sources:
          events:
            type: files
            path: events.ndjson
            format: json
            columns: {ts: {type: TIMESTAMP, required: true}, team: STRING}
            event_time: ts
        queries:
          hourly:
            owner: data@example.com
            freshness: {warn_after: 30m, error_after: 2h}
        pipelines:
          live: {mode: streaming, queries: ["*"]}
        targets:
          prod:
            runner: dataflow
            project: demo-proj
            region: europe-west1
            temp_location: gs://demo-proj-temp/temp
            options: {%s}
        """
            .formatted(options));
    Files.createDirectories(project.resolve("queries"));
    Files.writeString(
        project.resolve("queries/hourly.sql"),
        "SELECT team, COUNT(*) AS n FROM events GROUP BY team, TUMBLE(ts, INTERVAL 1 HOUR)");
    Files.writeString(
        project.resolve("events.ndjson"),
        """
        {"ts": "2026-01-01T00:10:00Z", "team": "red"}
        {"ts": "2026-01-01T02:10:00Z", "team": "blue"}
        """);
  }

  private CommandRun beamline(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("-C", project.toString()));
    return CommandRun.of(all.toArray(String[]::new));
  }

  @Test
  void judgesTheTablesOfThisMachine() throws IOException {
    write("");
    assertEquals(1, beamline("status").code());
    assertEquals(0, beamline("run", "--preview", "0").code());
    CommandRun fresh = beamline("status", "--as-of", "2026-01-01T03:20:00Z");
    assertEquals(0, fresh.code(), fresh.out());
    assertTrue(fresh.out().contains("done"), fresh.out());
    CommandRun warned = beamline("status", "--as-of", "2026-01-01T04:00:00Z");
    assertEquals(0, warned.code(), warned.out());
    assertTrue(warned.out().contains("warn"), warned.out());
    assertEquals(1, beamline("status", "--as-of", "2026-01-01T04:00", "--fail-on", "warn").code());
    CommandRun stale = beamline("status", "--as-of", "2026-01-01T05:00:01Z", "--output", "json");
    assertEquals(1, stale.code(), stale.out());
    JsonNode query =
        new ObjectMapper().readTree(stale.out()).get("pipelines").get(0).get("queries").get(0);
    assertEquals(2, query.get("in").asLong());
    assertEquals(2, query.get("out").asLong());
    assertEquals("2026-01-01T03:00:00Z", query.get("newest").asText());
    assertEquals(7201, query.get("lag_seconds").asLong());
    assertEquals("error", query.get("freshness").asText());
  }

  @Test
  void readsTheJobsOfDataflow() throws Exception {
    try (LocalGcs storage = LocalGcs.start();
        LocalDataflow dataflow = LocalDataflow.start()) {
      storage.makeBucket("demo-proj-temp");
      write(
          "gcsEndpoint: %s, dataflowEndpoint: %s"
              .formatted(storage.endpoint(), dataflow.endpoint()));
      CommandRun nothing = beamline("status", "--target", "prod");
      assertEquals(1, nothing.code(), nothing.err());
      assertTrue(nothing.out().contains("not deployed"), nothing.out());
      HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(
                      URI.create(
                          dataflow.endpoint()
                              + "v1b3/projects/demo-proj/locations/europe-west1/jobs"))
                  .POST(
                      HttpRequest.BodyPublishers.ofString(
                          "{\"name\": \"beamline-tiny-live\", \"labels\": {\"beamline_project\":"
                              + " \"tiny\", \"beamline_pipeline\": \"live\"}}"))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      String id = dataflow.api().newest().get("id").asText();
      dataflow.api().setCounter(id, "rows:hourly", 1234);
      dataflow.api().setCounter(id, "late_dropped:hourly", 7);
      // It has nothing yet: that is well for a while, and no longer.
      assertEquals(0, beamline("status", "--target", "prod").code());
      assertEquals(
          1, beamline("status", "--target", "prod", "--as-of", "2099-01-01T00:00:00Z").code());
      long watermark = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli() * 1000;
      dataflow.api().setServiceMetric(id, "F12-windmill-data-watermark", watermark);
      CommandRun running =
          beamline("status", "--target", "prod", "--as-of", "2026-01-01T00:10:00Z");
      assertEquals(0, running.code(), running.err());
      assertTrue(running.out().contains("running, " + id), running.out());
      assertTrue(running.out().contains("1,234"), running.out());
      assertTrue(running.out().contains("10m 0s"), running.out());
      assertEquals(
          1, beamline("status", "--target", "prod", "--as-of", "2026-01-01T03:00:00Z").code());
      dataflow.api().setState(id, "JOB_STATE_FAILED");
      assertEquals(
          1, beamline("status", "--target", "prod", "--as-of", "2026-01-01T00:10:00Z").code());
    }
  }

  @Test
  void writesATemplateAndWhatToWatch() throws IOException {
    write("");
    Path to = project.resolve("out");
    CommandRun template =
        beamline("template", "live", "--target", "prod", "--image", "r/i:1", "--to", to.toString());
    assertEquals(0, template.code(), template.err());
    JsonNode spec = new ObjectMapper().readTree(to.resolve("spec.json").toFile());
    assertEquals("r/i:1", spec.get("image").asText());
    assertEquals("JAVA", spec.get("sdkInfo").get("language").asText());
    assertTrue(spec.get("metadata").get("streaming").asBoolean());
    assertTrue(Files.readString(to.resolve("Dockerfile")).contains("BEAMLINE_PIPELINE=live"));
    assertEquals(1, beamline("template", "--image", "r/i:1").code());
    CommandRun watch = beamline("monitoring", "--to", to.toString());
    assertEquals(0, watch.code(), watch.err());
    JsonNode alert =
        new ObjectMapper().readTree(to.resolve("alert-live-hourly-error.json").toFile());
    assertEquals(
        7200,
        alert.get("conditions").get(0).get("conditionThreshold").get("thresholdValue").asLong());
    assertTrue(
        Files.readString(to.resolve("dashboard.json")).contains("rows:hourly"),
        "the dashboard has the query's rows");
  }
}
