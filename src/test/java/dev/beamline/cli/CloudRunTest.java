package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.beamline.gcs.LocalGcs;
import dev.beamline.io.bigquery.server.LocalBigQuery;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line on a target that reads and writes BigQuery and Cloud Storage. */
final class CloudRunTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static LocalBigQuery bigQuery;
  private static LocalGcs gcs;

  @TempDir private Path folder;

  @BeforeAll
  static void start() throws Exception {
    bigQuery = LocalBigQuery.start();
    gcs = LocalGcs.start();
    bigQuery.useStorage(gcs.endpoint());
    bigQuery.makeDataset("demo-proj", "shop");
    ObjectNode archive = JSON.createObjectNode();
    archive.putObject("tableReference").put("tableId", "archive");
    archive.set(
        "schema",
        JSON.readTree(
            """
            {"fields": [
              {"name": "order_id", "type": "INTEGER", "mode": "REQUIRED"},
              {"name": "customer", "type": "STRING"},
              {"name": "amount", "type": "NUMERIC"},
              {"name": "ordered_at", "type": "TIMESTAMP"},
              {"name": "note", "type": "STRING"}]}
            """));
    bigQuery.makeTable("demo-proj", "shop", archive);
    List<ObjectNode> rows = new ArrayList<>();
    for (int i = 0; i < 48; i++) {
      rows.add(
          JSON.createObjectNode()
              .put("order_id", i)
              .put("customer", i % 2 == 0 ? "ann" : "bob")
              .put("amount", "0.1")
              .put("ordered_at", "2026-01-01T%02d:%02d:00Z".formatted(i / 2, i % 2 * 30))
              .put("note", "n"));
    }
    bigQuery.append("demo-proj", "shop", "archive", rows);
    gcs.put("shop-bucket", "in/customers.csv", "name,country\nann,SE\nbob,NO\n");
    gcs.makeBucket("shop-temp");
  }

  @AfterAll
  static void stop() throws IOException {
    gcs.close();
    bigQuery.close();
  }

  @BeforeEach
  void project() throws IOException {
    Files.createDirectories(folder.resolve("queries"));
    Files.writeString(
        folder.resolve("pipelines.yaml"),
        """
        version: 1
        project: shop
        defaults:
          sink: {type: bigquery, dataset: shop}
        sources:
          orders:
            type: bigquery
            table: shop.archive
            columns:
              order_id: INT64
              customer: STRING
              amount: NUMERIC
              ordered_at: TIMESTAMP
            event_time: ordered_at
          big_orders:
            type: bigquery
            query: SELECT order_id, customer FROM `shop.archive` WHERE order_id >= 40
            columns: {order_id: INT64, customer: STRING}
          customers:
            type: files
            path: gs://shop-bucket/in/*.csv
            columns: {name: STRING, country: STRING}
        queries:
          loaded: {sink: {write: append, method: file_loads}}
          exported: {sink: {type: files, path: "gs://shop-bucket/out/exported.ndjson"}}
        pipelines:
          nightly: {mode: batch, queries: ["*"]}
        targets:
          cloud:
            runner: direct
            options:
              project: demo-proj
              tempLocation: gs://shop-temp/tmp
              bigQueryEndpoint: %s
              gcsEndpoint: %s
        """
            .formatted(bigQuery.endpoint(), gcs.endpoint()));
    query(
        "daily",
        "SELECT c.country, SUM(o.amount) AS amount, COUNT(*) AS orders FROM orders AS o JOIN"
            + " customers AS c ON o.customer = c.name WHERE o.ordered_at >= TIMESTAMP"
            + " '2026-01-01 12:00:00+00' AND o.customer != 'nobody' GROUP BY c.country,"
            + " TUMBLE(o.ordered_at, INTERVAL 1 DAY)");
    query(
        "loaded",
        "SELECT customer, amount, ordered_at, [order_id] AS ids, NULL AS nothing FROM orders WHERE order_id < 3");
    query("exported", "SELECT order_id FROM big_orders WHERE customer = 'ann'");
  }

  private void query(String name, String sql) throws IOException {
    Files.writeString(folder.resolve("queries/" + name + ".sql"), sql);
  }

  @Test
  void readsAndWritesTheCloud() throws Exception {
    CommandRun run = CommandRun.of("run", "-C", folder.toString(), "--target", "cloud");
    assertEquals(0, run.code(), run.err() + run.out());

    List<Map<String, Object>> daily = bigQuery.rows("demo-proj", "shop", "daily");
    daily.sort((a, b) -> a.get("country").toString().compareTo(b.get("country").toString()));
    assertEquals(
        "[NO 1.2 12, SE 1.2 12]",
        daily.stream()
            .map(r -> r.get("country") + " " + r.get("amount") + " " + r.get("orders"))
            .toList()
            .toString());
    assertEquals(
        "[ann 0.1 [0], ann 0.1 [2], bob 0.1 [1]]",
        bigQuery.rows("demo-proj", "shop", "loaded").stream()
            .map(r -> r.get("customer") + " " + r.get("amount") + " " + r.get("ids"))
            .sorted()
            .toList()
            .toString());
    String exported =
        new String(gcs.get("shop-bucket", "out/exported.ndjson"), StandardCharsets.UTF_8);
    assertEquals(
        List.of("40", "42", "44", "46"),
        exported.lines().map(l -> l.replaceAll("\\D", "")).sorted().toList());
    assertTrue(
        bigQuery.readSessions().stream()
            .anyMatch(s -> s.startsWith("demo-proj.shop.archive [") && !s.contains("note")),
        bigQuery.readSessions().toString());
    assertTrue(run.out().contains("orders"), run.out());
  }

  @Test
  void conditionsAreSentToTheTable() throws Exception {
    int before = bigQuery.readSessions().size();
    CommandRun run =
        CommandRun.of("run", "-C", folder.toString(), "--target", "cloud", "--queries", "daily");
    assertEquals(0, run.code(), run.err() + run.out());
    String session = bigQuery.readSessions().get(before);
    assertEquals(
        "demo-proj.shop.archive [amount, customer, ordered_at] "
            + "(`ordered_at` >= TIMESTAMP '2026-01-01T12:00:00Z') AND (`customer` != 'nobody')",
        session);
  }

  @Test
  void aTableThatIsNotAsDeclaredIsAnErrorBeforeTheRun() throws Exception {
    Path yaml = folder.resolve("pipelines.yaml");
    Files.writeString(
        yaml,
        Files.readString(yaml)
            .replace("      order_id: INT64\n", "      order_id: STRING\n")
            .replace("      amount: NUMERIC", "      amonut: NUMERIC"));
    query("daily", "SELECT customer, order_id, amonut FROM orders");
    CommandRun run =
        CommandRun.of("run", "-C", folder.toString(), "--target", "cloud", "--queries", "daily");
    assertEquals(1, run.code());
    String said = run.out() + run.err();
    assertTrue(said.contains("has no column \"amonut\""), said);
    assertTrue(said.contains("did you mean amount?"), said);
    assertTrue(said.contains("is INT64, but is declared as STRING"), said);
  }

  @Test
  void aTableThatCannotGrowIsRefusedWithTheStatement() throws Exception {
    query("narrow", "SELECT customer, COUNT(*) AS n FROM orders GROUP BY customer");
    List<String> arguments =
        List.of("run", "-C", folder.toString(), "--target", "cloud", "--queries", "narrow");
    assertEquals(0, CommandRun.of(arguments.toArray(String[]::new)).code());
    query("narrow", "SELECT customer, COUNT(*) / 2 AS n FROM orders GROUP BY customer");
    CommandRun run = CommandRun.of(arguments.toArray(String[]::new));
    assertEquals(1, run.code());
    String said = run.out() + run.err();
    assertTrue(said.contains("SINK_SCHEMA"), said);
    assertTrue(
        said.contains("ALTER TABLE `demo-proj.shop.narrow` ALTER COLUMN `n` SET DATA TYPE FLOAT64"),
        said);
  }

  @Test
  void thereIsAViewOfNewestPanesOnlyWhereNoRowGoesWithoutAnother() throws Exception {
    String counts =
        "SELECT customer, COUNT(*) AS n FROM orders GROUP BY customer,"
            + " TUMBLE(ordered_at, INTERVAL 1 HOUR)";
    query("every", counts);
    query("few", counts + " HAVING COUNT(*) < 10");
    query("most", counts + " ORDER BY n DESC LIMIT 3");
    Path yaml = folder.resolve("pipelines.yaml");
    Files.writeString(
        yaml,
        Files.readString(yaml)
            .replace(
                "queries:\n",
                """
                queries:
                  every: {sink: {write: append}}
                  few: {sink: {write: append}}
                  most: {sink: {write: append}}
                """));
    CommandRun run =
        CommandRun.of(
            "run", "-C", folder.toString(), "--target", "cloud", "--queries", "every,few,most");
    assertEquals(0, run.code(), run.err() + run.out());
    List<String> tables = bigQuery.tables("demo-proj", "shop");
    assertTrue(tables.containsAll(List.of("every", "every_latest", "few", "most")), "" + tables);
    assertTrue(!tables.contains("few_latest") && !tables.contains("most_latest"), "" + tables);
  }
}
