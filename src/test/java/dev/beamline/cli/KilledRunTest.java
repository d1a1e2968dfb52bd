package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.catalog.Tuple;
import dev.beamline.io.bigquery.server.LocalBigQuery;
import dev.beamline.io.duckdb.Warehouse;
import dev.beamline.io.kafka.KafkaBroker;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Streams of a real broker whose process is killed at random moments and started again: the tables
 * end as if nothing had happened. One is upserted, one appended to, and one has the broken records.
 */
class KilledRunTest {

  private static final Instant START = Instant.parse("2026-05-01T00:00:00Z");
  private static final String BROKEN = "{\"broken\": ";
  private static final Pattern READ =
      Pattern.compile("(?m)^orders +([0-9,]+) +([0-9,]+) +([0-9,]+)");

  @AutoClose private static KafkaBroker broker;

  @TempDir Path folder;

  private final TreeMap<String, String> totals = new TreeMap<>();
  private final TreeMap<String, Integer> large = new TreeMap<>();
  private final TreeMap<String, Integer> broken = new TreeMap<>();
  private final List<String> options = new ArrayList<>();
  private Tables tables;
  private RunProcess process;

  @BeforeAll
  static void startBroker(@TempDir Path data) throws Exception {
    broker = KafkaBroker.start(data);
  }

  @AfterEach
  void end() {
    if (process != null) {
      process.close();
    }
  }

  /** Rows as text: of an upsert table by key, of the others with how often they are there. */
  private interface Tables {
    Map<String, String> totals() throws IOException;

    Map<String, Integer> large() throws IOException;

    Map<String, Integer> broken() throws IOException;

    /** Of {@code totals}: how many rows are final. */
    long finals() throws IOException;
  }

  @Test
  void aWarehouseIsAsIfNothingHadHappened() throws Exception {
    warehouse("few", 2, 11);
  }

  @Test
  @Tag("slow")
  void aWarehouseIsAsIfNothingHadHappenedTwentyTimes() throws Exception {
    warehouse("many", 20, System.nanoTime());
  }

  @Test
  void bigQueryIsAsIfNothingHadHappened() throws Exception {
    bigQuery("few-bq", 2, 12);
  }

  @Test
  @Tag("slow")
  void bigQueryIsAsIfNothingHadHappenedTwentyTimes() throws Exception {
    bigQuery("many-bq", 20, System.nanoTime());
  }

  private void warehouse(String topic, int kills, long seed) throws Exception {
    project(topic, "", "local: {runner: flink, warehouse: w.duckdb, checkpoint_every: 500ms}");
    tables =
        new Tables() {
          private List<Tuple> rows(String table) throws IOException {
            return Warehouse.open(folder.resolve("w.duckdb"))
                .rows(table, List.of(), Long.MAX_VALUE);
          }

          @Override
          public Map<String, String> totals() throws IOException {
            Map<String, String> all = new TreeMap<>();
            for (Tuple row : rows("totals")) {
              add(all, row.get(0), (Long) row.get(3), row.get(1), row.get(2));
            }
            return all;
          }

          @Override
          public long finals() throws IOException {
            return rows("totals").stream().filter(row -> Boolean.TRUE.equals(row.get(7))).count();
          }

          @Override
          public Map<String, Integer> large() throws IOException {
            return counted(rows("large"), 0);
          }

          @Override
          public Map<String, Integer> broken() throws IOException {
            return counted(rows("orders_errors"), 3);
          }

          private Map<String, Integer> counted(List<Tuple> rows, int column) {
            Map<String, Integer> all = new TreeMap<>();
            rows.forEach(row -> all.merge(String.valueOf(row.get(column)), 1, Integer::sum));
            return all;
          }
        };
    kill(topic, kills, seed);
  }

  private void bigQuery(String topic, int kills, long seed) throws Exception {
    try (LocalBigQuery server = LocalBigQuery.start()) {
      server.makeDataset("demo-proj", "shop");
      options.addAll(server.jvmOptions());
      project(
          topic,
          "  sink: {type: bigquery, dataset: shop}\n",
          "local: {runner: flink, checkpoint_every: 500ms, options: {project: demo-proj,"
              + " bigQueryEndpoint: \""
              + server.endpoint()
              + "\"}}");
      tables =
          new Tables() {
            private List<Map<String, Object>> rows(String table) {
              return server.hasTable("demo-proj", "shop", table)
                  ? List.copyOf(server.rows("demo-proj", "shop", table))
                  : List.of();
            }

            @Override
            public Map<String, String> totals() {
              Map<String, String> all = new TreeMap<>();
              for (Map<String, Object> row : rows("totals")) {
                long window = Long.parseLong(String.valueOf(row.get("window_start")));
                add(all, row.get("customer"), window, row.get("orders"), row.get("total"));
              }
              return all;
            }

            @Override
            public long finals() {
              return rows("totals").stream()
                  .filter(row -> "true".equals(String.valueOf(row.get("is_final"))))
                  .count();
            }

            @Override
            public Map<String, Integer> large() {
              return counted(rows("large"), "id");
            }

            @Override
            public Map<String, Integer> broken() {
              return counted(rows("orders_errors"), "input");
            }

            private Map<String, Integer> counted(List<Map<String, Object>> rows, String column) {
              Map<String, Integer> all = new TreeMap<>();
              rows.forEach(row -> all.merge(String.valueOf(row.get(column)), 1, Integer::sum));
              return all;
            }
          };
      kill(topic, kills, seed);
    }
  }

  private static void add(
      Map<String, String> all, Object customer, long windowMicros, Object orders, Object total) {
    String key = customer + "@" + windowMicros / 1_000_000;
    String value =
        orders + " " + new BigDecimal(String.valueOf(total)).stripTrailingZeros().toPlainString();
    assertEquals(null, all.put(key, value), key + " is there twice");
  }

  private void project(String topic, String defaults, String target) throws IOException {
    Files.createDirectories(folder.resolve("queries"));
    Files.writeString(
        folder.resolve("pipelines.yaml"),
        """
        version: 1
        project: shop
        defaults:
          windowing: {allowed_lateness: 1h, trigger: {early: {every: 500ms}}}
        %ssources:
          orders:
            type: kafka
            bootstrap_servers: %s
            topic: %s
            key: customer
            group_id: beamline-%s
            columns:
              id: STRING
              customer: STRING
              ts: {type: TIMESTAMP, required: true}
              amount: NUMERIC
            event_time: ts
            watermark: {max_out_of_orderness: 10s, idle_timeout: 2s}
        pipelines:
          live: {mode: streaming, queries: ["*"]}
        targets:
          %s
        """
            .formatted(defaults, broker.servers(), topic, topic, target));
    Files.writeString(
        folder.resolve("queries/totals.sql"),
        "SELECT customer, COUNT(*) AS orders, SUM(amount) AS total FROM orders"
            + " GROUP BY customer, TUMBLE(ts, INTERVAL 10 MINUTE)");
    Files.writeString(
        folder.resolve("queries/large.sql"), "SELECT id, amount FROM orders WHERE amount >= 7");
  }

  /** Sends orders at a rate, and kills the run at random moments, also while it starts. */
  private void kill(String topic, int kills, long seed) throws Exception {
    broker.topic(topic, 3);
    Random random = new Random(seed);
    Map<String, long[]> sums = new TreeMap<>();
    process = new RunProcess(folder, options, "live");
    try (KafkaProducer<byte[], byte[]> producer = broker.producer()) {
      int sent = 0;
      for (int round = 0; round <= kills; round++) {
        if (round % 3 != 2) {
          int least = sent * 9 / 10;
          process.await("orders are counted", () -> counted(tables.totals()) >= least);
        }
        long until = System.nanoTime() + random.nextInt(3000) * 1_000_000L;
        do {
          for (int i = 0; i < 20; i++) {
            Instant at = START.plusSeconds(sent * 2L + random.nextInt(8));
            String customer = "c" + random.nextInt(7);
            int amount = random.nextInt(10);
            String id = "o" + sent;
            send(
                producer,
                topic,
                sent % 2,
                customer,
                "{\"id\":\"" + id + "\",\"ts\":\"" + at + "\",\"amount\":" + amount + "}");
            long[] sum =
                sums.computeIfAbsent(
                    customer + "@" + at.getEpochSecond() / 600 * 600, k -> new long[2]);
            sum[0]++;
            sum[1] += amount;
            if (amount >= 7) {
              large.put(id, 1);
            }
            sent++;
          }
          send(producer, topic, random.nextInt(2), "c0", BROKEN + sent);
          broken.put(BROKEN + sent, 1);
          Thread.sleep(20);
        } while (System.nanoTime() < until);
        producer.flush();
        if (round < kills) {
          process.killAndStartAgain();
        }
      }
      // Events far later close the windows of all that came before.
      for (int partition = 0; partition < 2; partition++) {
        Instant end = START.plusSeconds(8_000_000);
        send(
            producer,
            topic,
            partition,
            "end",
            "{\"id\":\"end" + partition + "\",\"ts\":\"" + end + "\",\"amount\":0}");
      }
    }
    sums.forEach((key, sum) -> totals.put(key, sum[0] + " " + sum[1]));
    process.await("all windows are final", () -> tables.finals() >= totals.size());
    process.await("all appended rows are there", () -> tables.large().size() >= large.size());
    process.await("all broken records are there", () -> tables.broken().size() >= broken.size());
    process.stop();
    String log = process.log();
    String told = "seed " + seed + "\n" + log;
    Map<String, String> found = tables.totals();
    found.keySet().removeIf(key -> key.startsWith("end@"));
    Map<String, Integer> foundLarge = tables.large();
    Map<String, Integer> foundBroken = tables.broken();
    assertEquals(
        "",
        difference(totals, found) + difference(large, foundLarge) + difference(broken, foundBroken),
        told);
    Matcher read = READ.matcher(log);
    assertTrue(read.find(), log);
    assertEquals(
        number(read.group(1)),
        number(read.group(2)) + number(read.group(3)),
        "the ledger does not add up: " + log);
  }

  private static long number(String shown) {
    return Long.parseLong(shown.replace(",", ""));
  }

  private static long counted(Map<String, String> totals) {
    return totals.values().stream()
        .mapToLong(value -> Long.parseLong(value.substring(0, value.indexOf(' '))))
        .sum();
  }

  private static String difference(Map<String, ?> expected, Map<String, ?> found) {
    StringBuilder text = new StringBuilder();
    TreeMap<String, Object> all = new TreeMap<>(expected);
    all.putAll(found);
    for (String key : all.keySet()) {
      if (!java.util.Objects.equals(expected.get(key), found.get(key))) {
        text.append(key).append(": ").append(expected.get(key));
        text.append(" != ").append(found.get(key)).append('\n');
      }
    }
    return text.toString();
  }

  private static void send(
      KafkaProducer<byte[], byte[]> producer,
      String topic,
      int partition,
      String key,
      String value) {
    producer.send(
        new ProducerRecord<>(
            topic,
            partition,
            key.getBytes(StandardCharsets.UTF_8),
            value.getBytes(StandardCharsets.UTF_8)));
  }
}
