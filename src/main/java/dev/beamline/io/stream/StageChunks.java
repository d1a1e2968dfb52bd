package dev.beamline.io.stream;

import dev.beamline.catalog.Tuple;
import dev.beamline.io.Ledger;
import dev.beamline.io.ScanRequest;
import dev.beamline.transform.ErrorRecord;
import dev.beamline.transform.RowStage;
import dev.beamline.transform.StageOutput;
import dev.beamline.transform.window.EventTimes;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Duration;
import org.joda.time.Instant;

/** Hands the rows of chunks to a scan's stage, and their errors to the error output. */
public final class StageChunks extends PTransform<PCollection<RowChunk>, PCollectionTuple> {

  private static final long serialVersionUID = 1L;

  private final String source;
  private final transient ScanRequest request;

  /**
   * Hands them over.
   *
   * @param source the source's name, under which records are counted
   */
  public StageChunks(String source, ScanRequest request) {
    this.source = source;
    this.request = request;
  }

  @Override
  public PCollectionTuple expand(PCollection<RowChunk> chunks) {
    return chunks.apply(
        "Stage",
        ParDo.of(new StageFn(source, request))
            .withOutputTags(request.errors(), request.outputTags()));
  }

  static final class StageFn extends DoFn<RowChunk, ErrorRecord> {

    private static final long serialVersionUID = 1L;

    private final int eventTime;
    private final RowStage stage;
    private final TupleTag<ErrorRecord> errorTag;
    private final Counter read;
    private final Counter refused;

    StageFn(String source, ScanRequest request) {
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
      stage.startBundle();
    }

    @ProcessElement
    public void process(@Element RowChunk chunk, MultiOutputReceiver receiver) {
      StageOutput output =
          new StageOutput() {
            @Override
            public <T> void output(TupleTag<T> tag, T element, Instant timestamp) {
              receiver.get(tag).outputWithTimestamp(element, timestamp);
            }
          };
      for (Tuple row : chunk.rows()) {
        stage.process(row, time(row), output);
      }
      for (ErrorRecord error : chunk.errors()) {
        receiver.get(errorTag).outputWithTimestamp(error, BoundedWindow.TIMESTAMP_MIN_VALUE);
      }
      read.inc(chunk.size());
      refused.inc(chunk.errors().size());
    }

    private long time(Tuple row) {
      return eventTime >= 0 && row.get(eventTime) instanceof Long micros
          ? micros
          : ScanRequest.NO_EVENT_TIME;
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

    /** A chunk is stamped with the watermark that it came under; its rows with their own times. */
    @Override
    @SuppressWarnings("deprecation") // There is no other way to stamp elements so.
    public Duration getAllowedTimestampSkew() {
      return Duration.millis(EventTimes.LAST_MILLIS - EventTimes.FIRST_MILLIS);
    }
  }
}
