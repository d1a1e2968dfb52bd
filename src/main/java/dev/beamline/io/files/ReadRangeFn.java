package dev.beamline.io.files;

import dev.beamline.catalog.Tuple;
import dev.beamline.io.Ledger;
import dev.beamline.io.ScanRequest;
import dev.beamline.io.format.BadRecord;
import dev.beamline.io.format.RecordReader;
import dev.beamline.io.format.RowShape;
import dev.beamline.transform.ErrorRecord;
import dev.beamline.transform.RowStage;
import dev.beamline.transform.StageOutput;
import java.io.IOException;
import java.util.Objects;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Instant;

/** Reads a range of a file and hands each row to the stage: no element a record. */
final class ReadRangeFn extends DoFn<FileRange, ErrorRecord> {

  private static final long serialVersionUID = 1L;

  /** Progress is counted in such steps. */
  private static final int COUNT_STEP = 8192;

  private final FilesSource source;
  private final RowShape shape;
  private final int eventTime;
  private final RowStage stage;
  private final TupleTag<ErrorRecord> errorTag;
  private final Counter read;
  private final Counter refused;

  ReadRangeFn(FilesSource source, ScanRequest request, RowShape shape) {
    this.source = source;
    this.shape = shape;
    this.eventTime = request.eventTime();
    this.stage = request.stage();
    this.errorTag = request.errors();
    this.read = Ledger.counter(Ledger.READ, source.name());
    this.refused = Ledger.counter(Ledger.REFUSED, source.name());
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
  public void process(@Element FileRange range, MultiOutputReceiver receiver) throws IOException {
    StageOutput output =
        new StageOutput() {
          @Override
          public <T> void output(TupleTag<T> tag, T element, Instant timestamp) {
            receiver.get(tag).outputWithTimestamp(element, timestamp);
          }
        };
    ErrorRecords errors = new ErrorRecords(source.name(), range);
    int count = 0;
    try (RecordReader records = range.open(source, shape)) {
      while (records.next()) {
        if (++count == COUNT_STEP) {
          read.inc(count);
          count = 0;
        }
        Tuple row = records.row();
        if (row == null) {
          BadRecord bad = Objects.requireNonNull(records.bad());
          refused.inc();
          receiver
              .get(errorTag)
              .outputWithTimestamp(errors.of(bad), BoundedWindow.TIMESTAMP_MIN_VALUE);
        } else {
          stage.process(row, RowTimes.of(row, eventTime), output);
        }
      }
    }
    read.inc(count);
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) {
    stage.finishBundle(
        new StageOutput() {
          @Override
          public <T> void output(TupleTag<T> tag, T element, Instant timestamp) {
            context.output(tag, element, timestamp, GlobalWindow.INSTANCE);
          }
        });
  }
}
