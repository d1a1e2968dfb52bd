package dev.beamline.testing.simulation;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.diagnostic.Problems;
import dev.beamline.io.ScanRequest;
import dev.beamline.io.SourceProvider;
import dev.beamline.transform.ErrorRecord;
import dev.beamline.transform.RowStage;
import dev.beamline.transform.StageOutput;
import dev.beamline.transform.window.EventTimes;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * A source whose rows come from a simulation, decoded already.
 *
 * @param columns of the rows
 */
public record SimulatedSource(String name, Schema columns, boolean bounded)
    implements SourceProvider {

  @Override
  public void check(Problems problems) {
    // Rows in memory are always there.
  }

  @Override
  public PCollectionTuple read(PBegin begin, ScanRequest request) {
    List<Integer> read = request.read().names().stream().map(columns::indexOf).toList();
    return begin
        .apply("Rows", new SimulatedInput(name, columns, bounded))
        .apply(
            "Stage",
            ParDo.of(new Feed(request.stage(), read, request.eventTime()))
                .withOutputTags(request.errors(), request.outputTags()));
  }

  /** Hands the columns that are read to the stage. */
  static final class Feed extends DoFn<Tuple, ErrorRecord> {
    private static final long serialVersionUID = 1L;

    private final RowStage stage;
    private final List<Integer> columns;
    private final int eventTime;

    Feed(RowStage stage, List<Integer> columns, int eventTime) {
      this.stage = stage;
      this.columns = columns;
      this.eventTime = eventTime;
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
      Tuple read = Tuple.of(columns.stream().map(row::get).toArray());
      long time =
          eventTime >= 0 && read.get(eventTime) instanceof Long micros
              ? micros
              : ScanRequest.NO_EVENT_TIME;
      stage.process(
          read,
          time,
          new StageOutput() {
            @Override
            public <T> void output(TupleTag<T> tag, T element, Instant timestamp) {
              receiver.get(tag).outputWithTimestamp(element, timestamp);
            }
          });
    }

    @FinishBundle
    public void finish(FinishBundleContext context) {
      stage.finishBundle(
          new StageOutput() {
            @Override
            public <T> void output(TupleTag<T> tag, T element, Instant timestamp) {
              context.output(tag, element, timestamp, GlobalWindow.INSTANCE);
            }
          });
    }

    @Override
    @SuppressWarnings("deprecation") // There is no other way to stamp elements so.
    public Duration getAllowedTimestampSkew() {
      return Duration.millis(EventTimes.LAST_MILLIS - EventTimes.FIRST_MILLIS);
    }
  }
}
