package dev.beamline.pipeline.run;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.Schema;
import dev.beamline.diagnostic.Problems;
import dev.beamline.execution.row.TupleCoder;
import dev.beamline.io.ScanRequest;
import dev.beamline.io.SourceProvider;
import dev.beamline.transform.ErrorRecord;
import dev.beamline.transform.RowStage;
import dev.beamline.transform.deduplicate.HoldRows;
import dev.beamline.transform.deduplicate.KeepEarliestFn;
import dev.beamline.transform.deduplicate.KeepFirstFn;
import dev.beamline.transform.deduplicate.LeadingColumns;
import dev.beamline.transform.deduplicate.SeenBefore;
import dev.beamline.transform.deduplicate.ShardRows;
import dev.beamline.transform.deduplicate.TimedBlocks;
import dev.beamline.transform.shard.ShardBlocks;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;

/** A source without its copies: rows become elements, are told apart, and then go to the stage. */
final class DeduplicatedSource implements SourceProvider {

  private final SourceProvider source;
  private final Schema columns;
  private final String eventTime;
  private final List<String> by;
  private final Duration within;
  private final Duration memory;
  private final int shards;
  private final long mostHeld;

  /**
   * Wraps a source.
   *
   * @param columns all that it has
   * @param by the columns that are the same in a copy
   * @param within how far apart in event time copies may be
   * @param memory how long a record is remembered behind the time within which copies are told
   * @param shards how many parts the keys are spread over
   * @param mostHeld bytes of bounded input that a worker holds in memory; more go to files, which
   *     only a worker of the same machine can read
   */
  DeduplicatedSource(
      SourceProvider source,
      Schema columns,
      String eventTime,
      List<String> by,
      Duration within,
      Duration memory,
      int shards,
      long mostHeld) {
    this.source = source;
    this.columns = columns;
    this.eventTime = eventTime;
    this.by = List.copyOf(by);
    this.within = within;
    this.memory = memory;
    this.shards = shards;
    this.mostHeld = mostHeld;
  }

  @Override
  public String name() {
    return source.name();
  }

  @Override
  public boolean bounded() {
    return source.bounded();
  }

  @Override
  public boolean ends() {
    return source.ends();
  }

  @Override
  public void check(Problems problems) {
    source.check(problems);
  }

  @Override
  public void prepare() throws IOException {
    source.prepare();
  }

  @Override
  public PCollectionTuple read(PBegin begin, ScanRequest request) {
    List<Column> read = new ArrayList<>(request.read().columns());
    int time = place(read, eventTime);
    List<Integer> key = by.stream().map(column -> place(read, column)).toList();
    Schema schema = new Schema(read);
    SeenBefore seen = new SeenBefore(name(), key, time, within.toNanos() / 1000, shards);
    return bounded() ? all(begin, request, schema, seen) : stream(begin, request, schema, seen);
  }

  private PCollectionTuple all(PBegin begin, ScanRequest request, Schema schema, SeenBefore seen) {
    TupleCoder coder = TupleCoder.of(schema);
    TupleTag<KV<Integer, byte[]>> blocks = new TupleTag<>("rows");
    PCollectionTuple found =
        source.read(
            begin,
            new ScanRequest(
                schema,
                seen.time(),
                new HoldRows(blocks, seen, coder, mostHeld),
                List.of(blocks),
                request.errors()));
    return found
        .get(blocks)
        .setCoder(ShardBlocks.blockCoder())
        .apply("Group", GroupByKey.create())
        .apply(
            "KeepEarliest",
            ParDo.of(new KeepEarliestFn(seen, coder, stage(request, schema)))
                .withOutputTags(new TupleTag<ErrorRecord>("nothing"), request.outputTags()))
        .and(request.errors(), found.get(request.errors()));
  }

  private PCollectionTuple stream(
      PBegin begin, ScanRequest request, Schema schema, SeenBefore seen) {
    TupleCoder coder = TupleCoder.of(schema);
    TupleCoder keyCoder = TupleCoder.of(seen.key().stream().map(schema::type).toList());
    TupleTag<KV<Integer, byte[]>> blocks = new TupleTag<>("rows");
    PCollectionTuple found =
        source.read(
            begin,
            new ScanRequest(
                schema,
                seen.time(),
                new TimedBlocks(new ShardRows(blocks, seen, coder)),
                List.of(blocks),
                request.errors()));
    return found
        .get(blocks)
        .setCoder(ShardBlocks.blockCoder())
        .apply(
            "KeepFirst",
            ParDo.of(new KeepFirstFn(seen, coder, keyCoder, stage(request, schema), memory))
                .withOutputTags(new TupleTag<ErrorRecord>("nothing"), request.outputTags()))
        .and(request.errors(), found.get(request.errors()));
  }

  private static RowStage stage(ScanRequest request, Schema schema) {
    return LeadingColumns.of(request.stage(), request.read().size(), schema.size());
  }

  /** Where a column is among those that are read, which it joins where it is not there yet. */
  private int place(List<Column> read, String column) {
    int known = new Schema(read).indexOf(column);
    if (known >= 0) {
      return known;
    }
    read.add(columns.column(columns.indexOf(column)));
    return read.size() - 1;
  }
}
