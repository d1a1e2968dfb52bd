package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/** Writes the documentation of a project and reads it from disk in a real browser. */
final class DocsBrowserTest {

  private static final String HOSTILE = "<script>document.title = 'broken'</script>";

  @TempDir private static Path project;

  private static Chromium browser;
  private static String index;

  @BeforeAll
  static void start() throws IOException {
    browser = Chromium.start();
    Files.createDirectories(project.resolve("queries"));
    Files.createDirectories(project.resolve("tests"));
    Files.writeString(
        project.resolve("pipelines.yaml"),
        """
        project: arena
        sources:
          events:
            description: What players did. %s
            type: files
            path: events.ndjson
            format: json
            columns: {team: {type: STRING, description: One of five.}, item: "STRUCT<price INT64>", ts: TIMESTAMP}
            event_time: ts
        queries:
          hourly:
            description: Points of each team.
            owner: arena@example.com
            columns: {total: What they earned.}
            windowing: {allowed_lateness: 2h}
        """
            .formatted(HOSTILE));
    Files.writeString(
        project.resolve("events.ndjson"),
        "{\"team\":\"<b>blue</b>\",\"item\":{\"price\":5},\"ts\":\"2026-01-05T00:10:00Z\"}\n");
    Files.writeString(
        project.resolve("queries/hourly.sql"),
        "SELECT team, SUM(item.price) AS total FROM events -- a comment\n"
            + "GROUP BY team, TUMBLE(ts, INTERVAL 1 HOUR)");
    Files.writeString(
        project.resolve("queries/best.sql"),
        "-- The best hour of each day.\nSELECT MAX(total) AS best FROM hourly"
            + " GROUP BY TUMBLE(window_start, INTERVAL 1 DAY)");
    Files.writeString(
        project.resolve("tests/hourly.yaml"),
        "query: hourly\ntests:\n  - name: adds what was bought\n    steps:\n"
            + "      - watermark: \"2026-01-05T02:00:00Z\"\n");
    for (int i = 0; i < 60; i++) {
      Files.writeString(
          project.resolve("queries/metric_%03d.sql".formatted(i)),
          "SELECT team, COUNT(*) AS n FROM events GROUP BY team");
    }
    CommandRun run = CommandRun.of("docs", "-C", project.toString());
    assertEquals(0, run.code(), run.err());
    index = project.resolve(".beamline/docs/index.html").toUri().toString();
    assertTrue(run.out().contains("index.html"), run.out());
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
  }

  @Test
  void tellsOfEachMetricAndAsksNobody() throws IOException {
    browser.open(index);
    assertEquals(62, browser.all("main > .scroll:first-of-type tbody tr").size());
    browser.awaitText("The best hour of each day.");
    browser.assertAccessible();
    browser.all("main a").stream()
        .filter(link -> link.getText().equals("hourly"))
        .findFirst()
        .orElseThrow()
        .click();
    browser.awaitText("Points of each team.");
    browser.awaitText("arena@example.com");
    browser.awaitText("What they earned.");
    browser.awaitText("events.item.price");
    browser.awaitText("Rows up to 2 h late correct the result");
    browser.awaitText("adds what was bought");
    browser.awaitText("<b>blue</b>");
    browser.awaitText("sums by team and window, made before sending".substring(0, 20));
    assertEquals(3, browser.all("svg.graph").size());
    assertTrue(browser.all("svg.timeline rect").size() >= 8);
    assertTrue(browser.all("pre.sql .k").stream().anyMatch(k -> k.getText().equals("SELECT")));
    assertEquals("-- a comment", browser.find("pre.sql .c").getText());
    browser.assertAccessible();
    // From a column to where it comes from.
    browser.all("table a").stream()
        .filter(link -> link.getText().equals("events.item.price"))
        .findFirst()
        .orElseThrow()
        .click();
    browser.awaitText("What players did. " + HOSTILE);
    assertTrue(browser.script("return location.hash").toString().equals("#column-item"));
    browser.assertAccessible();
    assertEquals("events · arena", browser.script("return document.title"));
    browser.assertQuiet();
  }

  @Test
  void findsByNameAndColumnWithTheKeyboard() throws IOException {
    browser.open(index);
    browser.find("body").sendKeys("/");
    browser.find("#search").sendKeys("earned");
    assertEquals("hourly (metric)", browser.find("#found li").getText());
    browser.assertAccessible();
    browser.find("#search").sendKeys(Keys.ENTER);
    browser.awaitText("Points of each team.");
    browser.find("#search").sendKeys("nothing at all");
    browser.awaitText("Nothing has these words");
    browser.assertQuiet();
  }

  @Test
  void listsTheLineageOfManyMetricsAndFiltersLongTables() throws IOException {
    browser.open(index.replace("index.html", "lineage.html"));
    assertEquals(63, browser.all("tbody tr").size());
    assertEquals("events", browser.find("tbody td").getText());
    browser.find("summary").click();
    browser.awaitText("metric_059");
    browser.find(".filter input").sendKeys("HOURLY best");
    assertEquals("2 of 63", browser.find(".filter [role=status]").getText());
    assertEquals(
        List.of("hourly events best", "best hourly"),
        browser.all("tbody tr:not([hidden])").stream().map(row -> row.getText()).toList());
    browser.assertAccessible();
    browser.assertQuiet();
  }

  @Test
  void drawsTheLineageOfAMetricAndTheBeamGraph() throws IOException {
    browser.open(index.replace("index.html", "query/best.html"));
    assertFalse(
        browser.find("svg.graph").findElements(By.partialLinkText("hourly")).isEmpty()
            && browser.all("svg.graph a").isEmpty());
    browser.open(index.replace("index.html", "pipeline/all.html"));
    browser.find("summary").click();
    browser.awaitText("source.events");
    browser.awaitText("hourly/sink");
    browser.assertQuiet();
  }

  @Test
  void fitsAPhone() throws IOException {
    browser.size(390, 800);
    browser.open(index.replace("index.html", "query/hourly.html"));
    assertEquals(true, browser.script("return document.documentElement.scrollWidth <= innerWidth"));
    browser.assertAccessible();
    browser.size(1300, 1000);
  }

  /** A site is written over an older one; a project with errors has none. */
  @Test
  void refusesAProjectWithErrors() throws IOException {
    Path broken = Files.createDirectories(project.resolve("broken"));
    Files.createDirectories(broken.resolve("queries"));
    Files.writeString(broken.resolve("pipelines.yaml"), "sources: {}\n");
    Files.writeString(broken.resolve("queries/a.sql"), "SELECT x FROM nowhere");
    CommandRun run = CommandRun.of("docs", "-C", broken.toString(), "--output", broken + "/site");
    assertEquals(1, run.code());
    assertTrue(run.err().contains("nowhere"), run.err());
    assertFalse(Files.exists(broken.resolve("site")));
  }
}
