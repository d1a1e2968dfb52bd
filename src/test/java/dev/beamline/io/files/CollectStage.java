package dev.beamline.io.files;

import dev.beamline.catalog.Tuple;
import dev.beamline.transform.RowStage;
import dev.beamline.transform.StageOutput;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Instant;

/** Sends the text of each row with its event time, and at the bundle's end how many there were. */
final class CollectStage implements RowStage {

  private static final long serialVersionUID = 1L;

  static final TupleTag<KV<String, Long>> ROWS = new TupleTag<>("rows") {};
  static final TupleTag<Long> COUNTS = new TupleTag<>("counts") {};

  private boolean ready;
  private long count;

  @Override
  public void setup() {
    ready = true;
  }

  @Override
  public void startBundle() {
    if (!ready) {
      throw new IllegalStateException("not set up");
    }
    count = 0;
  }

  @Override
  public void process(Tuple row, long eventTimeMicros, StageOutput output) {
    count++;
    output.output(
        ROWS,
        KV.of(row.toString(), eventTimeMicros),
        new Instant(Math.floorDiv(eventTimeMicros, 1000L)));
  }

  @Override
  public void finishBundle(StageOutput output) {
    output.output(COUNTS, count, new Instant(0));
  }
}
