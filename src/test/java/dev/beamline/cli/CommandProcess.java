package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A command in a process of its own, as users and CI start them. */
record CommandProcess(Process process, Path out, Path err) {

  /** What starts the command line from the classes of this process. */
  static List<String> ofThisClassPath() {
    Path logging = Path.of("src/test/resources/logging.properties").toAbsolutePath();
    return ofThisClassPath(List.of("-Djava.util.logging.config.file=" + logging));
  }

  /** Likewise, with further options of the JVM. */
  static List<String> ofThisClassPath(List<String> jvmOptions) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String opened : List.of("java.lang", "java.util", "java.nio", "java.time", "sun.nio.ch")) {
      command.add("--add-opens=java.base/" + opened + "=ALL-UNNAMED");
    }
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx1g"));
    command.addAll(jvmOptions);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    return command;
  }

  /**
   * Begins a command.
   *
   * @param java what starts the command line
   * @param folder that it runs in, and that keeps what it prints
   */
  static CommandProcess begin(List<String> java, Path folder, List<String> arguments)
      throws IOException {
    List<String> all = new ArrayList<>(java);
    all.addAll(arguments);
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path err = Files.createTempFile(folder, "err", ".txt");
    Process process =
        new ProcessBuilder(all)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    return new CommandProcess(process, out, err);
  }

  /** Waits for its end. */
  CommandRun ended() throws IOException, InterruptedException {
    try {
      assertTrue(process.waitFor(4, TimeUnit.MINUTES), () -> "it does not end: " + text());
    } finally {
      process.destroyForcibly();
    }
    return new CommandRun(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  private String text() {
    try {
      return Files.readString(out) + Files.readString(err);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
