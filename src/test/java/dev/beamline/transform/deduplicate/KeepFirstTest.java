package dev.beamline.transform.deduplicate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.execution.row.TupleCoder;
import dev.beamline.transform.RowStage;
import dev.beamline.transform.StageOutput;
import dev.beamline.transform.shard.ShardBlocks;
import java.time.Duration;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TimestampedValue;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;

/** Records of one minute's allowance for copies, which may be half an hour late. */
final class KeepFirstTest {

  private static final Schema SCHEMA =
      Schema.of(
          Column.of("id", ScalarType.STRING),
          Column.of("ts", ScalarType.TIMESTAMP),
          Column.of("copy", ScalarType.INT64));

  private static final long MINUTE = 60_000;
  private static final TupleTag<Tuple> ROWS = new TupleTag<>("rows");

  private TestStream.Builder<KV<Integer, byte[]>> stream =
      TestStream.create(ShardBlocks.blockCoder()).advanceWatermarkTo(Instant.ofEpochMilli(0));

  private KeepFirstTest row(String id, long minute, long copy) {
    Tuple row = Tuple.of(id, minute * MINUTE * 1000, copy);
    stream =
        stream.addElements(
            TimestampedValue.of(
                ShardBlocks.single(0, TupleCoder.of(SCHEMA), row),
                Instant.ofEpochMilli(minute * MINUTE)));
    return this;
  }

  private KeepFirstTest watermark(long minute) {
    stream = stream.advanceWatermarkTo(Instant.ofEpochMilli(minute * MINUTE));
    return this;
  }

  private static final class Rows implements RowStage {
    private static final long serialVersionUID = 1L;

    @Override
    public void setup() {}

    @Override
    public void startBundle() {}

    @Override
    public void process(Tuple row, long eventTimeMicros, StageOutput output) {
      output.output(ROWS, row, Instant.ofEpochMilli(eventTimeMicros / 1000));
    }

    @Override
    public void finishBundle(StageOutput output) {}
  }

  /** The copies that are kept, as id and number. */
  private void keeps(long duplicates, String... expected) {
    DirectOptions options = PipelineOptionsFactory.create().as(DirectOptions.class);
    options.setRunner(DirectRunner.class);
    Pipeline pipeline = Pipeline.create(options);
    SeenBefore seen = new SeenBefore("s", java.util.List.of(0), 1, MINUTE * 1000, 1);
    TupleCoder coder = TupleCoder.of(SCHEMA);
    PAssert.that(
            pipeline
                .apply(stream.advanceWatermarkToInfinity())
                .apply(
                    ParDo.of(
                            new KeepFirstFn(
                                seen,
                                coder,
                                TupleCoder.of(java.util.List.of(ScalarType.STRING)),
                                new Rows(),
                                Duration.ofMinutes(30)))
                        .withOutputTags(new TupleTag<>("nothing"), TupleTagList.of(ROWS)))
                .get(ROWS)
                .setCoder(coder)
                .apply(
                    org.apache.beam.sdk.transforms.MapElements.into(
                            org.apache.beam.sdk.values.TypeDescriptors.strings())
                        .via(row -> row.get(0) + "" + row.get(2))))
        .containsInAnyOrder(expected);
    PipelineResult result = pipeline.run();
    result.waitUntilFinish();
    long dropped = 0;
    for (MetricResult<Long> counter :
        result.metrics().queryMetrics(MetricsFilter.builder().build()).getCounters()) {
      if (counter.getName().getName().equals("duplicates:s")) {
        dropped += counter.getAttempted();
      }
    }
    assertEquals(duplicates, dropped);
  }

  @Test
  void copiesOnTimeAndLate() {
    // The copy comes when the watermark is half an hour past its time: still told.
    row("a", 5, 1).row("a", 5, 2).watermark(20).row("a", 5, 3).watermark(35).row("a", 5, 4);
    row("b", 40, 1).keeps(3, "a1", "b1");
  }

  @Test
  void aCopyOfAnOlderRecordOfTheSameKeyIsTold() {
    row("a", 5, 1).row("a", 20, 2).row("a", 5, 3).row("a", 50, 4).row("a", 20, 5).row("a", 50, 6);
    watermark(45).row("a", 20, 7).row("a", 5, 8);
    // Nobody knows the record of minute 5 any more.
    watermark(300).row("a", 300, 9).row("a", 5, 10);
    keeps(5, "a1", "a2", "a4", "a9", "a10");
  }

  @Test
  void sameKeyFarApartIsAnotherRecord() {
    row("a", 5, 1).row("a", 6, 2).row("a", 8, 3).row(null, 8, 4).row(null, 8, 5);
    keeps(1, "a1", "a3", "null4", "null5");
  }

  @Test
  void keysAreForgotten() {
    // Long after any query would have taken it: it is too late for all, and no longer told.
    row("a", 5, 1).watermark(120).row("a", 5, 2).keeps(0, "a1", "a2");
  }
}
