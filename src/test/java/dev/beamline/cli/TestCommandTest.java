package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line of tests: what it says of failures, updates, reports and mistakes. */
final class TestCommandTest {

  @TempDir Path folder;

  @BeforeEach
  void makeProject() throws IOException {
    Files.createDirectories(folder.resolve("queries"));
    Files.createDirectories(folder.resolve("tests"));
    Files.writeString(
        folder.resolve("pipelines.yaml"),
        """
        version: 1
        project: shop
        defaults:
          windowing: {allowed_lateness: 10m}
        sources:
          orders:
            type: pubsub
            subscription: projects/p/subscriptions/orders
            columns:
              id: {type: STRING, required: true}
              ts: {type: TIMESTAMP, required: true}
              shop: {type: STRING, required: true}
              price: NUMERIC
            event_time: ts
            deduplicate: {by: [id], within: 5m}
          visits:
            type: pubsub
            subscription: projects/p/subscriptions/visits
            columns: {ts: {type: TIMESTAMP, required: true}, shop: STRING}
            event_time: ts
        """);
    Files.writeString(
        folder.resolve("queries/revenue.sql"),
        "SELECT shop, SUM(price) AS revenue, COUNT(*) AS orders FROM orders"
            + " GROUP BY shop, TUMBLE(ts, INTERVAL 1 HOUR)\n");
    Files.writeString(
        folder.resolve("queries/conversion.sql"),
        """
        WITH o AS (
          SELECT shop, COUNT(*) AS n, window_start, window_end
          FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL 1 HOUR))
          GROUP BY shop, window_start, window_end
        ),
        v AS (
          SELECT shop, COUNT(*) AS n, window_start, window_end
          FROM TABLE(TUMBLE(TABLE visits, DESCRIPTOR(ts), INTERVAL 1 HOUR))
          GROUP BY shop, window_start, window_end
        )
        SELECT o.shop, o.n AS orders, v.n AS visits, o.window_start, o.window_end
        FROM o JOIN v ON o.shop = v.shop AND o.window_start = v.window_start AND o.window_end = v.window_end
        """);
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private CommandRun test(String... arguments) {
    return CommandRun.in(folder, "test", arguments);
  }

  private static final String FAILING =
      """
      query: revenue
      tests:
        - name: sums
          steps:
            - input: orders
              rows:
                - {id: a, shop: north, price: 1.50, ts: "2026-01-05T10:05:00Z"}
                - {id: b, shop: south, price: 2, ts: "2026-01-05T10:06:00Z"}
                - {id: a, shop: north, price: 1.50, ts: "2026-01-05T10:05:00Z"}   # sent twice
            - watermark: "2026-01-05T11:00:00Z"
            - expect:
                # Both shops.
                - {shop: south, revenue: 2}      # right
                - {shop: north, revenue: 3, orders: 2}
            - input: orders
              rows:
                csv: |
                  id,shop,price,ts
                  c,north,4,2026-01-05 10:30:00
            - expect_table:
                csv: |
                  shop,revenue,is_final
                  north,7,true
                  south,2,true
          late_dropped: 1
        - name: nothing at all
          steps:
            - watermark: end
            - expect: []
      """;

  @Test
  void aFailureShowsTheRowsThatDifferAndTheirPlace() throws IOException {
    write("tests/revenue.yaml", FAILING);
    CommandRun run = test();
    assertEquals(1, run.code(), run.err());
    assertEquals(
        """
        FAIL  tests/revenue.yaml:3  sums
              tests/revenue.yaml:11:9: expect: 2 rows expected, 2 emitted (tests/revenue.yaml:14)
                  shop   revenue  orders
                - north  3        2       expected, line 14
                + north  1.5      1       got; differs in revenue, orders
              tests/revenue.yaml:20:9: expect_table: 2 rows expected, 2 in the table (tests/revenue.yaml:23)
                  shop   revenue  is_final
                - north  7        true      expected, line 23
                + north  5.5      true      got; differs in revenue
              tests/revenue.yaml:25:19: late_dropped: 1 row expected, 0 dropped
        ok    tests/revenue.yaml:26  nothing at all

        2 tests: 1 passed, 1 failed\
        """,
        run.out().replaceFirst(" \\([0-9.]+ s\\)\n$", ""));
  }

  @Test
  void updatesChangeWhatIsNotMetAndNothingElse() throws IOException {
    write("tests/revenue.yaml", FAILING);
    CommandRun run = test("--update");
    assertEquals(0, run.code(), run.err());
    assertEquals(
        FAILING
            .replace(
                "{shop: north, revenue: 3, orders: 2}", "{shop: north, revenue: 1.5, orders: 1}")
            .replace("north,7,true", "north,5.5,true")
            .replace("late_dropped: 1", "late_dropped: 0"),
        Files.readString(folder.resolve("tests/revenue.yaml")));
    assertEquals(0, test().code());
    assertTrue(test("--update").out().contains("nothing to update"));
  }

  @Test
  void updatesAddAndTakeAwayRows() throws IOException {
    String head =
        """
        query: revenue
        tests:
          - name: one
            steps:
              - input: orders
                rows:
                  - {id: a, shop: north, price: 1, ts: "2026-01-05T10:05:00Z"}
                  - {id: b, shop: south, price: 2, ts: "2026-01-05T10:06:00Z"}
              - watermark: end
        """;
    write(
        "tests/revenue.yaml",
        head
            + """
              - expect_table: []
              - expect:
                  - {shop: west, revenue: 9}   # never
                  - {shop: north, revenue: 1}  # stays
            late_dropped: 0
        """);
    assertEquals(0, test("--update").code());
    assertEquals(
        head
            + """
              - expect_table:
                  - {shop: north, revenue: 1, orders: 1, window_start: "2026-01-05T10:00:00Z", window_end: "2026-01-05T11:00:00Z", pane_timing: ON_TIME}
                  - {shop: south, revenue: 2, orders: 1, window_start: "2026-01-05T10:00:00Z", window_end: "2026-01-05T11:00:00Z", pane_timing: ON_TIME}
              - expect:
                  - {shop: north, revenue: 1}  # stays
                  - {shop: south, revenue: 2}
            late_dropped: 0
        """,
        Files.readString(folder.resolve("tests/revenue.yaml")));
    assertEquals(0, test().code());
  }

  @Test
  void eachSourceHasItsWatermark() throws IOException {
    write("tests/rows.ndjson", "{\"ts\":\"2026-01-05T10:01:00Z\",\"shop\":\"north\"}\n");
    write(
        "tests/conversion.yaml",
        """
        query: conversion
        tests:
          - name: the window closes when both are past its end
            steps:
              - input: orders
                rows:
                  - {shop: north, price: 1, ts: "2026-01-05T10:05:00Z"}
              - input: visits
                rows: {file: tests/rows.ndjson}
              - watermark: {orders: "2026-01-05T11:00:00Z"}
              - expect: []
              - watermark: {visits: "2026-01-05T11:30:00Z"}
              - expect_includes:
                  - {shop: north, orders: 1, visits: 1, pane_timing: ON_TIME}
        """);
    CommandRun run = test();
    assertEquals(0, run.code(), run.out() + run.err());
  }

  @Test
  void oneTestByName() throws IOException {
    write("tests/revenue.yaml", FAILING);
    CommandRun run = test("--name", "NOTHING*all");
    assertEquals(0, run.code());
    assertTrue(run.out().contains("1 test: 1 passed"), run.out());
    CommandRun none = test("--name", "sum of all");
    assertEquals(1, none.code());
    assertTrue(none.err().contains("no test has \"sum of all\" in its name"), none.err());
    assertEquals(1, test("revenue").code());
    assertEquals(1, test("tests/revenue.yaml").code());
    CommandRun unknown = test("tests/revenu.yaml");
    assertEquals(2, unknown.code());
    assertTrue(unknown.err().contains("did you mean tests/revenue.yaml?"), unknown.err());
  }

  @Test
  void resultsAsJunit() throws IOException {
    write("tests/revenue.yaml", FAILING);
    Path report = folder.resolve("out/report.xml");
    assertEquals(1, test("--junit", report.toString()).code());
    String xml = Files.readString(report);
    assertTrue(xml.contains("<testsuites tests=\"2\" failures=\"1\" errors=\"0\""), xml);
    assertTrue(xml.contains("<testsuite name=\"tests/revenue.yaml\""), xml);
    assertTrue(xml.contains("classname=\"revenue\" name=\"sums\""), xml);
    assertTrue(Pattern.compile("<failure message=\"tests/revenue.yaml:11:9").matcher(xml).find());
    assertTrue(xml.contains("got; differs in revenue, orders"), xml);
  }

  @Test
  void mistakesAreShownAtTheirPlaces() throws IOException {
    write(
        "tests/revenue.yaml",
        """
        query: revenue
        tests:
          - name: wrong
            steps:
              - input: orders
                rows:
                  - {shop: north, price: cheap, ts: "2026-01-05T10:05:00Z"}
                  - {shop: north}
                  - {shp: north, ts: "2026-01-05T10:05:00Z"}
              - expect:
                  - {shop: north, revenu: 1}
                  - {shop: north, pane_index: first}
        """);
    CommandRun run = test();
    assertEquals(1, run.code());
    String err = run.err();
    assertTrue(err.contains("tests/revenue.yaml:7:34: error TEST_INVALID"), err);
    assertTrue(err.contains("price is NUMERIC"), err);
    assertTrue(err.contains("the row has no ts, which is its event time"), err);
    assertTrue(err.contains("tests/revenue.yaml:9:14: error UNKNOWN_COLUMN"), err);
    assertTrue(err.contains("did you mean \"revenue\"?"), err);
    assertTrue(err.contains("pane_index is INT64"), err);
    assertFalse(err.contains("Exception"), err);
    // The same without running them.
    CommandRun validate = CommandRun.of("validate", "-C", folder.toString());
    assertEquals(1, validate.code());
    assertTrue(validate.out().contains("price is NUMERIC"), validate.out());
  }

  @Test
  void aProjectWithoutTestsPasses() {
    assertEquals(0, test().code());
  }

  @Test
  void whatNoStreamCanDoIsTestedInBatch() throws IOException {
    write("queries/customers.sql", "SELECT shop, COUNT(*) AS orders FROM orders GROUP BY shop\n");
    String pipelines = Files.readString(folder.resolve("pipelines.yaml"));
    write("pipelines.yaml", pipelines + "pipelines:\n  all: {mode: batch, queries: [\"*\"]}\n");
    write(
        "tests/customers.yaml",
        """
        query: customers
        tests:
          - name: counts
            steps:
              - input: orders
                rows:
                  - {id: a, shop: north, ts: "2026-01-05T10:05:00Z"}
                  - {id: a, shop: north, ts: "2026-01-05T10:05:00Z"}
                  - {id: b, shop: north, ts: "2026-01-06T10:05:00Z"}
              - expect: [{shop: north, orders: 2}]
        """);
    CommandRun run = test();
    assertEquals(0, run.code(), run.out() + run.err());
  }

  @Test
  void anExpectationWaitsForPendingLatePanes() throws IOException {
    write(
        "tests/revenue.yaml",
        """
        query: revenue
        tests:
          - name: a late trigger
            windowing: {trigger: {late: {every: 1m}}}
            steps:
              - input: orders
                rows: [{shop: north, price: 1, ts: "2026-01-05T10:05:00Z"}]
              - watermark: "2026-01-05T11:00:00Z"
              - expect: [{shop: north, revenue: 1, pane_timing: ON_TIME}]
              - input: orders
                rows: [{shop: north, price: 2, ts: "2026-01-05T10:05:00Z"}]
              - processing_time: +30s
              - expect: []
              - expect: [{shop: north, revenue: 3, pane_timing: LATE}]
              - processing_time: +10m
              - expect: []
            late_dropped: 0
        """);
    CommandRun run = test();
    assertEquals(0, run.code(), run.out() + run.err());
  }
}
