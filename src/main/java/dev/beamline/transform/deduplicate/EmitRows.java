package dev.beamline.transform.deduplicate;

import dev.beamline.catalog.Tuple;
import dev.beamline.transform.RowStage;
import dev.beamline.transform.StageOutput;
import dev.beamline.transform.window.EventTimes;
import org.apache.beam.sdk.values.TupleTag;

/** A stage that sends each row as it is, stamped with its event time. */
public final class EmitRows implements RowStage {

  private static final long serialVersionUID = 1L;

  private final TupleTag<Tuple> rows;

  public EmitRows(TupleTag<Tuple> rows) {
    this.rows = rows;
  }

  @Override
  public void setup() {
    // Nothing to compile.
  }

  @Override
  public void startBundle() {
    // Nothing is kept.
  }

  @Override
  public void process(Tuple row, long eventTimeMicros, StageOutput output) {
    output.output(rows, row, EventTimes.toInstant(eventTimeMicros));
  }

  @Override
  public void finishBundle(StageOutput output) {
    // Nothing is kept.
  }
}
