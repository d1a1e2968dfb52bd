package dev.beamline.io.files;

import dev.beamline.catalog.Tuple;
import dev.beamline.io.ScanRequest;
import dev.beamline.io.format.BadRecord;
import dev.beamline.io.format.RecordReader;
import dev.beamline.io.format.RowShape;
import dev.beamline.transform.ErrorRecord;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Where a stream of files stands. Survives in memory from one call of the runner to the next. */
final class StreamCursor implements Closeable {

  /** The year 2200: a time behind it is a mistake, which must not make all other events late. */
  private static final long LATEST_PROGRESS_MICROS = 7_258_118_400_000_000L;

  /** By the stream's id: a runner may go on with another copy of the DoFn in the same JVM. */
  private static final Map<String, StreamCursor> RESTING = new ConcurrentHashMap<>();

  private final FilesSource source;
  private final RowShape shape;
  private final int eventTime;
  private final LongSupplier nanos;
  private final Iterator<InputFile> files;
  private @Nullable RecordReader reader;
  private @Nullable ErrorRecords errors;
  private long position;
  private boolean atRecord;
  private @Nullable Tuple row;
  private @Nullable BadRecord bad;

  // The pace counts from the first row that this cursor saw.
  private boolean started;
  private long startNanos;
  private long startPosition;
  private long startEventTime;
  private long newestEventTime = Long.MIN_VALUE;
  private long takenNanos;

  private StreamCursor(
      FilesSource source,
      List<InputFile> files,
      RowShape shape,
      int eventTime,
      LongSupplier nanos) {
    this.source = source;
    this.shape = shape;
    this.eventTime = eventTime;
    this.nanos = nanos;
    this.files = files.iterator();
  }

  /**
   * The cursor that was put to rest there, or a new one that has gone there.
   *
   * @param files in their order
   * @param eventTime column; -1: there is none
   * @param nanos the clock
   */
  static StreamCursor at(
      String id,
      FilesSource source,
      List<InputFile> files,
      RowShape shape,
      int eventTime,
      LongSupplier nanos,
      long position)
      throws IOException {
    StreamCursor resting = RESTING.remove(id);
    if (resting != null) {
      if (resting.position == position) {
        return resting;
      }
      resting.close();
    }
    StreamCursor cursor = new StreamCursor(source, files, shape, eventTime, nanos);
    // Read before: the runner has gone back to a checkpoint.
    while (cursor.position < position && cursor.find()) {
      cursor.position++;
      cursor.atRecord = false;
    }
    return cursor;
  }

  void rest(String id) {
    RESTING.put(id, this);
  }

  /** Records taken so far, good and bad. */
  long position() {
    return position;
  }

  /** Goes to the next record, if it is not there yet; false: there is none. */
  boolean find() throws IOException {
    while (!atRecord) {
      if (reader == null) {
        if (!files.hasNext()) {
          return false;
        }
        FileRange range = FileRange.whole(files.next());
        reader = range.open(source, shape);
        errors = new ErrorRecords(source.name(), range);
      }
      if (reader.next()) {
        atRecord = true;
        row = reader.row();
        bad = reader.bad();
      } else {
        reader.close();
        reader = null;
      }
    }
    return true;
  }

  /** The row of the record that was found, null where it is bad. */
  @Nullable Tuple row() {
    return row;
  }

  ErrorRecord error() throws IOException {
    return Objects.requireNonNull(errors).of(Objects.requireNonNull(bad));
  }

  /** Leaves the record that was found behind: it has been sent. */
  void take() {
    position++;
    takenNanos = nanos.getAsLong();
    Tuple taken = row;
    if (taken != null) {
      sawEventTime(ScanRequest.time(taken, eventTime));
    }
    atRecord = false;
  }

  /** Records up to that time have been sent; the pace counts from the first such time. */
  void sawEventTime(long micros) {
    if (micros > LATEST_PROGRESS_MICROS) {
      return;
    }
    newestEventTime = Math.max(newestEventTime, micros);
    if (!started) {
      started = true;
      startNanos = nanos.getAsLong();
      takenNanos = startNanos;
      startPosition = position;
      startEventTime = micros;
    }
  }

  /** Microseconds; {@link Long#MIN_VALUE} before the first row. */
  long newestEventTime() {
    return newestEventTime;
  }

  /**
   * Up to which event time all is known, in microseconds: to the newest, and where no record has
   * come for too long, to what is played now.
   */
  long reached(StreamPace pace) {
    Duration idle = pace.idleTimeout();
    if (!started || pace.speed() <= 0 || idle == null) {
      return newestEventTime;
    }
    double quietNanos = (nanos.getAsLong() - takenNanos) * pace.speed();
    if (quietNanos < idle.toNanos()) {
      return newestEventTime;
    }
    long played = startEventTime + (long) (elapsedMillis() * pace.speed() * 1000);
    return Math.max(newestEventTime, Math.min(played, atRecord ? nextEventTime() : played));
  }

  /** How long to wait with the record that was found, 0 where its time has come. */
  long millisAhead(StreamPace pace) {
    if (!started) {
      return 0;
    }
    double due = 0;
    if (pace.eventsPerSecond() > 0) {
      due = (position - startPosition + 1) / pace.eventsPerSecond() * 1000;
    }
    if (pace.speed() > 0) {
      due = Math.max(due, (nextEventTime() - startEventTime) / 1000.0 / pace.speed());
    }
    double elapsed = elapsedMillis();
    return due <= elapsed ? 0 : (long) Math.ceil(due - elapsed);
  }

  /** The event time of the record that was found; one without any comes with those before it. */
  private long nextEventTime() {
    long time = row == null ? Long.MIN_VALUE : ScanRequest.time(row, eventTime);
    return time > LATEST_PROGRESS_MICROS ? newestEventTime : Math.max(newestEventTime, time);
  }

  private double elapsedMillis() {
    return (nanos.getAsLong() - startNanos) / 1e6;
  }

  @Override
  public void close() throws IOException {
    if (reader != null) {
      reader.close();
      reader = null;
    }
  }
}
