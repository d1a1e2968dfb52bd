package dev.beamline.io.files;

import dev.beamline.catalog.Tuple;
import dev.beamline.io.Ledger;
import dev.beamline.io.ScanRequest;
import dev.beamline.io.format.RowShape;
import dev.beamline.transform.ErrorRecord;
import dev.beamline.transform.RowStage;
import dev.beamline.transform.StageOutput;
import java.io.IOException;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.InstantCoder;
import org.apache.beam.sdk.io.range.OffsetRange;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.splittabledofn.ManualWatermarkEstimator;
import org.apache.beam.sdk.transforms.splittabledofn.OffsetRangeTracker;
import org.apache.beam.sdk.transforms.splittabledofn.RestrictionTracker;
import org.apache.beam.sdk.transforms.splittabledofn.SplitResult;
import org.apache.beam.sdk.transforms.splittabledofn.WatermarkEstimators;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Plays files as a stream. Each call takes some records, sends what the stage made of them, and
 * only then lets the watermark move: so what is sent is never late by the stage's own delay.
 */
@DoFn.UnboundedPerElement
final class StreamFn extends DoFn<FilesSource, ErrorRecord> {

  private static final long serialVersionUID = 1L;

  private static final long LONGEST_CALL_NANOS = 500_000_000L;

  private final StreamPace pace;
  private final RowShape shape;
  private final int eventTime;
  private final RowStage stage;
  private final TupleTag<ErrorRecord> errorTag;
  private final String id;
  private final Counter read;
  private final Counter refused;

  StreamFn(StreamPace pace, ScanRequest request, RowShape shape, String name, String id) {
    this.pace = pace;
    this.shape = shape;
    this.eventTime = request.eventTime();
    this.stage = request.stage();
    this.errorTag = request.errors();
    this.id = id;
    this.read = Ledger.counter(Ledger.READ, name);
    this.refused = Ledger.counter(Ledger.REFUSED, name);
  }

  @Setup
  public void setup() {
    stage.setup();
  }

  @GetInitialRestriction
  public OffsetRange initialRestriction() {
    return new OffsetRange(0, Long.MAX_VALUE);
  }

  @GetRestrictionCoder
  public Coder<OffsetRange> restrictionCoder() {
    return OffsetRange.Coder.of();
  }

  @NewTracker
  public RestrictionTracker<OffsetRange, Long> newTracker(@Restriction OffsetRange restriction) {
    return new Tracker(restriction);
  }

  @GetInitialWatermarkEstimatorState
  public Instant initialWatermark() {
    return BoundedWindow.TIMESTAMP_MIN_VALUE;
  }

  @GetWatermarkEstimatorStateCoder
  public Coder<Instant> watermarkCoder() {
    return InstantCoder.of();
  }

  @NewWatermarkEstimator
  public WatermarkEstimators.Manual newWatermarkEstimator(
      @WatermarkEstimatorState Instant watermark) {
    return new WatermarkEstimators.Manual(watermark);
  }

  @ProcessElement
  public ProcessContinuation process(
      @Element FilesSource source,
      RestrictionTracker<OffsetRange, Long> tracker,
      ManualWatermarkEstimator<Instant> watermark,
      MultiOutputReceiver receiver)
      throws IOException {
    StageOutput output =
        new StageOutput() {
          @Override
          public <T> void output(TupleTag<T> tag, T element, Instant timestamp) {
            receiver.get(tag).outputWithTimestamp(element, timestamp);
          }
        };
    StreamCursor cursor =
        StreamCursor.at(id, source, shape, tracker.currentRestriction().getFrom());
    stage.startBundle();
    long began = System.nanoTime();
    long count = 0;
    boolean ended = false;
    boolean stopped = false;
    long sleep = 0;
    while (count < pace.recordsAtOnce()
        && (count % 64 != 0 || System.nanoTime() - began < LONGEST_CALL_NANOS)) {
      sleep = cursor.millisAhead(pace);
      if (sleep > 0) {
        break;
      }
      if (!tracker.tryClaim(cursor.position())) {
        stopped = true;
        break;
      }
      if (!cursor.next()) {
        ended = true;
        break;
      }
      count++;
      Tuple row = cursor.row();
      if (row == null) {
        refused.inc();
        receiver
            .get(errorTag)
            .outputWithTimestamp(cursor.error(), BoundedWindow.TIMESTAMP_MIN_VALUE);
      } else {
        long time = EventTimes.of(row, eventTime);
        cursor.sawEventTime(time);
        stage.process(row, time, output);
      }
    }
    stage.finishBundle(output);
    read.inc(count);
    if (ended) {
      cursor.close();
      tracker.tryClaim(Long.MAX_VALUE);
      watermark.setWatermark(BoundedWindow.TIMESTAMP_MAX_VALUE);
      return ProcessContinuation.stop();
    }
    if (eventTime >= 0 && cursor.newestEventTime() > Long.MIN_VALUE) {
      Instant to =
          Instant.ofEpochMilli(Math.floorDiv(cursor.newestEventTime(), 1000L))
              .minus(org.joda.time.Duration.millis(pace.maxOutOfOrderness().toMillis()));
      if (to.isAfter(watermark.currentWatermark())) {
        watermark.setWatermark(to);
      }
    }
    cursor.rest(id);
    return stopped
        ? ProcessContinuation.stop()
        : ProcessContinuation.resume().withResumeDelay(Duration.millis(sleep));
  }

  /** Stops where the runner wants a checkpoint, but is never cut in two that run side by side. */
  private static final class Tracker extends OffsetRangeTracker {
    Tracker(OffsetRange range) {
      super(range);
    }

    @Override
    public @Nullable SplitResult<OffsetRange> trySplit(double fractionOfRemainder) {
      return fractionOfRemainder > 0 ? null : super.trySplit(fractionOfRemainder);
    }
  }
}
