package dev.beamline.cli;

import dev.beamline.pipeline.run.LocalOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs what users run most, so that the JVM sees which classes that needs: the launcher has it keep
 * them in an archive ({@code -XX:ArchiveClassesAtExit}), from which the next start has them at
 * once.
 */
final class StartUpTraining {

  private static final List<List<String>> COMMANDS =
      List.of(
          List.of("--help"),
          List.of("validate"),
          List.of("query", "SELECT 1 AS one"),
          List.of("run"),
          List.of("run", "live"),
          List.of("test"),
          List.of("explain", "top_categories"));

  private StartUpTraining() {}

  /** Works in a folder of its own and prints nothing. */
  public static void main(String[] args) throws IOException {
    System.setProperty(LocalOptions.ONE_COMMAND, "true");
    QuietLogging.install(false);
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    Path folder = Files.createTempDirectory("beamline-training");
    try {
      Path project = folder.resolve("project");
      Main.run(new String[] {"init", project.toString()}, nowhere, nowhere);
      for (List<String> command : COMMANDS) {
        String[] words =
            Stream.concat(command.stream(), Stream.of("-C", project.toString()))
                .toArray(String[]::new);
        Main.run(words, nowhere, nowhere);
      }
    } finally {
      delete(folder);
    }
    System.exit(0);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
