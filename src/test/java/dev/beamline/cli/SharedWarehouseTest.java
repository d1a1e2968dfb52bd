package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.beamline.catalog.Tuple;
import dev.beamline.io.duckdb.Warehouse;
import dev.beamline.io.kafka.KafkaBroker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two pipelines write one warehouse, each from a process of its own, one of which is killed, while
 * the dashboard and queries of further processes read it.
 */
class SharedWarehouseTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant START = Instant.parse("2026-06-01T00:00:00Z");
  private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:\\d+");

  @TempDir Path data;
  @TempDir Path folder;

  private final Map<String, Long> stock = new TreeMap<>();
  private final TreeSet<String> big = new TreeSet<>();
  private int sent;

  @Test
  @Tag("slow")
  void pipelinesAndReadersShareAWarehouse() throws Exception {
    try (KafkaBroker broker = KafkaBroker.start(data);
        KafkaProducer<byte[], byte[]> producer = broker.producer()) {
      broker.topic("moves", 2);
      project(broker);
      send(producer, 400);
      Process dashboard = null;
      try (RunProcess sums = new RunProcess(folder, List.of(), "sums");
          RunProcess rows = new RunProcess(folder, List.of(), "rows")) {
        dashboard = launch("dashboard", "--port", "0");
        String address = address(dashboard);
        sums.await("sums are there", () -> counted() > 0);
        rows.await("rows are there", () -> !rows("large").isEmpty());
        sums.await("the dashboard shows both", () -> shown(address, "stock") > 0);
        rows.await("the dashboard shows both", () -> shown(address, "large") > 0);
        send(producer, 300);
        long before = rows("large").size();
        assertTrue(queried("SELECT COUNT(*) FROM large") >= before);
        assertTrue(shown(address, "stock") > 0);
        rows.killAndStartAgain();
        send(producer, 300);
        int all = sent;
        sums.await("all are counted", () -> counted() == all);
        rows.await("all rows are there", () -> rows("large").size() >= big.size());
        sums.stop();
        rows.stop();
      } finally {
        if (dashboard != null) {
          dashboard.destroyForcibly();
        }
      }
    }
    Map<String, Long> found = new TreeMap<>();
    rows("stock").forEach(row -> found.merge((String) row.get(0), (Long) row.get(2), Long::sum));
    assertEquals(stock, found);
    assertEquals(
        List.copyOf(big), rows("large").stream().map(row -> (String) row.get(0)).sorted().toList());
    assertEquals(big.size(), queried("SELECT COUNT(DISTINCT id) FROM large"));
  }

  private void project(KafkaBroker broker) throws IOException {
    Files.createDirectories(folder.resolve("queries"));
    Files.writeString(
        folder.resolve("pipelines.yaml"),
        """
        version: 1
        project: depot
        defaults:
          windowing: {allowed_lateness: 1h, trigger: {early: {every: 300ms}}}
        sources:
          moves:
            type: kafka
            bootstrap_servers: %s
            topic: moves
            columns: {id: STRING, part: STRING, ts: {type: TIMESTAMP, required: true}, pieces: INT64}
            event_time: ts
            watermark: {max_out_of_orderness: 1h, idle_timeout: 2s}
        pipelines:
          sums: {mode: streaming, queries: [stock]}
          rows: {mode: streaming, queries: [large]}
        targets:
          local: {runner: flink, warehouse: w.duckdb, checkpoint_every: 500ms}
        """
            .formatted(broker.servers()));
    Files.writeString(
        folder.resolve("queries/stock.sql"),
        "SELECT part, COUNT(*) AS moves, SUM(pieces) AS pieces FROM moves"
            + " GROUP BY part, TUMBLE(ts, INTERVAL 1 DAY)");
    Files.writeString(
        folder.resolve("queries/large.sql"), "SELECT id, pieces FROM moves WHERE pieces > 5");
  }

  private void send(KafkaProducer<byte[], byte[]> producer, int count) {
    for (int i = 0; i < count; i++) {
      String id = "m" + sent;
      String part = "p" + sent % 6;
      long pieces = sent % 9 - 1;
      stock.merge(part, pieces, Long::sum);
      if (pieces > 5) {
        big.add(id);
      }
      String value =
          "{\"id\":\"%s\",\"part\":\"%s\",\"ts\":\"%s\",\"pieces\":%d}"
              .formatted(id, part, START.plusSeconds(sent), pieces);
      producer.send(
          new ProducerRecord<>("moves", sent % 2, null, value.getBytes(StandardCharsets.UTF_8)));
      sent++;
    }
    producer.flush();
  }

  private List<Tuple> rows(String table) throws IOException {
    Warehouse warehouse = Warehouse.open(folder.resolve("w.duckdb"));
    try {
      return warehouse.tables().contains(table)
          ? warehouse.rows(table, List.of(), Long.MAX_VALUE)
          : List.of();
    } finally {
      warehouse.release();
    }
  }

  private long counted() throws IOException {
    return rows("stock").stream().mapToLong(row -> (Long) row.get(1)).sum();
  }

  private Process launch(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(CommandProcess.ofThisClassPath(List.of()));
    command.addAll(List.of(arguments));
    command.addAll(List.of("-C", folder.toString()));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static String address(Process dashboard) throws IOException {
    BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(dashboard.getInputStream(), StandardCharsets.UTF_8));
    StringBuilder said = new StringBuilder();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      Matcher address = ADDRESS.matcher(line);
      if (address.find()) {
        return address.group();
      }
      said.append(line).append('\n');
    }
    throw new AssertionError("no dashboard: " + said);
  }

  /** How many rows the dashboard has of a query. */
  private static int shown(String address, String query) throws Exception {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(address + "/api/rows/" + query)).build(),
                HttpResponse.BodyHandlers.ofString());
    assertEquals(200, answer.statusCode(), answer.body());
    return JSON.readTree(answer.body()).path("rows").size();
  }

  private long queried(String sql) throws Exception {
    Process process = launch("query", sql, "--format", "json");
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    JsonNode answer = JSON.readTree(said.substring(said.indexOf('{')));
    return answer.path("rows").path(0).path(0).asLong();
  }
}
