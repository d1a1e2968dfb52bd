package dev.beamline.transform.deduplicate;

import dev.beamline.catalog.Tuple;
import dev.beamline.transform.ErrorRecord;
import dev.beamline.transform.RowStage;
import dev.beamline.transform.StageOutput;
import dev.beamline.transform.window.EventTimes;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Duration;
import org.joda.time.Instant;

/** Hands rows that are elements to a source's stage. */
public final class RowStageFn extends DoFn<Tuple, ErrorRecord> {

  private static final long serialVersionUID = 1L;

  private final RowStage stage;
  private final int time;

  /**
   * Hands over.
   *
   * @param time column of the event time
   */
  public RowStageFn(RowStage stage, int time) {
    this.stage = stage;
    this.time = time;
  }

  @Setup
  public void setup() {
    stage.setup();
  }

  @StartBundle
  public void startBundle() {
    stage.startBundle();
  }

  @ProcessElement
  public void process(@Element Tuple row, MultiOutputReceiver receiver) {
    long micros = row.get(time) instanceof Long known ? known : EventTimes.FIRST_MILLIS * 1000;
    stage.process(
        row,
        micros,
        new StageOutput() {
          @Override
          public <T> void output(TupleTag<T> tag, T element, Instant at) {
            receiver.get(tag).outputWithTimestamp(element, at);
          }
        });
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) {
    stage.finishBundle(
        new StageOutput() {
          @Override
          public <T> void output(TupleTag<T> tag, T element, Instant at) {
            context.output(tag, element, at, GlobalWindow.INSTANCE);
          }
        });
  }

  /**
   * Sums are sent with timestamps within their slices, which began before the row that comes now.
   */
  @Override
  @SuppressWarnings("deprecation") // There is no other way to stamp elements so.
  public Duration getAllowedTimestampSkew() {
    return Duration.millis(EventTimes.LAST_MILLIS - EventTimes.FIRST_MILLIS);
  }
}
