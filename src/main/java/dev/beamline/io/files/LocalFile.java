package dev.beamline.io.files;

import dev.beamline.catalog.Tuple;
import dev.beamline.execution.row.Keys;
import dev.beamline.io.format.Compression;
import dev.beamline.io.format.RecordWriter;
import dev.beamline.io.format.RecordWriters;
import dev.beamline.transform.Change;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One file that the bundles of a pipeline in this process write together: beside its place, and
 * moved there when all is done. Rows that replace each other by key wait in memory for the end.
 */
final class LocalFile {

  private static final Map<String, LocalFile> OPEN = new ConcurrentHashMap<>();

  private final FilesTarget target;
  private final Path place;
  private final Path beside;
  private final OutputStream stream;
  private final RecordWriter writer;
  private final Map<Tuple, Change> newest = new LinkedHashMap<>();

  private LocalFile(FilesTarget target, String id) throws IOException {
    this.target = target;
    Path folder = Path.of(target.folder());
    Files.createDirectories(folder);
    this.place = folder.resolve(target.fileName());
    this.beside = folder.resolve("." + target.fileName() + "." + id);
    OutputStream file = new BufferedOutputStream(Files.newOutputStream(beside), 1 << 16);
    this.stream = Compression.ofName(target.fileName()).compress(file);
    this.writer = RecordWriters.open(target.format(), target.table().schema(), stream);
  }

  /** Opens a file, and tells by which id bundles find it. */
  static String open(FilesTarget target) throws IOException {
    String id = UUID.randomUUID().toString();
    OPEN.put(id, new LocalFile(target, id));
    return id;
  }

  /** Adds a bundle's changes. */
  static void add(String id, List<Change> changes) throws IOException {
    LocalFile file = OPEN.get(id);
    if (file == null) {
      throw new IOException("the file is not open in this process");
    }
    file.add(changes);
  }

  private synchronized void add(List<Change> changes) throws IOException {
    if (target.table().upserts()) {
      for (Change change : changes) {
        newest.merge(key(change), change, (a, b) -> b.sequence() >= a.sequence() ? b : a);
      }
      return;
    }
    for (Change change : changes) {
      if (!change.withdrawn()) {
        writer.write(change.row());
      }
    }
  }

  private Tuple key(Change change) {
    List<Integer> columns = target.table().key();
    @Nullable Object[] values = new @Nullable Object[columns.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Keys.normalize(change.row().get(columns.get(i)));
    }
    return Tuple.of(values);
  }

  /** Puts the whole file in its place. */
  static void complete(String id) throws IOException {
    LocalFile file = OPEN.remove(id);
    if (file != null) {
      file.finish();
      Files.move(
          file.beside,
          file.place,
          StandardCopyOption.REPLACE_EXISTING,
          StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private synchronized void finish() throws IOException {
    for (Change change : newest.values()) {
      if (!change.withdrawn()) {
        writer.write(change.row());
      }
    }
    writer.close();
    stream.close();
  }

  /** Leaves the old file, if there is one, as it is. */
  static void abandon(String id) throws IOException {
    LocalFile file = OPEN.remove(id);
    if (file != null) {
      file.stream.close();
      Files.deleteIfExists(file.beside);
    }
  }
}
