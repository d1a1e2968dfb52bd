package dev.beamline.io.stream;

import java.io.IOException;
import java.util.NoSuchElementException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.io.UnboundedSource.CheckpointMark;
import org.apache.beam.sdk.io.UnboundedSource.UnboundedReader;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Reads chunks. The first one is always there, be it empty: a runner may take a reader that has
 * never sent anything for one that does not exist, and then no watermark comes from it.
 */
public abstract class ChunkReader extends UnboundedReader<RowChunk> {

  /** Longer than a runner takes to ask for the watermark and to send it on. */
  private static final long SAID_NANOS = 1_000_000_000L;

  /** Flink's runner asks a reader that has nothing ever more often, a thousand times a second. */
  private static final long MOMENT_NANOS = 5_000_000L;

  private final UnboundedSource<RowChunk, ? extends CheckpointMark> source;
  private final String run;
  private @Nullable RowChunk current;
  private Instant currentTimestamp = BoundedWindow.TIMESTAMP_MIN_VALUE;
  private Instant watermark = BoundedWindow.TIMESTAMP_MIN_VALUE;
  private final boolean waits;
  private final LongSupplier nanos;
  private final StreamEnd end = new StreamEnd();
  private boolean closing;
  private long closingSince;
  private boolean said;
  private boolean ended;

  protected ChunkReader(
      UnboundedSource<RowChunk, ? extends CheckpointMark> source, String run, Instant watermark) {
    this(source, run, watermark, false, System::nanoTime);
  }

  /**
   * A reader.
   *
   * @param run the id under which it can be drained
   * @param watermark what a reader before it has said
   * @param waits whether it ends with a checkpoint, as {@link StreamEnd} says
   * @param nanos the clock
   */
  protected ChunkReader(
      UnboundedSource<RowChunk, ? extends CheckpointMark> source,
      String run,
      Instant watermark,
      boolean waits,
      LongSupplier nanos) {
    this.waits = waits;
    this.nanos = nanos;
    this.source = source;
    this.run = run;
    this.watermark = watermark;
  }

  /**
   * The runner has it from now on, until it is closed: the others of the run do not go ahead before
   * it has sent its first chunk.
   */
  public final void opened() {
    Unheard.add(run, this);
  }

  /** The next records that are there; empty where there are none now, null where none will come. */
  protected abstract @Nullable RowChunk read() throws IOException;

  /** What no later record is expected to be before; may go back, which is not followed. */
  protected abstract Instant progress();

  @Override
  public final boolean start() throws IOException {
    take(advance() && current != null ? current : RowChunk.EMPTY);
    Unheard.remove(run, this);
    return true;
  }

  @Override
  public final boolean advance() throws IOException {
    current = null;
    if (ended) {
      return false;
    }
    if (closing) {
      said = said || nanos.getAsLong() - closingSince >= SAID_NANOS;
      ended = end.isSafe();
      return false;
    }
    RowChunk chunk = Drain.isOn(run) ? null : read();
    if (chunk == null) {
      closing = waits;
      closingSince = nanos.getAsLong();
      ended = !waits;
      return false;
    }
    if (chunk.size() == 0) {
      LockSupport.parkNanos(MOMENT_NANOS);
      return false;
    }
    take(chunk);
    return true;
  }

  private void take(RowChunk chunk) {
    current = chunk;
    currentTimestamp =
        watermark.isAfter(BoundedWindow.TIMESTAMP_MAX_VALUE)
            ? BoundedWindow.TIMESTAMP_MAX_VALUE
            : watermark;
  }

  @Override
  public final RowChunk getCurrent() {
    if (current == null) {
      throw new NoSuchElementException();
    }
    return current;
  }

  @Override
  public final Instant getCurrentTimestamp() {
    if (current == null) {
      throw new NoSuchElementException();
    }
    return currentTimestamp;
  }

  @Override
  public final Instant getWatermark() {
    if (Unheard.any(run)) {
      return BoundedWindow.TIMESTAMP_MIN_VALUE;
    }
    if (ended) {
      return BoundedWindow.TIMESTAMP_MAX_VALUE;
    }
    if (closing) {
      watermark = last();
    }
    return reached();
  }

  /** What a checkpoint that is made now ends when it is safe; null: it does not have all yet. */
  protected final @Nullable StreamEnd end() {
    return said ? end : null;
  }

  /** What was said of the progress so far; does not go back. */
  protected final Instant reached() {
    Instant now = progress();
    if (now.isAfter(watermark)) {
      watermark = now.isBefore(BoundedWindow.TIMESTAMP_MAX_VALUE) ? now : last();
    }
    return watermark;
  }

  /** Short of the end, which only a reader that has ended may say. */
  private static Instant last() {
    return Instant.ofEpochMilli(BoundedWindow.TIMESTAMP_MAX_VALUE.getMillis() - 1);
  }

  @Override
  public final UnboundedSource<RowChunk, ?> getCurrentSource() {
    return source;
  }

  @Override
  public final void close() throws IOException {
    Unheard.remove(run, this);
    shut();
  }

  /** Lets go of what the reader has open. */
  protected abstract void shut() throws IOException;
}
