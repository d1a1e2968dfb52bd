package dev.beamline.io.files;

import dev.beamline.catalog.Tuple;
import dev.beamline.io.stream.ChunkReader;
import dev.beamline.io.stream.RowChunk;
import dev.beamline.transform.ErrorRecord;
import dev.beamline.transform.window.EventTimes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.beam.sdk.io.UnboundedSource.CheckpointMark;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Plays files at their pace. The watermark moves between chunks only, so what is sent is never late
 * by the reader's own doing.
 */
final class FilesStreamReader extends ChunkReader {

  private static final long LONGEST_CHUNK_NANOS = 500_000_000L;

  private final FilesStreamSource source;
  private final StreamCursor cursor;
  private final int eventTime;
  private final StreamPace pace;
  private boolean ended;

  FilesStreamReader(
      FilesStreamSource source,
      StreamCursor cursor,
      int eventTime,
      StreamPace pace,
      String run,
      FilesStreamSource.Mark from,
      boolean waits,
      LongSupplier nanos) {
    super(source, run, progress(eventTime, from.newestMicros(), pace), waits, nanos);
    this.source = source;
    this.cursor = cursor;
    this.eventTime = eventTime;
    this.pace = pace;
    if (from.newestMicros() > Long.MIN_VALUE) {
      cursor.sawEventTime(from.newestMicros());
    }
  }

  @Override
  protected @Nullable RowChunk read() throws IOException {
    List<Tuple> rows = new ArrayList<>();
    List<ErrorRecord> errors = new ArrayList<>();
    long began = System.nanoTime();
    int count = 0;
    while (count < pace.recordsAtOnce()
        && (count % 64 != 0 || System.nanoTime() - began < LONGEST_CHUNK_NANOS)) {
      if (!cursor.find()) {
        if (count == 0) {
          ended = true;
          return null;
        }
        break;
      }
      if (cursor.millisAhead(pace) > 0) {
        break;
      }
      count++;
      Tuple row = cursor.row();
      if (row == null) {
        errors.add(cursor.error());
      } else {
        rows.add(row);
      }
      cursor.take();
    }
    return new RowChunk(rows, errors);
  }

  @Override
  protected Instant progress() {
    return progress(eventTime, cursor.reached(pace), pace);
  }

  private static Instant progress(int eventTime, long newestMicros, StreamPace pace) {
    if (eventTime < 0 || newestMicros == Long.MIN_VALUE) {
      return BoundedWindow.TIMESTAMP_MIN_VALUE;
    }
    return Instant.ofEpochMilli(
        EventTimes.clamp(Math.floorDiv(newestMicros, 1000L) - pace.maxOutOfOrderness().toMillis()));
  }

  @Override
  public CheckpointMark getCheckpointMark() {
    return new FilesStreamSource.Mark(cursor.position(), cursor.newestEventTime(), end());
  }

  @Override
  protected void shut() throws IOException {
    if (ended) {
      cursor.close();
    } else {
      cursor.rest(source.cursorId());
    }
  }
}
