package dev.beamline.io.files;

import dev.beamline.catalog.Schema;
import dev.beamline.io.format.RowShape;
import dev.beamline.io.stream.RowChunk;
import dev.beamline.io.stream.RowChunkCoder;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.options.PipelineOptions;
import org.jspecify.annotations.Nullable;

/** Files, one after the other, as a stream of chunks. It is one split: files have one order. */
final class FilesStreamSource extends UnboundedSource<RowChunk, FilesStreamSource.Mark> {

  private static final long serialVersionUID = 1L;

  private final FilesSource source;
  private final RowShape shape;
  private final Schema read;
  private final int eventTime;
  private final StreamPace pace;
  private final String run;

  FilesStreamSource(
      FilesSource source, RowShape shape, Schema read, int eventTime, StreamPace pace, String run) {
    this.source = source;
    this.shape = shape;
    this.read = read;
    this.eventTime = eventTime;
    this.pace = pace;
    this.run = run;
  }

  /**
   * Where a reader stands.
   *
   * @param position records read
   * @param newestMicros the newest event time among them; {@link Long#MIN_VALUE}: none
   */
  record Mark(long position, long newestMicros) implements CheckpointMark, Serializable {
    @Override
    public void finalizeCheckpoint() {
      // Files need not be told that they were read.
    }
  }

  @Override
  public List<FilesStreamSource> split(int desired, PipelineOptions options) {
    return List.of(this);
  }

  @Override
  public FilesStreamReader createReader(PipelineOptions options, @Nullable Mark mark)
      throws IOException {
    return reader(mark, System::nanoTime);
  }

  /**
   * A reader.
   *
   * @param mark where it goes on; null: it begins
   * @param nanos the clock by which it keeps the pace
   */
  FilesStreamReader reader(@Nullable Mark mark, LongSupplier nanos) throws IOException {
    Mark from = mark == null ? new Mark(0, Long.MIN_VALUE) : mark;
    return new FilesStreamReader(
        this,
        StreamCursor.at(cursorId(), source, shape, eventTime, nanos, from.position()),
        eventTime,
        pace,
        run,
        from);
  }

  /** Of the cursor that rests between two readers of the same process. */
  String cursorId() {
    return run + "/" + source.name();
  }

  @Override
  public Coder<Mark> getCheckpointMarkCoder() {
    return SerializableCoder.of(Mark.class);
  }

  @Override
  public Coder<RowChunk> getOutputCoder() {
    return RowChunkCoder.of(read);
  }
}
