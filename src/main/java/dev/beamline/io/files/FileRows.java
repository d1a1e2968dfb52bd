package dev.beamline.io.files;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.io.format.BadRecord;
import dev.beamline.io.format.RecordReader;
import dev.beamline.io.format.RowShape;
import dev.beamline.transform.ErrorRecord;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a source's files without Beam: for ad hoc queries, previews and tests. Same decoders,
 * same errors as in a pipeline. Bad records go to a listener, in order.
 */
public final class FileRows implements Iterator<Tuple>, Closeable {

  private final FilesSource source;
  private final RowShape shape;
  private final Consumer<ErrorRecord> errors;
  private final Iterator<InputFile> files;
  private @Nullable RecordReader reader;
  private @Nullable ErrorRecords errorRecords;
  private @Nullable Tuple next;

  private FileRows(
      FilesSource source, RowShape shape, List<InputFile> files, Consumer<ErrorRecord> errors) {
    this.source = source;
    this.shape = shape;
    this.errors = errors;
    this.files = files.iterator();
  }

  /**
   * Opens the files, by path.
   *
   * @param read the columns of the rows; the source's event-time column is required where it is
   *     read
   * @throws MissingFilesException where a pattern matches no file
   */
  public static FileRows open(FilesSource source, Schema read, Consumer<ErrorRecord> errors)
      throws IOException {
    int eventTime = source.eventTime() == null ? -1 : read.indexOf(source.eventTime());
    return new FileRows(
        source, FilesRead.shape(source, read, eventTime), InputFile.match(source), errors);
  }

  /** All rows, in memory. */
  public static List<Tuple> all(FilesSource source, Schema read, Consumer<ErrorRecord> errors)
      throws IOException {
    List<Tuple> rows = new java.util.ArrayList<>();
    try (FileRows reading = open(source, read, errors)) {
      reading.forEachRemaining(rows::add);
    }
    return rows;
  }

  /**
   * @throws UncheckedIOException where a file cannot be read
   */
  @Override
  public boolean hasNext() {
    try {
      while (next == null) {
        if (reader == null) {
          if (!files.hasNext()) {
            return false;
          }
          FileRange range = FileRange.whole(files.next());
          reader = range.open(source, shape);
          errorRecords = new ErrorRecords(source.name(), range);
        }
        if (!reader.next()) {
          reader.close();
          reader = null;
          continue;
        }
        next = reader.row();
        BadRecord bad = reader.bad();
        if (bad != null) {
          errors.accept(Objects.requireNonNull(errorRecords).of(bad));
        }
      }
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Tuple next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Tuple row = Objects.requireNonNull(next);
    next = null;
    return row;
  }

  @Override
  public void close() throws IOException {
    if (reader != null) {
      reader.close();
      reader = null;
    }
  }

  /** How many bytes the files have, as they are stored. */
  public static long bytes(FilesSource source) throws IOException {
    return InputFile.match(source).stream().mapToLong(InputFile::size).sum();
  }
}
