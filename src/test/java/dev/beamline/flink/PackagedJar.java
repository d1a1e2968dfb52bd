package dev.beamline.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.beamline.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The self-contained jar as users make it. */
public final class PackagedJar {

  private PackagedJar() {}

  /**
   * The jar that the property {@code beamline.jar} names, else one that Maven packages of a copy of
   * the sources.
   *
   * @param folder for the copy
   */
  public static Path in(Path folder) throws IOException, InterruptedException {
    String made = System.getProperty("beamline.jar");
    if (made != null) {
      return Path.of(made).toAbsolutePath();
    }
    for (String part : List.of("pom.xml", ".mvn", "src/main")) {
      Folders.copy(Path.of(part), folder.resolve(part));
    }
    Path log = folder.resolve("maven.log");
    Process maven =
        new ProcessBuilder("mvn", "-B", "-ntp", "-Pdist", "-Dfast", "-DskipTests", "package")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertEquals(0, maven.waitFor(), () -> text(log));
    try (Stream<Path> files = Files.list(folder.resolve("target"))) {
      return files.filter(f -> f.toString().endsWith("-all.jar")).findFirst().orElseThrow();
    }
  }

  private static String text(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
