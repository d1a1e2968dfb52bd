package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.catalog.Tuple;
import dev.beamline.io.duckdb.Warehouse;
import dev.beamline.io.kafka.KafkaBroker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pipelines on a real broker, as users run them. */
class KafkaRunTest {

  private static final Instant START = Instant.parse("2026-05-01T00:00:00Z");

  @AutoClose private static KafkaBroker broker;

  @TempDir Path folder;

  @BeforeAll
  static void startBroker(@TempDir Path data) throws Exception {
    broker = KafkaBroker.start(data);
  }

  @BeforeEach
  void folders() throws IOException {
    Files.createDirectories(folder.resolve("queries"));
  }

  private void project(String sources, String more) throws IOException {
    Files.writeString(
        folder.resolve("pipelines.yaml"),
        """
        version: 1
        project: shop
        defaults:
          windowing: {allowed_lateness: 1h, trigger: {early: {every: 500ms}}}
        sources:
        %s
        pipelines:
          day: {mode: batch, queries: ["*"], default: true}
          live: {mode: streaming, queries: ["*"]}
        %s
        """
            .formatted(sources.indent(2), more));
  }

  private static String orders(String topic) {
    return """
    orders:
      type: kafka
      bootstrap_servers: %s
      topic: %s
      key: customer
      headers: {region: x-region}
      group_id: beamline-%s
      columns:
        customer: STRING
        region: STRING
        ts: {type: TIMESTAMP, required: true}
        amount: NUMERIC
      event_time: ts
      watermark: {max_out_of_orderness: 10s, idle_timeout: 2s}
    """
        .formatted(broker.servers(), topic, topic);
  }

  private void query(String name, String sql) throws IOException {
    Files.writeString(folder.resolve("queries/" + name + ".sql"), sql);
  }

  private static ProducerRecord<byte[], byte[]> order(
      String topic, int partition, String customer, String region, Instant at, String amount) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            topic,
            partition,
            customer.getBytes(StandardCharsets.UTF_8),
            ("{\"ts\":\"" + at + "\",\"amount\":\"" + amount + "\"}")
                .getBytes(StandardCharsets.UTF_8));
    record.headers().add("x-region", region.getBytes(StandardCharsets.UTF_8));
    return record;
  }

  private CommandRun run(String... args) {
    List<String> all = new ArrayList<>(List.of("run"));
    all.addAll(List.of(args));
    all.addAll(List.of("-C", folder.toString(), "--preview", "0"));
    CommandRun run = CommandRun.of(all.toArray(String[]::new));
    assertEquals(0, run.code(), run.err() + run.out());
    return run;
  }

  @Test
  void generatedEventsArePublished() throws Exception {
    broker.topic("generated", 2);
    CommandRun command =
        CommandRun.of(
            "generate",
            "--events",
            "500",
            "--days",
            "1",
            "--rate",
            "2000",
            "--to",
            "kafka:" + broker.servers() + "/generated");
    assertEquals(0, command.code(), command.err());
    project(
        """
        events:
          type: kafka
          bootstrap_servers: %s
          topic: generated
          columns: {event_id: {type: STRING, required: true}, event_time: TIMESTAMP}
        """
            .formatted(broker.servers()),
        "");
    query("event_count", "SELECT COUNT(*) AS n FROM events");
    CommandRun run = run();
    long published =
        Long.parseLong(command.err().replaceAll("(?s)^(\\d+) events published.*", "$1"));
    assertTrue(
        run.out().replace(",", "").matches("(?s).*\\bevents +" + published + " .*"),
        published + run.out());

    CommandRun wrong = CommandRun.of("generate", "--to", "kafka:here");
    assertEquals(2, wrong.code());
    assertTrue(wrong.err().contains("kafka:HOST:PORT/TOPIC"), wrong.err());
  }

  private List<Tuple> rows(String table) throws IOException {
    return Warehouse.open(folder.resolve("w.duckdb")).rows(table, List.of(), Long.MAX_VALUE);
  }

  @Test
  void aBatchReadsWhatTheTopicHasAndKeepsBrokenRecordsWhole() throws Exception {
    broker.topic("batch", 3);
    try (KafkaProducer<byte[], byte[]> producer = broker.producer()) {
      for (int i = 0; i < 500; i++) {
        producer.send(
            order("batch", i % 2, "c" + i % 5, "r" + i % 2, START.plusSeconds(i * 60L), "1.5"));
      }
      producer.send(
          new ProducerRecord<>("batch", 0, null, "{\"ts\":\"x".getBytes(StandardCharsets.UTF_8)));
      producer.send(new ProducerRecord<>("batch", 1, new byte[] {65}, new byte[] {-1, -2}));
    }
    project(orders("batch"), "targets: {local: {runner: direct, warehouse: w.duckdb}}");
    query(
        "totals",
        "SELECT customer, region, SUM(amount) AS total FROM orders"
            + " GROUP BY customer, region, TUMBLE(ts, INTERVAL 1 DAY)");
    CommandRun run = run("day");
    assertTrue(run.out().matches("(?s).*orders +502 +500 +2 .*"), run.out());
    assertEquals(10, rows("totals").size());
    assertTrue(
        rows("totals").stream().anyMatch(row -> row.toString().startsWith("[c3, r1, 75,")),
        rows("totals").toString());
    List<String> errors =
        rows("orders_errors").stream()
            .map(row -> row.get(1) + " " + row.get(3) + " " + row.get(4) + " " + row.get(5))
            .sorted()
            .toList();
    assertEquals(
        List.of("INVALID_JSON {\"ts\":\"x false batch/0@250", "INVALID_UTF8 //4= true batch/1@250"),
        errors);
  }

  @Test
  void rowsGoToATopicInJsonAndAvroAndComeBack() throws Exception {
    broker.topic("numbers", 2);
    broker.topic("sums-json", 2);
    broker.topic("sums-avro", 2);
    try (KafkaProducer<byte[], byte[]> producer = broker.producer()) {
      for (int i = 0; i < 200; i++) {
        producer.send(
            order("numbers", i % 2, "c" + i % 4, "r", START.plusSeconds(i * 30L), "0.25"));
      }
    }
    String sink = "type: kafka, bootstrap_servers: \"" + broker.servers() + "\"";
    project(
        orders("numbers"),
        """
        queries:
          in_json: {sink: {%s, topic: sums-json, key: [customer]}}
          in_avro: {sink: {%s, topic: sums-avro, format: avro}}
        targets:
          flink: {runner: flink, parallelism: 2}
          local: {runner: direct, warehouse: w.duckdb}
        """
            .formatted(sink, sink));
    String sql =
        "SELECT customer, SUM(amount) AS total FROM orders"
            + " GROUP BY customer, TUMBLE(ts, INTERVAL 1 HOUR)";
    query("in_json", sql);
    query("in_avro", sql);
    run("day", "--target", "flink");
    Files.delete(folder.resolve("queries/in_json.sql"));
    Files.delete(folder.resolve("queries/in_avro.sql"));
    String columns =
        "columns: {customer: STRING, total: NUMERIC, window_start: TIMESTAMP, window_end: TIMESTAMP,"
            + " pane_timing: STRING, pane_index: INT64, is_final: BOOL, k: STRING}";
    project(
        """
        json:
          type: kafka
          bootstrap_servers: %s
          topic: sums-json
          key: k
          %s
        avro:
          type: kafka
          bootstrap_servers: %s
          topic: sums-avro
          format: avro
          %s
        """
            .formatted(
                broker.servers(), columns, broker.servers(), columns.replace(", k: STRING", "")),
        "targets: {local: {runner: direct, warehouse: w.duckdb}}");
    query("from_json", "SELECT customer, total, window_start, k FROM json");
    query("from_avro", "SELECT customer, total, window_start FROM avro");
    run("day");
    List<String> json = rows("from_json").stream().map(Tuple::toString).sorted().toList();
    List<String> avro = rows("from_avro").stream().map(Tuple::toString).sorted().toList();
    assertEquals(8, json.size());
    assertTrue(
        json.stream().allMatch(row -> row.endsWith(", " + row.substring(1, 3) + "]")),
        json.toString());
    assertEquals(json.stream().map(row -> row.replaceAll(", c\\d]$", "]")).toList(), avro);
  }

  @Test
  void aStreamOverFilesEndsWithItsTransactionsCommitted() throws Exception {
    broker.topic("replayed", 1);
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 50; i++) {
      rows.append("{\"id\":\"i%d\",\"ts\":\"%s\"}\n".formatted(i, START.plusSeconds(i)));
    }
    Files.writeString(folder.resolve("events.ndjson"), rows);
    project(
        """
        events:
          type: files
          path: events.ndjson
          columns: {id: STRING, ts: {type: TIMESTAMP, required: true}}
          event_time: ts
        back:
          type: kafka
          bootstrap_servers: %s
          topic: replayed
          columns: {id: STRING}
        """
            .formatted(broker.servers()),
        """
        queries:
          copies:
            sink: {type: kafka, bootstrap_servers: "%s", topic: replayed, delivery: exactly_once}
        targets:
          flink: {runner: flink, parallelism: 1, checkpoint_every: 500ms}
          local: {runner: direct, warehouse: w.duckdb}
        """
            .formatted(broker.servers()));
    query("copies", "SELECT id FROM events");
    run("live", "--target", "flink");
    Files.delete(folder.resolve("queries/copies.sql"));
    project(
        """
        back: {type: kafka, bootstrap_servers: "%s", topic: replayed, columns: {id: STRING}}
        """
            .formatted(broker.servers()),
        "targets: {local: {runner: direct, warehouse: w.duckdb}}");
    query("seen", "SELECT COUNT(*) AS n, COUNT(DISTINCT id) AS ids FROM back");
    run("day");
    assertEquals("[50, 50]", rows("seen").get(0).toString());
  }
}
