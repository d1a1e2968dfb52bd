package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.pubsub.v1.PubsubMessage;
import dev.beamline.io.bigquery.server.LocalBigQuery;
import dev.beamline.io.pubsub.server.LocalPubsub;
import dev.beamline.io.pubsub.server.PubsubService;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sensors send to Pub/Sub; their hours and their alarms go to BigQuery by Flink, whose process is
 * killed in between. Messages that nobody can read go to a topic of their own, whole.
 */
class PubsubRunTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
  private static final Pattern READ =
      Pattern.compile("(?m)^readings +([0-9,]+) +([0-9,]+) +([0-9,]+)(?: +([0-9,]+))?");

  @TempDir Path folder;

  private PubsubClient client;
  private final Map<String, Long> sums = new TreeMap<>();
  private final Set<String> alarms = new HashSet<>();
  private final Set<String> broken = new HashSet<>();
  private int sent;

  @Test
  void aKilledRunLeavesEveryRowOnce() throws Exception {
    try (LocalPubsub pubsub = LocalPubsub.start();
        LocalBigQuery bigQuery = LocalBigQuery.start();
        PubsubClient made = pubsub.connect()) {
      client = made;
      bigQuery.makeDataset("demo-proj", "plant");
      for (String topic : List.of("readings", "broken", "hot")) {
        client.createTopic(PubsubClient.topicPathFromPath(topic(topic)));
        client.createSubscription(
            PubsubClient.topicPathFromPath(topic(topic)),
            PubsubClient.subscriptionPathFromPath(subscription(topic)),
            25);
      }
      project(pubsub, bigQuery);
      try (RunProcess run =
          new RunProcess(folder, bigQuery.jvmOptions(), "live", "--target", "cloud")) {
        send(300);
        run.await("the first alarms are there", () -> !rows(bigQuery, "alarms").isEmpty());
        send(200);
        run.killAndStartAgain();
        send(300);
        // Far later: closes the hours of all that came before.
        publish("end", "end", 0, START.plusSeconds(10_000_000), Map.of("id", "end"));
        run.await("all alarms are there", () -> ids(bigQuery).size() >= alarms.size());
        run.await(
            "all hours are final",
            () ->
                rows(bigQuery, "hours").stream()
                        .filter(r -> "true".equals(String.valueOf(r.get("is_final"))))
                        .count()
                    >= sums.size());
        run.await(
            "all broken messages are kept",
            () -> rows(bigQuery, "readings_errors").size() >= broken.size());
        run.stop();
        ledger(run.log());
      }

      List<String> found = ids(bigQuery);
      assertEquals(alarms.stream().sorted().toList(), found.stream().sorted().toList());
      Map<String, Long> hours = new TreeMap<>();
      rows(bigQuery, "hours")
          .forEach(
              r ->
                  hours.put(
                      r.get("sensor") + "@" + Long.parseLong(r.get("window_start") + "") / 1000000,
                      (Long) r.get("total")));
      hours.keySet().removeIf(key -> key.startsWith("end@"));
      assertEquals(sums, hours);

      List<String> kept = new ArrayList<>();
      rows(bigQuery, "readings_errors")
          .forEach(r -> kept.add(r.get("input") == null ? "base64" : r.get("input") + ""));
      assertEquals(broken.size(), kept.size(), kept::toString);

      // Each came at least once, whole, with why and where from.
      Set<String> told = new HashSet<>();
      for (PubsubMessage message : pull("broken")) {
        JsonNode record = JSON.readTree(message.getData().toByteArray());
        assertEquals("readings", message.getAttributesOrThrow("origin"));
        assertEquals(record.path("code").asText(), message.getAttributesOrThrow("code"));
        assertTrue(record.path("location").asText().contains("readings-sub message"), "" + record);
        told.add(record.path("input").asText());
      }
      assertEquals(broken, told);

      Map<String, String> newest = new TreeMap<>();
      for (PubsubMessage message : pull("hot")) {
        assertEquals(message.getOrderingKey(), message.getAttributesOrThrow("sensor_id"));
        JsonNode row = JSON.readTree(message.getData().toByteArray());
        newest.put(
            message.getOrderingKey() + "@" + row.path("window_start").asText(),
            message.getAttributesOrThrow("change") + " " + row.path("total").asText());
      }
      newest.keySet().removeIf(key -> key.startsWith("end@"));
      Map<String, String> expected = new TreeMap<>();
      sums.forEach(
          (key, sum) -> {
            String[] parts = key.split("@", -1);
            expected.put(
                parts[0] + "@" + Instant.ofEpochSecond(Long.parseLong(parts[1])), "UPSERT " + sum);
          });
      assertEquals(expected, newest);
    }
  }

  private static void ledger(String log) {
    Matcher read = READ.matcher(log);
    assertTrue(read.find(), log);
    long parts = 0;
    for (int i = 2; i <= read.groupCount(); i++) {
      parts += read.group(i) == null ? 0 : number(read.group(i));
    }
    assertEquals(number(read.group(1)), parts, log);
  }

  private static long number(String shown) {
    return Long.parseLong(shown.replace(",", ""));
  }

  private static List<Map<String, Object>> rows(LocalBigQuery bigQuery, String table) {
    return bigQuery.hasTable("demo-proj", "plant", table)
        ? bigQuery.rows("demo-proj", "plant", table)
        : List.of();
  }

  private static List<String> ids(LocalBigQuery bigQuery) {
    return rows(bigQuery, "alarms").stream().map(r -> String.valueOf(r.get("id"))).toList();
  }

  private List<PubsubMessage> pull(String name) throws IOException {
    List<PubsubMessage> all = new ArrayList<>();
    while (true) {
      List<PubsubMessage> some =
          client
              .pull(
                  System.currentTimeMillis(),
                  PubsubClient.subscriptionPathFromPath(subscription(name)),
                  1000,
                  true)
              .stream()
              .map(PubsubClient.IncomingMessage::message)
              .toList();
      if (some.isEmpty()) {
        return all;
      }
      all.addAll(some);
    }
  }

  /** Readings, some of them sent twice, and two messages that are none. */
  private void send(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      String id = "m" + sent;
      String sensor = "s" + sent % 5;
      Instant at = START.plusSeconds(sent * 20L);
      int value = sent % 11;
      for (int copy = 0; copy < (sent % 13 == 0 ? 2 : 1); copy++) {
        publish(id, sensor, value, at, Map.of("id", id));
      }
      sums.merge(sensor + "@" + at.getEpochSecond() / 3600 * 3600, (long) value, Long::sum);
      if (value >= 9) {
        alarms.add(id);
      }
      sent++;
    }
    String text = "{\"value\": " + sent;
    publish(text.getBytes(StandardCharsets.UTF_8), Map.of("sensor", "s1", "id", "b" + sent));
    broken.add(text);
    byte[] binary = {(byte) 0xff, (byte) 0xfe, 0, (byte) (sent / 100)};
    publish(binary, Map.of("sensor", "s1", "id", "c" + sent));
    broken.add(Base64.getEncoder().encodeToString(binary));
  }

  private void publish(
      String id, String sensor, int value, Instant at, Map<String, String> attributes)
      throws IOException {
    Map<String, String> all = new TreeMap<>(attributes);
    all.put("sensor", sensor);
    publish(
        ("{\"id\":\"" + id + "\",\"value\":" + value + ",\"seen\":\"" + at + "\"}")
            .getBytes(StandardCharsets.UTF_8),
        all);
  }

  private void publish(byte[] payload, Map<String, String> attributes) throws IOException {
    PubsubService.publish(client, topic("readings"), payload, attributes);
  }

  private static String topic(String name) {
    return "projects/demo-proj/topics/" + name;
  }

  private static String subscription(String name) {
    return "projects/demo-proj/subscriptions/" + name + "-sub";
  }

  private void project(LocalPubsub pubsub, LocalBigQuery bigQuery) throws IOException {
    Files.createDirectories(folder.resolve("queries"));
    Files.writeString(
        folder.resolve("pipelines.yaml"),
        """
        version: 1
        project: plant
        defaults:
          sink: {type: bigquery, dataset: plant}
          windowing: {allowed_lateness: 1h}
        sources:
          readings:
            type: pubsub
            subscription: readings-sub
            id_attribute: id
            attributes: {sensor: sensor}
            columns:
              id: STRING
              sensor: {type: STRING, required: true}
              value: {type: INT64, required: true}
              seen: {type: TIMESTAMP, required: true}
            event_time: seen
            watermark: {max_out_of_orderness: 10m}
            error_handling: {output: readings_errors, topic: broken}
        queries:
          hot: {sink: {type: pubsub, topic: hot, attributes: {sensor: sensor_id}, ordering_key: sensor}}
        pipelines:
          live: {mode: streaming, queries: ["*"]}
        targets:
          cloud:
            runner: flink
            checkpoint_every: 500ms
            options: {project: demo-proj, pubsubRootUrl: %s, bigQueryEndpoint: %s}
        """
            .formatted(pubsub.rootUrl(), bigQuery.endpoint()));
    String sum =
        "SELECT sensor, SUM(value) AS total FROM readings GROUP BY sensor, TUMBLE(seen, INTERVAL 1"
            + " HOUR)";
    Files.writeString(folder.resolve("queries/hours.sql"), sum);
    Files.writeString(folder.resolve("queries/hot.sql"), sum);
    Files.writeString(
        folder.resolve("queries/alarms.sql"), "SELECT id, value FROM readings WHERE value >= 9");
  }
}
