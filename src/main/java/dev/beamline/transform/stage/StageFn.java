package dev.beamline.transform.stage;

import dev.beamline.catalog.Tuple;
import dev.beamline.transform.ErrorRecord;
import dev.beamline.transform.RowStage;
import dev.beamline.transform.StageOutputs;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Instant;

/** Runs a stage over rows that are elements already. */
public final class StageFn extends StagingFn<Tuple> {

  private static final long serialVersionUID = 1L;

  private static final TupleTag<ErrorRecord> NOTHING = new TupleTag<>("nothing");

  private final int timeColumn;

  /**
   * Runs a stage, whatever its outputs are.
   *
   * @param timeColumn which holds the rows' event time; -1: the elements' own timestamps are it
   */
  public StageFn(RowStage stage, int timeColumn) {
    super(stage);
    this.timeColumn = timeColumn;
  }

  /**
   * The step that runs the stage, with an output for each of its tags.
   *
   * @param timeColumn which holds the rows' event time; -1: the elements' own timestamps are it
   */
  public static ParDo.MultiOutput<Tuple, ErrorRecord> over(Stage stage, int timeColumn) {
    return ParDo.of(new StageFn(stage, timeColumn)).withOutputTags(NOTHING, stage.tags());
  }

  @ProcessElement
  public void process(
      @Element Tuple row, @Timestamp Instant timestamp, MultiOutputReceiver receiver) {
    long time =
        timeColumn >= 0 && row.get(timeColumn) instanceof Long micros
            ? micros
            : timestamp.getMillis() * 1000;
    stage.process(row, time, StageOutputs.of(receiver));
  }
}
