package dev.beamline.io.record;

import dev.beamline.catalog.Tuple;
import dev.beamline.io.ScanFn;
import dev.beamline.io.ScanRequest;
import dev.beamline.transform.StageOutput;
import dev.beamline.transform.StageOutputs;
import java.util.Objects;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Instant;

/** Hands the rows of records to a scan's stage, and their errors to the error output. */
public final class StageRecordsFn extends ScanFn<DecodedRecord> {

  private static final long serialVersionUID = 1L;

  private Instant earliest = BoundedWindow.TIMESTAMP_MAX_VALUE;

  public StageRecordsFn(String source, ScanRequest request) {
    super(source, request);
  }

  @Override
  @StartBundle
  public void startBundle() {
    earliest = BoundedWindow.TIMESTAMP_MAX_VALUE;
    super.startBundle();
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
      refuse(Objects.requireNonNull(record.error()), receiver);
      return;
    }
    stage.process(row, time(row), notBehind(StageOutputs.of(receiver)));
  }

  @Override
  @FinishBundle
  public void finishBundle(FinishBundleContext context) {
    stage.finishBundle(notBehind(StageOutputs.of(context)));
  }

  /**
   * What belongs to a window that has closed is stamped as its message was, which the watermark
   * waits for: else it might be given up while it is on its way.
   */
  private StageOutput notBehind(StageOutput output) {
    Instant least = earliest;
    return new StageOutput() {
      @Override
      public <T> void output(TupleTag<T> tag, T element, Instant timestamp) {
        output.output(tag, element, timestamp.isBefore(least) ? least : timestamp);
      }
    };
  }
}
