package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.flink.PackagedJar;
import dev.beamline.pipeline.run.FlinkRest;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The jar as it is packaged, on a real cluster of a JobManager and two TaskManagers, one of which
 * is killed; state is in RocksDB.
 */
@Tag("slow")
class PackagedJarTest {

  @Test
  void nothingIsLostOnAClusterWhoseWorkersDie(@TempDir Path folder) throws Exception {
    Path jar = PackagedJar.in(folder.resolve("checkout"));
    List<String> java =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-jar",
            jar.toString());
    try (FlinkShop shop = FlinkShop.start(folder, 2, "state_backend: rocksdb", java)) {
      shop.project(2);
      String job = shop.deploy();
      shop.send(60, "north");
      shop.awaitTotal("totals", 60);
      assertEquals(
          "EmbeddedRocksDBStateBackend",
          shop.cluster()
              .get("/jobs/" + job + "/checkpoints/config")
              .path("state_backend")
              .asText());

      // kill -9: whichever of the two it is, both have a part of the work.
      shop.cluster().killWorker(0);
      shop.cluster().addWorker();
      shop.send(30, "north");
      shop.awaitTotal("totals", 90);
      assertTrue(
          shop.cluster()
                  .get("/jobs/" + job + "/checkpoints")
                  .path("counts")
                  .path("restored")
                  .asInt()
              > 0,
          "the job went back to no checkpoint");

      // With a savepoint, from which the next job goes on.
      shop.query("totals", FlinkShop.TOTALS.replace("FROM orders", "FROM orders WHERE amount < 9"));
      String next = shop.deploy();
      assertNotEquals(job, next);
      assertEquals("FINISHED", shop.state(job));
      shop.send(30, "south");
      shop.awaitTotal("totals", 120);

      new FlinkRest(shop.cluster().master()).cancel(next);
      shop.cluster().await("the end of " + next, () -> shop.state(next).equals("CANCELED"));
      for (int round = 1; round <= 2; round++) {
        CommandProcess run = shop.begin("run", "live", "--preview", "0");
        try {
          shop.send(10, "south");
          shop.awaitTotal("totals", 120 + 10 * round);
          // As Ctrl-C: it stops with a savepoint.
          run.process().destroy();
          assertTrue(run.process().waitFor(2, TimeUnit.MINUTES), "the run does not stop");
        } finally {
          CommandRun done = run.ended();
          assertEquals(0, done.code(), done.out() + done.err());
        }
      }
    }
  }
}
