package dev.beamline.pipeline;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.diagnostic.Problems;
import dev.beamline.execution.row.TupleCoder;
import dev.beamline.io.ScanRequest;
import dev.beamline.io.SourceProvider;
import dev.beamline.transform.ErrorRecord;
import dev.beamline.transform.RowStage;
import dev.beamline.transform.StageOutput;
import dev.beamline.transform.window.EventTimes;
import java.util.List;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Duration;
import org.joda.time.Instant;

/** Rows in memory, bounded, or a TestStream of rows. */
final class MemorySource implements SourceProvider {

  private final String name;
  private final Schema schema;
  private final PTransform<PBegin, PCollection<Tuple>> rows;
  private final boolean bounded;

  private MemorySource(
      String name, Schema schema, PTransform<PBegin, PCollection<Tuple>> rows, boolean bounded) {
    this.name = name;
    this.schema = schema;
    this.rows = rows;
    this.bounded = bounded;
  }

  static MemorySource of(String name, Schema schema, List<Tuple> rows) {
    return new MemorySource(name, schema, Create.of(rows).withCoder(TupleCoder.of(schema)), true);
  }

  static MemorySource of(String name, Schema schema, TestStream<Tuple> rows) {
    return new MemorySource(name, schema, rows, false);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean bounded() {
    return bounded;
  }

  @Override
  public void check(Problems problems) {}

  @Override
  public PCollectionTuple read(PBegin begin, ScanRequest request) {
    List<Integer> columns = request.read().names().stream().map(schema::indexOf).toList();
    return begin
        .apply("Rows", rows)
        .apply(
            "Stage",
            ParDo.of(new Feed(request.stage(), columns, request.eventTime()))
                .withOutputTags(request.errors(), request.outputTags()));
  }

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
