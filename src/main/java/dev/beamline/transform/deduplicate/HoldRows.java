package dev.beamline.transform.deduplicate;

import dev.beamline.catalog.Tuple;
import dev.beamline.execution.row.TupleCoder;
import dev.beamline.transform.RowStage;
import dev.beamline.transform.StageOutput;
import dev.beamline.transform.shard.HeldBlocks;
import dev.beamline.transform.shard.ShardBlocks;
import dev.beamline.transform.shard.Shards;
import java.util.Objects;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.jspecify.annotations.Nullable;

/**
 * A stage that holds all rows of bounded input, copies in the same part of the same shard, for
 * {@link KeepEarliestFn}.
 */
public final class HoldRows implements RowStage {

  private static final long serialVersionUID = 1L;

  /** Of all shards together: as many fewer rows are looked at at a time. */
  private static final int PARTS = 64;

  private final TupleTag<KV<Integer, byte[]>> tag;
  private final SeenBefore seen;
  private final TupleCoder coder;
  private final long most;
  private transient @Nullable ShardBlocks<Tuple> blocks;

  /**
   * Holds rows.
   *
   * @param most bytes of a worker's rows that stay in memory; the others go to temporary files
   */
  public HoldRows(TupleTag<KV<Integer, byte[]>> tag, SeenBefore seen, TupleCoder coder, long most) {
    this.tag = tag;
    this.seen = seen;
    this.coder = coder;
    this.most = most;
  }

  @Override
  public void setup() {
    blocks = HeldBlocks.gather(tag, coder, seen.shards(), parts(), most);
  }

  @Override
  public void startBundle() {
    blocks().clear();
  }

  @Override
  public void process(Tuple row, long eventTimeMicros, StageOutput output) {
    blocks().add(Shards.of(seen.key(row), seen.shards() * parts()), row, output);
  }

  @Override
  public void finishBundle(StageOutput output) {
    blocks().flush(output);
  }

  private int parts() {
    return Math.max(1, PARTS / seen.shards());
  }

  private ShardBlocks<Tuple> blocks() {
    return Objects.requireNonNull(blocks, "not set up");
  }
}
