package dev.beamline.transform.deduplicate;

import dev.beamline.catalog.Tuple;
import dev.beamline.transform.RowStage;
import dev.beamline.transform.StageOutput;
import dev.beamline.transform.window.EventTimes;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Instant;

/**
 * Sends the rows of a stream in the blocks of another stage, each with the time of the earliest row
 * so far, which the watermark waits for.
 */
public final class TimedBlocks implements RowStage {

  private static final long serialVersionUID = 1L;

  private final RowStage blocks;
  private transient long earliest;

  /** Around a stage whose blocks have no time. */
  public TimedBlocks(RowStage blocks) {
    this.blocks = blocks;
  }

  @Override
  public void setup() {
    blocks.setup();
  }

  @Override
  public void startBundle() {
    earliest = EventTimes.LAST_MILLIS;
    blocks.startBundle();
  }

  @Override
  public void process(Tuple row, long eventTimeMicros, StageOutput output) {
    earliest = Math.min(earliest, EventTimes.toMillis(eventTimeMicros));
    blocks.process(row, eventTimeMicros, timed(output));
  }

  @Override
  public void finishBundle(StageOutput output) {
    blocks.finishBundle(timed(output));
  }

  private StageOutput timed(StageOutput output) {
    return new StageOutput() {
      @Override
      public <T> void output(TupleTag<T> tag, T element, Instant timestamp) {
        output.output(tag, element, Instant.ofEpochMilli(earliest));
      }
    };
  }
}
