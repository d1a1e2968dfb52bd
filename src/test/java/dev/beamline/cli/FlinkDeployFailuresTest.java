package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.pipeline.run.FlinkRest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong or away on a real Flink cluster: sums go on all the same. */
@Tag("slow")
class FlinkDeployFailuresTest {

  private FlinkShop shop;

  @Test
  void sumsGoOnThroughFailures(@TempDir Path folder) throws Exception {
    try (FlinkShop started = FlinkShop.start(folder, 1)) {
      shop = started;
      shop.query(
          "regions",
          "SELECT region, COUNT(*) AS n FROM orders GROUP BY region, TUMBLE(ts, INTERVAL 1 HOUR)");
      shop.deploy();
      shop.send(120, "north");
      shop.awaitTotal("totals", 120);
      refusesToRunASecondJob();
      goesBackToTheOldJobWhereTheNewOneDoesNotStart();
      oneOfTwoProcessesDeploys();
      leavesTheStateOfARemovedQueryBehind();
      launchesWhatHasVanished();
      runStopsWithASavepointAndGoesOnFromIt();
    }
  }

  private void refusesToRunASecondJob() throws Exception {
    CommandRun run = shop.beamline(1, "run", "live");
    assertTrue(run.err().contains("pipeline live runs on the Flink cluster"), run.err());
  }

  private void goesBackToTheOldJobWhereTheNewOneDoesNotStart() throws Exception {
    shop.project(40);
    CommandRun failed = shop.beamline(3, "deploy", "--poll", "200ms", "--wait", "15s");
    assertTrue(failed.err().contains("the old one goes on with its state"), failed.err());
    shop.project(1);
    assertTrue(shop.beamline(0, "plan").out().contains("unchanged, job"), "the old manifest");
    shop.send(30, "north");
    shop.awaitTotal("totals", 150);
  }

  private void oneOfTwoProcessesDeploys() throws Exception {
    shop.query("totals", FlinkShop.TOTALS.replace("FROM orders", "FROM orders WHERE amount < 100"));
    CommandProcess first = shop.begin("deploy", "--poll", "200ms", "--wait", "2m");
    CommandProcess second = shop.begin("deploy", "--poll", "200ms", "--wait", "2m");
    List<CommandRun> both = List.of(first.ended(), second.ended());
    assertTrue(both.stream().anyMatch(run -> run.code() == 0), both.toString());
    for (CommandRun run : both) {
      assertTrue(
          run.code() == 0 || (run.code() == 1 && run.err().contains("another deployment")),
          both.toString());
    }
    assertEquals(
        1,
        new FlinkRest(shop.cluster().master())
            .jobs().stream().filter(job -> !job.hasEnded()).count(),
        both.toString());
    assertTrue(
        shop.beamline(0, "plan").out().contains("unchanged, job"), "one of them has done it");
    shop.send(5, "north");
    shop.awaitTotal("totals", 155);
  }

  private void leavesTheStateOfARemovedQueryBehind() throws Exception {
    Files.delete(shop.folder().resolve("queries/regions.sql"));
    CommandRun plan = shop.beamline(1, "plan", "--fail-on-changes");
    assertTrue(plan.out().contains("update in place"), plan.out());
    shop.deploy();
    shop.send(30, "north");
    shop.awaitTotal("totals", 185);
  }

  private void launchesWhatHasVanished() throws Exception {
    String job = shop.status().path("job").asText();
    new FlinkRest(shop.cluster().master()).cancel(job);
    shop.cluster().await("the end of job " + job, () -> shop.state(job).equals("CANCELED"));
    assertTrue(
        shop.beamline(0, "plan").out().contains("pipeline live (streaming): launch"), "a plan");
    assertTrue(shop.beamline(1, "status").out().contains("vanished"), "a status");
  }

  private void runStopsWithASavepointAndGoesOnFromIt() throws Exception {
    shop.send(10, "north");
    CompletableFuture<CommandRun> first = run();
    shop.awaitTotal("totals", 195);
    interrupt(first);
    shop.send(10, "north");
    CompletableFuture<CommandRun> second = run();
    shop.awaitTotal("totals", 205);
    interrupt(second);
    assertEquals(2, savepoints(), "a savepoint a stop, and the older ones are gone");
    // A deployment goes on from what a run has left, too.
    shop.deploy();
    shop.send(10, "north");
    shop.awaitTotal("totals", 215);
  }

  private CompletableFuture<CommandRun> run() {
    return CompletableFuture.supplyAsync(
        () ->
            CommandRun.of(
                "run",
                "live",
                "--target",
                "prod",
                "-C",
                shop.folder().toString(),
                "--preview",
                "0"));
  }

  /**
   * What the running command takes like Ctrl-C; a shell lets what it starts in the background
   * ignore the latter.
   */
  private void interrupt(CompletableFuture<CommandRun> run) throws Exception {
    new ProcessBuilder("kill", "-TERM", Long.toString(ProcessHandle.current().pid()))
        .start()
        .waitFor();
    CommandRun done = run.get(3, TimeUnit.MINUTES);
    assertEquals(0, done.code(), done.out() + done.err());
  }

  private int savepoints() throws IOException {
    try (Stream<Path> all = Files.list(shop.folder().resolve("state/shop.live"))) {
      return (int) all.filter(p -> p.getFileName().toString().startsWith("savepoint-")).count();
    }
  }
}
