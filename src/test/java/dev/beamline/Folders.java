package dev.beamline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** Folders that tests work on copies of. */
public final class Folders {

  private Folders() {}

  /** Copies a file, or a folder with all that is in it, to a path whose folders are made. */
  public static void copy(Path from, Path to) throws IOException {
    if (!Files.isDirectory(from)) {
      Files.createDirectories(to.toAbsolutePath().getParent());
      Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
      return;
    }
    Files.createDirectories(to);
    List<Path> inside;
    try (Stream<Path> files = Files.list(from)) {
      inside = files.toList();
    }
    for (Path file : inside) {
      copy(file, to.resolve(file.getFileName()));
    }
  }
}
