package dev.beamline.transform.deduplicate;

import dev.beamline.catalog.Tuple;
import dev.beamline.execution.row.TupleCoder;
import dev.beamline.transform.RowStage;
import dev.beamline.transform.StageOutput;
import dev.beamline.transform.shard.ShardBlocks;
import java.util.Objects;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.jspecify.annotations.Nullable;

/** A stage that sends rows in blocks without a time, copies to the same shard. */
public final class ShardRows implements RowStage {

  private static final long serialVersionUID = 1L;

  private final TupleTag<KV<Integer, byte[]>> tag;
  private final SeenBefore seen;
  private final TupleCoder coder;
  private transient @Nullable ShardBlocks<Tuple> blocks;

  public ShardRows(TupleTag<KV<Integer, byte[]>> tag, SeenBefore seen, TupleCoder coder) {
    this.tag = tag;
    this.seen = seen;
    this.coder = coder;
  }

  @Override
  public void setup() {
    blocks = new ShardBlocks<>(tag, coder, seen.shards());
  }

  @Override
  public void startBundle() {
    blocks().clear();
  }

  @Override
  public void process(Tuple row, long eventTimeMicros, StageOutput output) {
    blocks().add(seen.shard(row), row, output);
  }

  @Override
  public void finishBundle(StageOutput output) {
    blocks().flush(output);
  }

  private ShardBlocks<Tuple> blocks() {
    return Objects.requireNonNull(blocks, "not set up");
  }
}
