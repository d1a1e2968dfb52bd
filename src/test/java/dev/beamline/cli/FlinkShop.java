package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.beamline.catalog.Tuple;
import dev.beamline.flink.FlinkCluster;
import dev.beamline.flink.LeanFiles;
import dev.beamline.io.duckdb.Warehouse;
import dev.beamline.io.kafka.KafkaBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** A shop whose orders come from a real Kafka and are summed on a real Flink cluster. */
final class FlinkShop implements AutoCloseable {

  static final String TOTALS =
      "SELECT customer, SUM(amount) AS total FROM orders"
          + " GROUP BY customer, TUMBLE(ts, INTERVAL 1 HOUR)";

  private static final Instant START = Instant.parse("2026-05-01T00:00:00Z");

  private final Path folder;
  private final KafkaBroker broker;
  private final FlinkCluster cluster;
  private final String target;
  private final List<String> command;

  private FlinkShop(
      Path folder, KafkaBroker broker, FlinkCluster cluster, String target, List<String> command) {
    this.folder = folder;
    this.broker = broker;
    this.cluster = cluster;
    this.target = target;
    this.command = List.copyOf(command);
  }

  /**
   * Starts a broker and a cluster of so many TaskManagers, with two slots each. Commands run in
   * this process, and what they have the cluster take is kept small.
   */
  static FlinkShop start(Path folder, int workers) throws Exception {
    Files.createDirectories(folder.resolve("flink"));
    String staged = String.join(",", LeanFiles.of(folder.resolve("flink")));
    return start(folder, workers, "options: {filesToStage: \"" + staged + "\"}", List.of());
  }

  /**
   * Likewise, with commands as processes of their own.
   *
   * @param target further lines of the target
   * @param command the command line's beginning; empty: in this process
   */
  static FlinkShop start(Path folder, int workers, String target, List<String> command)
      throws Exception {
    KafkaBroker broker = KafkaBroker.start(folder.resolve("kafka"));
    try {
      broker.topic("orders", 1);
      FlinkCluster cluster = FlinkCluster.start(folder.resolve("flink"), workers);
      FlinkShop shop = new FlinkShop(folder.resolve("project"), broker, cluster, target, command);
      shop.project(1);
      shop.query("totals", TOTALS);
      return shop;
    } catch (Exception | Error e) {
      broker.close();
      throw e;
    }
  }

  Path folder() {
    return folder;
  }

  FlinkCluster cluster() {
    return cluster;
  }

  void project(int parallelism) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve("pipelines.yaml"),
        """
        version: 1
        project: shop
        defaults:
          windowing: {allowed_lateness: 1h, trigger: {early: {every: 500ms}}}
        sources:
          orders:
            type: kafka
            bootstrap_servers: %s
            topic: orders
            group_id: shop
            columns:
              customer: STRING
              region: STRING
              ts: {type: TIMESTAMP, required: true}
              amount: INT64
            event_time: ts
        pipelines:
          live: {mode: streaming, queries: ["*"]}
        targets:
          prod:
            runner: flink
            master: %s
            warehouse: w.duckdb
            checkpoint_every: 1s
            parallelism: %d
            savepoint_path: state
            %s
        """
            .formatted(broker.servers(), cluster.master(), parallelism, target));
  }

  void query(String name, String sql) throws IOException {
    Files.createDirectories(folder.resolve("queries"));
    Files.writeString(folder.resolve("queries/" + name + ".sql"), sql);
  }

  CommandRun beamline(int code, String... arguments) throws IOException, InterruptedException {
    CommandRun run =
        command.isEmpty()
            ? CommandRun.of(withTarget(List.of(arguments)).toArray(String[]::new))
            : begin(arguments).ended();
    assertEquals(code, run.code(), run.out() + run.err() + (code == 0 ? cluster.logs() : ""));
    return run;
  }

  private List<String> withTarget(List<String> arguments) {
    List<String> all = new ArrayList<>(arguments);
    all.addAll(List.of("--target", "prod", "-C", folder.toString()));
    return all;
  }

  /** Begins a command in a process of its own. */
  CommandProcess begin(String... arguments) throws IOException {
    return CommandProcess.begin(
        command.isEmpty() ? CommandProcess.ofThisClassPath() : command,
        folder,
        withTarget(List.of(arguments)));
  }

  String deploy() throws IOException, InterruptedException {
    String out = beamline(0, "deploy", "--poll", "200ms", "--wait", "2m").out();
    return out.replaceAll("(?s).*pipeline live is deployed as job (\\w+).*", "$1");
  }

  /** So many orders of one each, by three customers, in one hour. */
  void send(int count, String region) {
    List<String> orders = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      orders.add(
          "{\"customer\":\"c%d\",\"region\":\"%s\",\"ts\":\"%s\",\"amount\":1}"
              .formatted(i % 3, region, START.plusSeconds(i)));
    }
    broker.send("orders", 0, orders);
  }

  void awaitTotal(String table, long total) throws Exception {
    TreeMap<String, Long> seen = new TreeMap<>();
    cluster.await(
        table + " of " + total,
        () -> {
          seen.clear();
          try {
            for (Tuple row :
                Warehouse.open(folder.resolve("w.duckdb")).rows(table, List.of(), Long.MAX_VALUE)) {
              seen.put(String.valueOf(row.get(0)), (Long) row.get(1));
            }
          } catch (IOException e) {
            throw new IOException("no table " + table, e);
          }
          long sum = seen.values().stream().mapToLong(Long::longValue).sum();
          assertTrue(sum <= total, () -> "counted twice: " + seen);
          return sum == total;
        });
  }

  JsonNode status() throws IOException, InterruptedException {
    CommandRun run = beamline(0, "status", "--output", "json");
    return new ObjectMapper().readTree(run.out()).path("pipelines").get(0);
  }

  /** The state of a job, as the cluster calls it. */
  String state(String job) throws IOException, InterruptedException {
    return cluster.get("/jobs/" + job).path("state").asText();
  }

  @Override
  public void close() throws InterruptedException {
    try {
      cluster.close();
    } finally {
      broker.close();
    }
  }
}
