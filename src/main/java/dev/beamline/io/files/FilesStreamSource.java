package dev.beamline.io.files;

import dev.beamline.catalog.Schema;
import dev.beamline.io.format.RowShape;
import dev.beamline.io.stream.RowChunk;
import dev.beamline.io.stream.RowChunkCoder;
import dev.beamline.io.stream.StreamEnd;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
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

  /** Null before the run begins: from then on they are what the mark's position counts in. */
  private final @Nullable List<InputFile> files;

  FilesStreamSource(
      FilesSource source, RowShape shape, Schema read, int eventTime, StreamPace pace, String run) {
    this(source, shape, read, eventTime, pace, run, null);
  }

  private FilesStreamSource(
      FilesSource source,
      RowShape shape,
      Schema read,
      int eventTime,
      StreamPace pace,
      String run,
      @Nullable List<InputFile> files) {
    this.source = source;
    this.shape = shape;
    this.read = read;
    this.eventTime = eventTime;
    this.pace = pace;
    this.run = run;
    this.files = files;
  }

  /**
   * Where a reader stands.
   *
   * @param position records read
   * @param newestMicros the newest event time among them; {@link Long#MIN_VALUE}: none
   * @param end what ends with the checkpoint; null: nothing does
   */
  record Mark(long position, long newestMicros, @Nullable StreamEnd end)
      implements CheckpointMark, Serializable {
    @Override
    public void finalizeCheckpoint() {
      // Files need not be told that they were read.
      if (end != null) {
        end.safe();
      }
    }
  }

  @Override
  public List<FilesStreamSource> split(int desired, PipelineOptions options) throws IOException {
    // A file that appears later would move all others where the runner goes back to a checkpoint.
    return List.of(new FilesStreamSource(source, shape, read, eventTime, pace, run, files()));
  }

  private List<InputFile> files() throws IOException {
    return files == null ? new ArrayList<>(InputFile.match(source)) : files;
  }

  @Override
  public FilesStreamReader createReader(PipelineOptions options, @Nullable Mark mark)
      throws IOException {
    FilesStreamReader reader = reader(mark, System::nanoTime, StreamEnd.waits(options));
    reader.opened();
    return reader;
  }

  /**
   * A reader.
   *
   * @param mark where it goes on; null: it begins
   * @param nanos the clock by which it keeps the pace
   * @param waits whether it ends with a checkpoint
   */
  FilesStreamReader reader(@Nullable Mark mark, LongSupplier nanos, boolean waits)
      throws IOException {
    Mark from = mark == null ? new Mark(0, Long.MIN_VALUE, null) : mark;
    return new FilesStreamReader(
        this,
        StreamCursor.at(cursorId(), source, files(), shape, eventTime, nanos, from.position()),
        eventTime,
        pace,
        run,
        from,
        waits,
        nanos);
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
