package dev.beamline.deploy;

import com.google.common.hash.Hashing;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Small objects in a folder, of this machine or one that several share. A generation is a hash of
 * the content; changes that ask for one are made one after another, under a lock of the file
 * system.
 */
public final class FolderStore implements DeployStore {

  private static final String LOCK = ".beamline.lock";

  /** The lock of the file system is between processes only. */
  private static final Object IN_THIS_PROCESS = new Object();

  private final Path folder;

  /** Of the folder that all paths are below. */
  public FolderStore(Path folder) {
    this.folder = folder;
  }

  @Override
  public Optional<Content> read(String path) throws IOException {
    try {
      byte[] bytes = Files.readAllBytes(Path.of(path));
      return Optional.of(new Content(bytes, generation(bytes)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static long generation(byte[] bytes) {
    // Never 0, which stands for no object.
    return Hashing.sha256().hashBytes(bytes).asLong() | 1;
  }

  @Override
  public void write(String path, byte[] bytes) throws IOException {
    Path file = Path.of(path);
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    Path part = Files.createTempFile(parent, "part", ".tmp");
    Files.write(part, bytes);
    Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public Optional<Long> writeIf(String path, byte[] bytes, long generation) throws IOException {
    synchronized (IN_THIS_PROCESS) {
      try (FileChannel channel = lockFile();
          FileLock lock = channel.lock()) {
        if (!lock.isValid() || current(path) != generation) {
          return Optional.empty();
        }
        write(path, bytes);
        return Optional.of(generation(bytes));
      }
    }
  }

  @Override
  public void deleteIf(String path, long generation) throws IOException {
    synchronized (IN_THIS_PROCESS) {
      try (FileChannel channel = lockFile();
          FileLock lock = channel.lock()) {
        if (lock.isValid() && current(path) == generation) {
          Files.deleteIfExists(Path.of(path));
        }
      }
    }
  }

  private FileChannel lockFile() throws IOException {
    Files.createDirectories(folder);
    return FileChannel.open(
        folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  private long current(String path) throws IOException {
    return read(path).map(Content::generation).orElse(0L);
  }

  @Override
  public List<String> list(String below) throws IOException {
    Path start = Path.of(below);
    if (!Files.isDirectory(start)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(start)) {
      return files.filter(Files::isRegularFile).map(Path::toString).sorted().toList();
    }
  }
}
