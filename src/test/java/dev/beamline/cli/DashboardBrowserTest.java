package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** Looks at the dashboard in a real browser, at rest and while a stream runs. */
final class DashboardBrowserTest {

  @TempDir private static Path project;

  private static Chromium browser;

  @BeforeAll
  static void start() throws IOException {
    browser = Chromium.start();
    Files.createDirectories(project.resolve("queries"));
    Files.writeString(
        project.resolve("pipelines.yaml"),
        """
        project: arena
        defaults:
          windowing: {allowed_lateness: 1h, trigger: {early: {every: 1s}, late: {every: 1s}}}
        sources:
          events:
            type: pubsub
            subscription: projects/demo/subscriptions/events
            columns: {team: {type: STRING, required: true}, score: INT64, ts: TIMESTAMP}
            event_time: ts
            watermark: {max_out_of_orderness: 1m}
            sample: events.ndjson
        queries:
          hourly:
            description: Points of each team.
            owner: arena@example.com
            freshness: {warn_after: 1h, error_after: 1d}
            columns: {total: Points.}
          averages:
            chart: {type: bar, y: [mean], by: team}
        pipelines:
          all: {mode: batch, queries: ["*"], default: true}
          live: {mode: streaming, queries: ["*"]}
        """);
    StringBuilder rows = new StringBuilder();
    for (int second = 0; second < 4 * 3600; second += 60) {
      rows.append(
          "{\"team\":\"%s\",\"score\":%d,\"ts\":\"2026-01-05T%02d:%02d:%02dZ\"}\n"
              .formatted(
                  second % 120 == 0 ? "blue" : "red",
                  1 + second / 60 % 5,
                  second / 3600,
                  second / 60 % 60,
                  second % 60));
    }
    rows.append("{\"score\": 1}\n");
    Files.writeString(project.resolve("events.ndjson"), rows);
    Files.writeString(
        project.resolve("queries/hourly.sql"),
        "SELECT team, SUM(score) AS total, COUNT(*) AS events FROM events"
            + " GROUP BY team, TUMBLE(ts, INTERVAL 1 HOUR)");
    Files.writeString(
        project.resolve("queries/averages.sql"),
        "SELECT team, score, AVG(score) AS mean FROM events"
            + " GROUP BY team, score, TUMBLE(ts, INTERVAL 2 HOUR)");
    CommandRun run = CommandRun.of("run", "-C", project.toString());
    assertEquals(0, run.code(), run.err());
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
  }

  /** A dashboard command that is running. */
  private static final class Serving implements AutoCloseable {
    private final StringWriter out = new StringWriter();
    private final Thread thread;
    private final CompletableFuture<Integer> code = new CompletableFuture<>();

    Serving(String... command) {
      PrintWriter writer = new PrintWriter(out, true);
      thread = new Thread(() -> code.complete(Main.run(command, writer, writer)));
      thread.start();
    }

    String url() {
      Pattern url = Pattern.compile("http://127\\.0\\.0\\.1:\\d+/");
      return browser.until(
          "the address in " + out,
          () -> {
            Matcher matcher = url.matcher(out.toString());
            return matcher.find() ? matcher.group() : null;
          });
    }

    @Override
    public void close() {
      thread.interrupt();
    }
  }

  private static Serving dashboard() {
    return new Serving("dashboard", "-C", project.toString(), "--port", "0", "--no-open");
  }

  @Test
  void drawsAllMetricsAndAsksNobodyElse() throws IOException {
    try (Serving serving = dashboard()) {
      browser.size(1300, 1000);
      browser.open(serving.url());
      browser.awaitText("2 metrics, 1 record refused, all values final");
      browser.until("two charts", () -> browser.drawnCharts() == 2 ? true : null);
      browser.awaitText("total of each team by window_start");
      browser.awaitText("1 refused record of events");
      browser.awaitText("stale");
      browser.assertAccessible();
      browser.find("#theme").click();
      assertEquals("dark", browser.script("return document.documentElement.dataset.theme"));
      browser.assertAccessible();
      browser.find("#theme").click();
      browser.find("main section a").click();
      browser.awaitText("team");
      browser.until("the record", () -> browser.text().contains("{\"score\": 1}") ? true : null);
      browser.assertAccessible();
      browser.assertQuiet();
      assertTrue(browser.requests().stream().anyMatch(url -> url.endsWith("/chart.js")));
    }
  }

  @Test
  void filtersAndGroupsTheRowsOfAMetric() throws IOException {
    try (Serving serving = dashboard()) {
      browser.open(serving.url() + "#/metric/hourly");
      browser.until("8 rows", () -> browser.all("tbody tr").size() == 8 ? true : null);
      browser.until("a chart", () -> browser.drawnCharts() == 1 ? true : null);
      assertEquals(2, browser.all(".legend li").size());
      browser.awaitText("Owner: arena@example.com");
      browser.find("#filter").sendKeys("blue");
      browser.until("4 rows", () -> browser.all("tbody tr").size() == 4 ? true : null);
      assertTrue(browser.script("return location.hash").toString().contains("filter=blue"));
      choose("Time", "last hour");
      browser.until("1 row", () -> browser.all("tbody tr").size() == 1 ? true : null);
      browser.find("#filter").sendKeys(Keys.CONTROL, "a");
      browser.find("#filter").sendKeys(Keys.DELETE);
      choose("Time", "everything");
      choose("By", "(all together)");
      browser.awaitText("Sum of total by window_start");
      choose("Measure", "events");
      browser.awaitText("Sum of events by window_start");
      choose("Chart", "line");
      browser.until(
          "a line",
          () ->
              browser.find("canvas").getAttribute("aria-label").startsWith("line chart")
                  ? true
                  : null);
      // Sorting by keyboard alone.
      WebElement head = browser.all("th button").get(1);
      head.sendKeys(Keys.ENTER);
      assertEquals("descending", browser.all("th").get(1).getAttribute("aria-sort"));
      browser.assertAccessible();
      browser.assertQuiet();
    }
  }

  /** An average over several groups of a team has no right number: each group is drawn. */
  @Test
  void neverAddsAverages() throws IOException {
    try (Serving serving = dashboard()) {
      browser.open(serving.url() + "#/metric/averages");
      browser.until("a chart", () -> browser.drawnCharts() == 1 ? true : null);
      browser.awaitText("mean of each team, score by window_start");
      browser.assertQuiet();
    }
  }

  @Test
  void fitsAPhone() throws IOException {
    try (Serving serving = dashboard()) {
      browser.size(390, 800);
      browser.open(serving.url() + "#/metric/hourly");
      browser.until("8 rows", () -> browser.all("tbody tr").size() == 8 ? true : null);
      assertEquals(
          true, browser.script("return document.documentElement.scrollWidth <= innerWidth"));
      browser.assertAccessible();
    } finally {
      browser.size(1300, 1000);
    }
  }

  @Test
  void showsValuesChangeAndTurnFinalWhileAStreamRuns() throws Exception {
    try (Serving run =
        new Serving(
            "run",
            "live",
            "-C",
            project.toString(),
            "--queries",
            "hourly",
            "--speed",
            "300x",
            "--dashboard")) {
      browser.open(run.url() + "#/metric/hourly?filter=blue");
      Map<String, String> early = new HashMap<>();
      browser.until("a speculative value that changes", () -> changed(early));
      browser.awaitText("live is running");
      browser.until(
          "a final value of what was speculative",
          () ->
              values("tr:not(.early)").keySet().stream()
                  .filter(early::containsKey)
                  .findFirst()
                  .orElse(null));
      assertTrue(browser.drawnCharts() >= 1);
      browser.assertQuiet();
      assertEquals(0, run.code.get(120, TimeUnit.SECONDS), run.out.toString());
    }
  }

  /** A window whose speculative value is another than it was; null: none yet. */
  private static String changed(Map<String, String> seen) {
    for (Map.Entry<String, String> value : values("tr.early").entrySet()) {
      String before = seen.put(value.getKey(), value.getValue());
      if (before != null && !before.equals(value.getValue())) {
        return value.getKey();
      }
    }
    return null;
  }

  /** The totals in rows of a kind, by their windows. */
  private static Map<String, String> values(String row) {
    Map<String, String> values = new HashMap<>();
    for (WebElement found : browser.all("tbody " + row)) {
      List<WebElement> cells = found.findElements(By.tagName("td"));
      values.put(cells.get(3).getText(), cells.get(1).getText());
    }
    return values;
  }

  private static void choose(String label, String option) {
    WebElement select =
        browser.all(".controls label").stream()
            .filter(l -> l.getText().startsWith(label))
            .findFirst()
            .orElseThrow()
            .findElement(By.tagName("select"));
    select.findElements(By.tagName("option")).stream()
        .filter(o -> o.getText().equals(option))
        .findFirst()
        .orElseThrow()
        .click();
  }
}
