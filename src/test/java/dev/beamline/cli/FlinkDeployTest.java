package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Deployments on a real Flink cluster: sums go on where a query changes, and are drained where its
 * key does.
 */
class FlinkDeployTest {

  private FlinkShop shop;

  @Test
  void keepsStateWhereItFitsAndDrainsWhereItDoesNot(@TempDir Path folder) throws Exception {
    try (FlinkShop started = FlinkShop.start(folder, 1)) {
      shop = started;
      launchesOnceAndKeepsStateWhenAQueryChanges();
      drainsWhereAKeyChanges();
    }
  }

  private void launchesOnceAndKeepsStateWhenAQueryChanges() throws Exception {
    assertTrue(
        shop.beamline(0, "deploy", "--dry-run").out().contains("would, for live: submit it"),
        "a dry run");
    assertEquals(0, shop.cluster().get("/jobs/overview").path("jobs").size());
    String job = shop.deploy();
    shop.send(90, "north");
    shop.awaitTotal("totals", 90);
    assertTrue(
        shop.beamline(0, "plan", "--fail-on-changes").out().contains("unchanged, job " + job),
        "a plan");
    assertTrue(shop.beamline(0, "deploy").out().contains("unchanged, job " + job), "a repetition");

    // A column that was not read before: the source in the savepoint does not know it.
    shop.query(
        "totals",
        "SELECT customer, SUM(amount) AS total FROM orders WHERE region <> 'nowhere'"
            + " GROUP BY customer, TUMBLE(ts, INTERVAL 1 HOUR)");
    shop.query(
        "regions",
        "SELECT region, COUNT(*) AS n FROM orders GROUP BY region, TUMBLE(ts, INTERVAL 1 HOUR)");
    CommandRun plan = shop.beamline(1, "plan", "--fail-on-changes");
    assertTrue(plan.out().contains("update in place, job " + job), plan.out());
    String next = shop.deploy();
    assertNotEquals(job, next);
    assertEquals("FINISHED", shop.state(job));
    shop.send(30, "south");
    shop.send(9, "nowhere");
    shop.awaitTotal("totals", 120);
    shop.awaitTotal("regions", 39);
    JsonNode status = shop.status();
    assertEquals("running", status.path("state").asText());
    assertEquals(next, status.path("job").asText());
    assertTrue(status.path("healthy").asBoolean());
    assertEquals(16, status.path("manifest").asText().length());
    shop.cluster()
        .await(
            "39 rows in the counters",
            () -> shop.status().path("queries").get(1).path("in").asLong() == 39);
  }

  private void drainsWhereAKeyChanges() throws Exception {
    String old = shop.status().path("job").asText();
    shop.query(
        "totals",
        "SELECT region AS customer, SUM(amount) AS total FROM orders"
            + " GROUP BY region, TUMBLE(ts, INTERVAL 1 HOUR)");
    CommandRun plan = shop.beamline(1, "plan", "--fail-on-changes");
    assertTrue(plan.out().contains("pipeline live (streaming): drain and restart"), plan.out());
    String next = shop.deploy();
    assertNotEquals(old, next);
    assertEquals("FINISHED", shop.state(old));
    // Nobody can go on from a job whose windows have all closed.
    try (Stream<Path> state = Files.list(shop.folder().resolve("state/shop.live"))) {
      assertEquals(0, state.filter(p -> p.toString().contains("savepoint-")).count());
    }
    // What the old job has counted is final, and none of it counts again under the new key.
    shop.send(20, "east");
    shop.awaitTotal("totals", 140);
    shop.awaitTotal("regions", 59);
  }
}
