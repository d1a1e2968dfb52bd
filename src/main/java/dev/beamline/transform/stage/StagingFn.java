package dev.beamline.transform.stage;

import dev.beamline.transform.ErrorRecord;
import dev.beamline.transform.RowStage;
import dev.beamline.transform.StageOutputs;
import org.apache.beam.sdk.transforms.DoFn;
import org.joda.time.Duration;

/**
 * A step that hands rows to a stage: it sets the stage up, and tells it where bundles begin and
 * end. The rows are its subclass's matter.
 *
 * @param <T> what the rows come in
 */
public abstract class StagingFn<T> extends DoFn<T, ErrorRecord> {

  private static final long serialVersionUID = 1L;

  /** What is done with each row. */
  protected final RowStage stage;

  protected StagingFn(RowStage stage) {
    this.stage = stage;
  }

  @Setup
  public void setup() {
    stage.setup();
  }

  @StartBundle
  public void startBundle() {
    stage.startBundle();
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) {
    stage.finishBundle(StageOutputs.of(context));
  }

  /**
   * Sums are sent with timestamps within their slices, which began before the row that comes now.
   */
  @Override
  @SuppressWarnings("deprecation") // There is no other way to stamp elements so.
  public Duration getAllowedTimestampSkew() {
    return StageOutputs.ANY_SKEW;
  }
}
