package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.beamline.io.kafka.KafkaBroker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupListing;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * From topic to topic in transactions: what readers of committed records see is there once, also
 * across a crash, and a run that begins anew goes on from the group's committed offsets. Broken
 * records go to a topic of their own.
 */
class KafkaOnceTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path data;
  @TempDir Path folder;

  private KafkaBroker broker;
  private int sent;

  @Test
  void readersOfCommittedRecordsSeeEachOnce() throws Exception {
    try (KafkaBroker started = KafkaBroker.start(data)) {
      broker = started;
      for (String topic : List.of("orders", "large", "orders-broken")) {
        broker.topic(topic, 2);
      }
      project();
      try (RunProcess run = new RunProcess(folder, List.of(), "live")) {
        send(300);
        run.await("the first records are committed", () -> !read("large").isEmpty());
        run.killAndStartAgain();
        send(300);
        run.await("all records are there", () -> new HashSet<>(read("large")).size() == 600);
        run.await("broken records are there", () -> Set.copyOf(broken()).size() == 2);
        run.stop();
      }
      once(600);
      try (RunProcess anew = new RunProcess(folder, List.of(), "live", "--fresh")) {
        send(100);
        anew.await("what came then is there", () -> new HashSet<>(read("large")).size() == 700);
        anew.stop();
        assertTrue(anew.log().contains("orders"), anew.log());
      }
      once(700);
    }
  }

  @Test
  void whatTheBrokersHaveForgottenIsNotSentAgain() throws Exception {
    try (KafkaBroker started = KafkaBroker.start(data)) {
      broker = started;
      for (String topic : List.of("orders", "large", "orders-broken")) {
        broker.topic(topic, 2);
      }
      project();
      try (RunProcess run = new RunProcess(folder, List.of(), "live")) {
        send(50);
        run.await("all records are there", () -> read("large").size() == 50);
        run.stop();
      }
      // As after a week.
      try (Admin admin = broker.admin()) {
        List<String> groups =
            admin.listConsumerGroups().all().get(30, TimeUnit.SECONDS).stream()
                .map(ConsumerGroupListing::groupId)
                .filter(group -> group.startsWith("beamline-large-"))
                .toList();
        assertEquals(1, groups.size());
        admin.deleteConsumerGroups(groups).all().get(30, TimeUnit.SECONDS);
      }
      send(10);
      CommandRun again = CommandRun.of("run", "live", "-C", folder.toString());
      assertEquals(3, again.code(), again.out());
      assertTrue(again.err().contains("run with --fresh"), again.err());
      once(50);
    }
  }

  private void once(int count) {
    Map<String, Integer> times = new TreeMap<>();
    read("large").forEach(id -> times.merge(id, 1, Integer::sum));
    times.values().removeIf(n -> n == 1);
    assertEquals(Map.of(), times, "records that are there more than once");
    assertEquals(count, read("large").size());
  }

  private void project() throws Exception {
    Files.createDirectories(folder.resolve("queries"));
    Files.writeString(
        folder.resolve("pipelines.yaml"),
        """
        version: 1
        project: shop
        sources:
          orders:
            type: kafka
            bootstrap_servers: %s
            topic: orders
            group_id: shop
            columns: {id: {type: STRING, required: true}, ts: {type: TIMESTAMP, required: true}}
            event_time: ts
            error_handling: {topic: orders-broken}
        queries:
          large: {sink: {type: kafka, bootstrap_servers: "%s", topic: large, delivery: exactly_once}}
        pipelines:
          live: {mode: streaming, queries: ["*"]}
        targets:
          local: {runner: flink, checkpoint_every: 500ms, parallelism: 2}
        """
            .formatted(broker.servers(), broker.servers()));
    Files.writeString(folder.resolve("queries/large.sql"), "SELECT id FROM orders");
  }

  private void send(int count) {
    try (KafkaProducer<byte[], byte[]> producer = broker.producer()) {
      for (int i = 0; i < count; i++) {
        send(producer, "{\"id\":\"o" + sent++ + "\",\"ts\":\"2026-01-01T00:00:00Z\"}");
      }
      send(producer, "broken after " + sent);
    }
  }

  private static void send(KafkaProducer<byte[], byte[]> producer, String value) {
    producer.send(new ProducerRecord<>("orders", value.getBytes(StandardCharsets.UTF_8)));
  }

  private List<String> read(String topic) {
    List<String> ids = new ArrayList<>();
    for (JsonNode record : records(topic)) {
      ids.add(record.path("id").asText());
    }
    return ids;
  }

  private List<String> broken() {
    List<String> inputs = new ArrayList<>();
    for (JsonNode record : records("orders-broken")) {
      assertEquals("INVALID_JSON", record.path("code").asText());
      assertTrue(record.path("location").asText().startsWith("orders/"), record.toString());
      inputs.add(record.path("input").asText());
    }
    return inputs;
  }

  private List<JsonNode> records(String topic) {
    List<JsonNode> records = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", broker.servers(), "isolation.level", "read_committed"),
            new StringDeserializer(),
            new StringDeserializer())) {
      var partitions =
          consumer.partitionsFor(topic).stream()
              .map(p -> new org.apache.kafka.common.TopicPartition(p.topic(), p.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      var ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
          records.add(JSON.readTree(record.value()));
        }
      }
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
    return records;
  }
}
