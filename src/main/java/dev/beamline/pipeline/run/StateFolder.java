package dev.beamline.pipeline.run;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The checkpoints and savepoints of a pipeline in a folder of this machine. */
final class StateFolder {

  private static final String METADATA = "_metadata";

  /** Flink's folders: the job's, the checkpoint's, the file. */
  private static final int DEPTH = 4;

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
    List<Path> complete = new ArrayList<>();
    Files.walkFileTree(
        folder,
        Set.of(),
        DEPTH,
        new ChangingTree() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.endsWith(METADATA)) {
              complete.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return complete.stream().max(Comparator.comparing(StateFolder::time)).map(Path::getParent);
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

  /** The cluster, which drops old checkpoints when it likes, may do so at the same time. */
  private static void delete(Path path) throws IOException {
    Files.walkFileTree(
        path,
        new ChangingTree() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException why)
              throws IOException {
            super.postVisitDirectory(folder, why);
            Files.deleteIfExists(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Files that vanish while one looks are none. */
  private abstract static class ChangingTree extends SimpleFileVisitor<Path> {

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException why) throws IOException {
      if (why instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw why;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException why)
        throws IOException {
      if (why != null && !(why instanceof NoSuchFileException)) {
        throw why;
      }
      return FileVisitResult.CONTINUE;
    }
  }
}
