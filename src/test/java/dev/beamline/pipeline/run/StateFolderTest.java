package dev.beamline.pipeline.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which state is the newest, and that the cluster may drop others meanwhile. */
final class StateFolderTest {

  private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir Path folder;

  @Test
  void findsTheNewestThatIsComplete() throws Exception {
    state("job/chk-1", 1);
    Path newest = state("savepoint-2", 2);
    Files.createDirectories(folder.resolve("job/chk-3"));
    assertEquals(Optional.of(newest), new StateFolder(folder).newest());
    assertEquals(Optional.empty(), new StateFolder(folder.resolve("none")).newest());
  }

  @Test
  void keepsOnlyWhatOneNeeds() throws Exception {
    state("old/chk-1", 1);
    state("old/chk-2", 2);
    Path newest = state("job/chk-3", 3);
    new StateFolder(folder).keepOnly(newest);
    assertEquals(List.of("job"), names());
    new StateFolder(folder).clear();
    assertFalse(Files.exists(folder));
  }

  @Test
  void letsTheClusterDropCheckpointsMeanwhile() throws Exception {
    Path newest = state("savepoint-9", 9);
    StateFolder all = new StateFolder(folder);
    AtomicBoolean done = new AtomicBoolean();
    CompletableFuture<Void> cluster = CompletableFuture.runAsync(() -> drop(done));
    try {
      for (int i = 0; i < 300; i++) {
        assertEquals(Optional.of(newest), all.newest());
        for (int chk = 0; chk < 10; chk++) {
          state("job/chk-" + chk, 1);
        }
        all.keepOnly(newest);
        assertEquals(List.of("savepoint-9"), names());
      }
    } finally {
      done.set(true);
    }
    cluster.get();
  }

  private void drop(AtomicBoolean done) {
    while (!done.get()) {
      for (int chk = 9; chk >= 0; chk--) {
        try {
          Path checkpoint = folder.resolve("job/chk-" + chk);
          Files.deleteIfExists(checkpoint.resolve("_metadata"));
          Files.deleteIfExists(checkpoint);
        } catch (IOException e) {
          // A file was written into it since.
        }
      }
    }
  }

  private Path state(String name, int seconds) throws IOException {
    Path state = folder.resolve(name);
    while (true) {
      try {
        Files.createDirectories(state);
        Path file = Files.writeString(state.resolve("_metadata"), "state");
        Files.setLastModifiedTime(file, FileTime.from(TIME.plusSeconds(seconds)));
        return state;
      } catch (IOException e) {
        // Dropped already, in this moment.
      }
    }
  }

  private List<String> names() throws IOException {
    try (Stream<Path> parts = Files.list(folder)) {
      return parts
          .map(part -> part.getFileName().toString())
          .sorted(Comparator.naturalOrder())
          .toList();
    }
  }
}
