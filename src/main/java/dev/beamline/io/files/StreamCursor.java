package dev.beamline.io.files;

import dev.beamline.catalog.Tuple;
import dev.beamline.io.format.BadRecord;
import dev.beamline.io.format.RecordReader;
import dev.beamline.io.format.RowShape;
import dev.beamline.transform.ErrorRecord;
import java.io.Closeable;
import java.io.IOException;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Where a stream of files stands. Survives in memory from one call of the runner to the next. */
final class StreamCursor implements Closeable {

  private static final long LONGEST_SLEEP_MILLIS = 200;

  /** The year 2200: a time behind it is a mistake, which must not make all other events late. */
  private static final long LATEST_PROGRESS_MICROS = 7_258_118_400_000_000L;

  /** By the stream's id: a runner may go on with another copy of the DoFn in the same JVM. */
  private static final Map<String, StreamCursor> RESTING = new ConcurrentHashMap<>();

  private final FilesSource source;
  private final RowShape shape;
  private final Iterator<InputFile> files;
  private @Nullable RecordReader reader;
  private @Nullable ErrorRecords errors;
  private long position;
  private @Nullable Tuple row;
  private @Nullable BadRecord bad;

  // The pace counts from the first row that this cursor saw.
  private boolean started;
  private long startNanos;
  private long startPosition;
  private long startEventTime;
  private long newestEventTime = Long.MIN_VALUE;

  private StreamCursor(FilesSource source, RowShape shape) throws IOException {
    this.source = source;
    this.shape = shape;
    this.files = InputFile.match(source).iterator();
  }

  /** The cursor that was put to rest there, or a new one that has gone there. */
  static StreamCursor at(String id, FilesSource source, RowShape shape, long position)
      throws IOException {
    StreamCursor resting = RESTING.remove(id);
    if (resting != null) {
      if (resting.position == position) {
        return resting;
      }
      resting.close();
    }
    StreamCursor cursor = new StreamCursor(source, shape);
    // Read before: the runner has gone back to a checkpoint.
    boolean more = true;
    while (more && cursor.position < position) {
      more = cursor.next();
    }
    return cursor;
  }

  void rest(String id) {
    RESTING.put(id, this);
  }

  /** Records read so far, good and bad. */
  long position() {
    return position;
  }

  boolean next() throws IOException {
    while (true) {
      if (reader == null) {
        if (!files.hasNext()) {
          return false;
        }
        FileRange range = FileRange.whole(files.next());
        reader = range.open(source, shape);
        errors = new ErrorRecords(source.name(), range);
      }
      if (reader.next()) {
        position++;
        row = reader.row();
        bad = reader.bad();
        return true;
      }
      reader.close();
      reader = null;
    }
  }

  /** The current record, null where it is bad. */
  @Nullable Tuple row() {
    return row;
  }

  ErrorRecord error() throws IOException {
    return Objects.requireNonNull(errors).of(Objects.requireNonNull(bad));
  }

  void sawEventTime(long micros) {
    if (micros > LATEST_PROGRESS_MICROS) {
      return;
    }
    newestEventTime = Math.max(newestEventTime, micros);
    if (!started) {
      started = true;
      startNanos = System.nanoTime();
      startPosition = position;
      startEventTime = micros;
    }
  }

  /** Microseconds; {@link Long#MIN_VALUE} before the first row. */
  long newestEventTime() {
    return newestEventTime;
  }

  /** How long to wait before the next record, 0 where its time has come. */
  long millisAhead(StreamPace pace) {
    if (!started) {
      return 0;
    }
    double due = 0;
    if (pace.eventsPerSecond() > 0) {
      due = (position - startPosition) / pace.eventsPerSecond() * 1000;
    }
    if (pace.speed() > 0) {
      due = Math.max(due, (newestEventTime - startEventTime) / 1000.0 / pace.speed());
    }
    double elapsed = (System.nanoTime() - startNanos) / 1e6;
    return due <= elapsed ? 0 : Math.min(LONGEST_SLEEP_MILLIS, (long) Math.ceil(due - elapsed));
  }

  @Override
  public void close() throws IOException {
    if (reader != null) {
      reader.close();
      reader = null;
    }
  }
}
