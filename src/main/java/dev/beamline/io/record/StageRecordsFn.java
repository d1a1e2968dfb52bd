package dev.beamline.io.record;

import dev.beamline.catalog.Tuple;
import dev.beamline.io.Ledger;
import dev.beamline.io.ScanRequest;
import dev.beamline.transform.ErrorRecord;
import dev.beamline.transform.RowStage;
import dev.beamline.transform.StageOutput;
import dev.beamline.transform.window.EventTimes;
import java.util.Objects;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Duration;
import org.joda.time.Instant;

/** Hands the rows of records to a scan's stage, and their errors to the error output. */
public final class StageRecordsFn extends DoFn<DecodedRecord, ErrorRecord> {

  private static final long serialVersionUID = 1L;

  private final int eventTime;
  private final RowStage stage;
  private final TupleTag<ErrorRecord> errorTag;
  private final Counter read;
  private final Counter refused;
  private Instant earliest = BoundedWindow.TIMESTAMP_MAX_VALUE;

  public StageRecordsFn(String source, ScanRequest request) {
    this.eventTime = request.eventTime();
    this.stage = request.stage();
    this.errorTag = request.errors();
    this.read = Ledger.counter(Ledger.READ, source);
    this.refused = Ledger.counter(Ledger.REFUSED, source);
  }

  @Setup
  public void setup() {
    stage.setup();
  }

  @StartBundle
  public void startBundle() {
    earliest = BoundedWindow.TIMESTAMP_MAX_VALUE;
    stage.startBundle();
  }

  @ProcessElement
  public void process(
      @Element DecodedRecord record, @Timestamp Instant timestamp, MultiOutputReceiver receiver) {
    read.inc();
    if (timestamp.isBefore(earliest)) {
      earliest = timestamp;
    }
    Tuple row = record.row();
    if (row == null) {
      refused.inc();
      receiver
          .get(errorTag)
          .outputWithTimestamp(
              Objects.requireNonNull(record.error()), BoundedWindow.TIMESTAMP_MIN_VALUE);
      return;
    }
    long time =
        eventTime >= 0 && row.get(eventTime) instanceof Long micros
            ? micros
            : ScanRequest.NO_EVENT_TIME;
    stage.process(
        row,
        time,
        new StageOutput() {
          @Override
          public <T> void output(TupleTag<T> tag, T element, Instant sent) {
            receiver.get(tag).outputWithTimestamp(element, notBehind(sent));
          }
        });
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) {
    stage.finishBundle(
        new StageOutput() {
          @Override
          public <T> void output(TupleTag<T> tag, T element, Instant timestamp) {
            context.output(tag, element, notBehind(timestamp), GlobalWindow.INSTANCE);
          }
        });
  }

  /**
   * What belongs to a window that has closed is stamped as its message was, which the watermark
   * waits for: else it might be given up while it is on its way.
   */
  private Instant notBehind(Instant timestamp) {
    return timestamp.isBefore(earliest) ? earliest : timestamp;
  }

  /** Sums are stamped inside their slices, which may begin before the row that comes now. */
  @Override
  @SuppressWarnings("deprecation") // There is no other way to stamp elements so.
  public Duration getAllowedTimestampSkew() {
    return Duration.millis(EventTimes.LAST_MILLIS - EventTimes.FIRST_MILLIS);
  }
}
