package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run refuses before it begins, and how it ends. */
class RunCommandTest {

  @TempDir Path folder;

  private String shop() {
    Path project = folder.resolve("shop");
    if (!Files.exists(project)) {
      assertEquals(0, CommandRun.of("init", project.toString()).code());
    }
    return project.toString();
  }

  @Test
  void allUnknownNamesAreToldAtOnce() {
    CommandRun run =
        CommandRun.of(
            "run",
            "nightly",
            "-C",
            shop(),
            "--target",
            "prod",
            "--queries",
            "revenue,top_categorie",
            "--input",
            "order=orders.ndjson");
    assertEquals(1, run.code());
    assertEquals(
        """
        pipelines.yaml: error UNKNOWN_PIPELINE: there is no pipeline "nightly"
          allowed: all, live
        pipelines.yaml: error UNKNOWN_TARGET: there is no target "prod"
          allowed: local
        pipelines.yaml: error UNKNOWN_QUERY: there is no query "revenue"
          allowed: revenue_by_hour, top_categories
        pipelines.yaml: error UNKNOWN_QUERY: there is no query "top_categorie"
          did you mean "top_categories"? Allowed: revenue_by_hour, top_categories
        pipelines.yaml: error UNKNOWN_SOURCE: --input names source "order", which is not there
          did you mean orders?
        """,
        run.err());
  }

  @Test
  void aNewProjectRunsAsAStreamOverItsSample() throws IOException {
    CommandRun run = CommandRun.of("run", "live", "-C", shop());
    assertEquals(0, run.code(), run.err());
    CommandRun rows =
        CommandRun.of(
            "query",
            "-C",
            shop(),
            "--format",
            "csv",
            "SELECT SUM(orders) AS orders, LOGICAL_AND(is_final) AS final FROM revenue_by_hour");
    assertTrue(Files.exists(Path.of(shop(), ".beamline/warehouse.duckdb")));
    // One of the 121 lines of the sample is a copy.
    assertEquals("orders,final\n120,true\n", rows.out(), rows.err());
  }

  @Test
  void whatValidateRefusesOfAResultRunRefusesToo() throws IOException {
    Files.writeString(
        Path.of(shop(), "queries/visits.sql"),
        """
        SELECT product, quantity, 1 AS is_final
        FROM TABLE(SESSION(TABLE orders PARTITION BY product, DESCRIPTOR(order_time), INTERVAL 5 MINUTE))
        WHERE quantity > 1
        """);
    CommandRun run = CommandRun.of("run", "live", "-C", shop(), "--queries", "visits");
    assertEquals(1, run.code(), run.out());
    assertTrue(run.err().contains("visits.sql:1:32: error SINK_SCHEMA"), run.err());
    assertTrue(run.err().contains("visits.sql:1:1: error SESSION_WITHOUT_KEY"), run.err());
  }

  @Test
  void aRunOnOtherRowsTakesThemFromTheInput() throws IOException {
    Path other = folder.resolve("other.ndjson");
    Files.writeString(
        other,
        """
        {"order_id":"a","order_time":"2026-02-01T10:00:00Z","product":"tea","quantity":2,"price":1.5}
        {"order_id":"b","order_time":"2026-02-01T10:59:59.999999Z","product":"mug","quantity":1,"price":4}
        {"order_id":"c","order_time":"2026-02-01T11:00:00Z","product":"mug","quantity":1,"price":4}
        """);
    CommandRun run =
        CommandRun.of(
            "run", "-C", shop(), "--queries", "revenue_by_hour", "--input", "orders=" + other);
    assertEquals(0, run.code(), run.err());
    CommandRun rows =
        CommandRun.of(
            "query",
            "-C",
            shop(),
            "--format",
            "csv",
            "SELECT window_start, orders, revenue FROM revenue_by_hour ORDER BY 1");
    assertEquals(
        "window_start,orders,revenue\n2026-02-01 10:00:00+00,2,7\n2026-02-01 11:00:00+00,1,4\n",
        rows.out(),
        rows.err());
  }

  @Test
  void theFirstRowsAreShownByWindowAndThenInTheOrderOfTheQuery() throws IOException {
    Path other = folder.resolve("other.ndjson");
    StringBuilder orders = new StringBuilder();
    for (int i = 0; i < 12; i++) {
      orders.append(
          """
          {"order_id":"%d","order_time":"2026-02-01T1%d:00:00Z","product":"p%d","quantity":%d,"price":1}
          """
              .formatted(i, 1 - i % 2, i, 1 + (i * 5) % 7));
    }
    Files.writeString(other, orders);
    Files.writeString(
        Path.of(shop(), "queries/busy.sql"),
        """
        SELECT product, SUM(quantity) AS sold FROM orders
        GROUP BY product, TUMBLE(order_time, INTERVAL 1 HOUR) ORDER BY sold DESC LIMIT 3
        """);
    CommandRun run =
        CommandRun.of(
            "run", "-C", shop(), "--queries", "busy", "--input", "orders=" + other, "--preview=4");
    assertEquals(0, run.code(), run.err());
    assertEquals(
        List.of("p11 7 10", "p1 6 10", "p5 5 10", "p4 7 11"),
        run.out()
            .lines()
            .filter(l -> l.startsWith("| p"))
            .map(l -> l.split("[| ]+"))
            .filter(cells -> !cells[1].equals("product"))
            .map(cells -> cells[1] + " " + cells[2] + " " + cells[4].substring(0, 2))
            .toList(),
        run.out());
  }
}
