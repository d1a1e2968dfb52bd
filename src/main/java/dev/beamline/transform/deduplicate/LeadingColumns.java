package dev.beamline.transform.deduplicate;

import dev.beamline.catalog.Tuple;
import dev.beamline.transform.RowStage;
import dev.beamline.transform.StageOutput;
import java.util.Arrays;

/** Hands a stage the columns that it asked for, without those behind them that tell copies. */
public final class LeadingColumns implements RowStage {

  private static final long serialVersionUID = 1L;

  private final RowStage stage;
  private final int width;

  private LeadingColumns(RowStage stage, int width) {
    this.stage = stage;
    this.width = width;
  }

  /**
   * The stage for rows that may have more columns than it knows.
   *
   * @param width columns that the stage knows
   * @param columns that rows have
   */
  public static RowStage of(RowStage stage, int width, int columns) {
    return columns == width ? stage : new LeadingColumns(stage, width);
  }

  @Override
  public void setup() {
    stage.setup();
  }

  @Override
  public void startBundle() {
    stage.startBundle();
  }

  @Override
  public void process(Tuple row, long eventTimeMicros, StageOutput output) {
    stage.process(Tuple.of(Arrays.copyOf(row.values(), width)), eventTimeMicros, output);
  }

  @Override
  public void finishBundle(StageOutput output) {
    stage.finishBundle(output);
  }
}
