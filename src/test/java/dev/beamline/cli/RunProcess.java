package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A run of a project in a process of its own, which can be killed and started again. */
final class RunProcess implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private final Path folder;
  private final List<String> jvmOptions;
  private final List<String> arguments;
  private Process process;

  RunProcess(Path folder, List<String> jvmOptions, String... arguments) throws IOException {
    this.folder = folder;
    this.jvmOptions = List.copyOf(jvmOptions);
    this.arguments = List.of(arguments);
    this.process = launch();
  }

  private Process launch() throws IOException {
    List<String> command = new ArrayList<>(CommandProcess.ofThisClassPath(jvmOptions));
    command.addAll(List.of("run", "-C", folder.toString()));
    command.addAll(arguments);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(new File(folder.toFile(), "run.log")))
        .start();
  }

  /** As {@code kill -9} does, and at once another one. */
  void killAndStartAgain() throws Exception {
    process.destroyForcibly();
    process.waitFor();
    process = launch();
  }

  /** As Ctrl-C does: the run must end well. */
  void stop() throws Exception {
    process.destroy();
    assertTrue(process.waitFor(120, TimeUnit.SECONDS), () -> "the run does not stop: " + log());
    assertEquals(0, process.exitValue(), this::log);
  }

  /** What all runs have printed. */
  String log() {
    try {
      return Files.readString(folder.resolve("run.log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Something that comes true while the run goes on. */
  interface Check {
    boolean holds() throws Exception;
  }

  void await(String what, Check check) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        if (check.holds()) {
          return;
        }
      } catch (IOException | RuntimeException e) {
        // The table is not made yet.
        assertTrue(System.nanoTime() < deadline, () -> what + ": " + e + log());
      }
      assertTrue(process.isAlive(), () -> what + ", but the run has ended: " + log());
      assertTrue(System.nanoTime() < deadline, () -> what + ", which does not come: " + log());
      Thread.sleep(200);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
