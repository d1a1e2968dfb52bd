package dev.beamline.pipeline.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The checkpoints and savepoints of a pipeline in a folder of this machine. */
final class StateFolder {

  private static final String METADATA = "_metadata";

  private final Path folder;

  StateFolder(Path folder) {
    this.folder = folder;
  }

  static String uri(String folder) {
    return folder.contains("://") ? folder : Path.of(folder).toUri().toString();
  }

  /** Whether two names, as Flink or we write them, are of one place. */
  static Predicate<String> samePlace(String one) {
    return other -> plain(one).equals(plain(other));
  }

  private static String plain(String place) {
    return place.replaceFirst("^file:/*", "/").replaceFirst("/+$", "");
  }

  /** The newest that is complete. */
  Optional<Path> newest() throws IOException {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.walk(folder, 4)) {
      return files
          .filter(file -> file.endsWith(METADATA))
          .max(Comparator.comparing(StateFolder::time))
          .map(Path::getParent);
    }
  }

  private static FileTime time(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      // Replaced by a newer one just now.
      return FileTime.fromMillis(0);
    }
  }

  /** Deletes all but what this one needs. */
  void keepOnly(Path newest) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> parts = Files.list(folder)) {
      for (Path part : parts.filter(part -> !newest.startsWith(part)).toList()) {
        delete(part);
      }
    }
  }

  /** Deletes all of it. */
  void clear() throws IOException {
    if (Files.isDirectory(folder)) {
      delete(folder);
    }
  }

  private static void delete(Path path) throws IOException {
    List<Path> all;
    try (Stream<Path> files = Files.walk(path)) {
      all = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : all) {
      Files.deleteIfExists(file);
    }
  }
}
