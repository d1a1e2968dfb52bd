package dev.beamline.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random windowed queries end in the same rows in batch and in the stream. */
class StreamFuzzTest {

  @TempDir Path folder;

  private void run(long seed, int queries, int runs) throws IOException, InterruptedException {
    StreamFuzz.Report report = StreamFuzz.run(folder, seed, queries, runs);
    assertEquals(List.of(), report.differences());
    assertTrue(report.tried() > queries / 2, () -> "not tried: " + report.skipped());
  }

  @Test
  void someAgree() throws IOException, InterruptedException {
    run(1, 40, 3);
  }

  @Tag("slow")
  @Test
  void manyAgree() throws IOException, InterruptedException {
    run(System.nanoTime(), 2_000, 6);
  }
}
