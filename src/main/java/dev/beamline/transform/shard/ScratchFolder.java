package dev.beamline.transform.shard;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The temporary files of this process, in a folder that goes with it. One that was killed leaves
 * its folder behind: the next process that needs one deletes it. A lock that the system takes back
 * when a process dies tells the one from the other.
 */
public final class ScratchFolder {

  private static final System.Logger LOG = System.getLogger(ScratchFolder.class.getName());

  private static final String PREFIX = "beamline-scratch-";
  private static final String LOCK = "lock";

  private static @Nullable ScratchFolder mine;

  private final Path folder;

  /** Never closed: it is locked as long as the process lives. */
  @SuppressWarnings("unused")
  private final FileChannel lock;

  private ScratchFolder(Path folder, FileChannel lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /** The folder of this process. */
  public static synchronized Path get() throws IOException {
    ScratchFolder known = mine;
    if (known == null || !Files.isDirectory(known.folder)) {
      Path parent = Path.of(System.getProperty("java.io.tmpdir"));
      sweep(parent);
      known = make(parent);
      Path folder = known.folder;
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
      mine = known;
    }
    return known.folder;
  }

  static ScratchFolder make(Path parent) throws IOException {
    Path folder = Files.createTempDirectory(parent, PREFIX + ProcessHandle.current().pid() + "-");
    // It has its name only when it is locked: nobody sees it without.
    Path part = folder.resolve(LOCK + ".part");
    FileChannel channel =
        FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    if (channel.tryLock() == null) {
      throw new IOException(part + " is locked by another process");
    }
    Files.move(part, folder.resolve(LOCK));
    return new ScratchFolder(folder, channel);
  }

  Path folder() {
    return folder;
  }

  /** Deletes the folders of processes that are no more. */
  static void sweep(Path parent) {
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, PREFIX + "*")) {
      for (Path folder : folders) {
        if (isAbandoned(folder)) {
          delete(folder);
        }
      }
    } catch (IOException e) {
      // What is left is left for the next one.
      LOG.log(System.Logger.Level.DEBUG, "leftovers in " + parent, e);
    }
  }

  private static boolean isAbandoned(Path folder) {
    Path file = folder.resolve(LOCK);
    String own = PREFIX + ProcessHandle.current().pid() + "-";
    // To look at a lock of one's own is to let go of it.
    if (folder.getFileName().toString().startsWith(own) || !Files.isRegularFile(file)) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        FileLock free = channel.tryLock()) {
      return free != null;
    } catch (IOException | OverlappingFileLockException e) {
      // Another user's, or this process's own.
      return false;
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> all = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : all) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | java.io.UncheckedIOException e) {
      LOG.log(System.Logger.Level.DEBUG, "deleting " + folder, e);
    }
  }
}
