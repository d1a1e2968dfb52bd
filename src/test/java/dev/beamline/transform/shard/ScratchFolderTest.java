package dev.beamline.transform.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What killed processes leave in the temporary folder goes with the next one's start. */
final class ScratchFolderTest {

  @TempDir Path parent;

  /** Another process that makes a folder, says which, and waits to be killed. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] args) throws Exception {
      ScratchFolder made = ScratchFolder.make(Path.of(args[0]));
      Files.writeString(made.folder().resolve("held.rows"), "rows");
      System.out.println(made.folder());
      System.out.flush();
      Thread.sleep(600_000);
    }
  }

  @Test
  void onlyWhatDeadProcessesHaveLeftIsDeleted() throws Exception {
    Path other = Files.createDirectory(parent.resolve("beamline-scratch-being-made"));
    Path mine = ScratchFolder.make(parent).folder();
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                parent.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      Path held = Path.of(process.inputReader().readLine());
      ScratchFolder.sweep(parent);
      assertEquals("rows", Files.readString(held.resolve("held.rows")), "its process lives");
      process.destroyForcibly().waitFor();
      ScratchFolder.sweep(parent);
      assertFalse(Files.exists(held));
      assertTrue(Files.exists(mine) && Files.exists(other));
    } finally {
      process.destroyForcibly();
    }
  }
}
