package dev.beamline.transform.deduplicate;

import dev.beamline.catalog.Tuple;
import dev.beamline.execution.row.TupleCoder;
import dev.beamline.transform.RowStage;
import dev.beamline.transform.StageOutput;
import dev.beamline.transform.StageOutputs;
import dev.beamline.transform.shard.BlockReader;
import dev.beamline.transform.shard.HeldBlocks;
import dev.beamline.transform.stage.StagingFn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.values.KV;

/**
 * Of all rows of a shard keeps the earliest of those that are copies of each other, and hands what
 * it keeps to the source's stage at once. {@link HoldRows} has brought the rows here.
 */
public final class KeepEarliestFn extends StagingFn<KV<Integer, Iterable<byte[]>>> {

  private static final long serialVersionUID = 1L;

  private final SeenBefore seen;
  private final TupleCoder coder;
  private final Counter duplicates;

  /**
   * Keeps one copy.
   *
   * @param coder of the rows in the blocks, as {@link HoldRows} has it
   */
  public KeepEarliestFn(SeenBefore seen, TupleCoder coder, RowStage stage) {
    super(stage);
    this.seen = seen;
    this.coder = coder;
    this.duplicates = seen.duplicates();
  }

  @ProcessElement
  public void process(@Element KV<Integer, Iterable<byte[]>> shard, MultiOutputReceiver receiver) {
    StageOutput output = StageOutputs.of(receiver);
    for (List<byte[]> part : HeldBlocks.parts(shard.getValue())) {
      keep(part, output);
    }
  }

  private void keep(List<byte[]> part, StageOutput output) {
    // Most rows have no copies: a key's first row stands for itself until a second comes.
    Map<Tuple, Object> byKey = new HashMap<>();
    for (byte[] block : part) {
      BlockReader<Tuple> rows = new BlockReader<>(coder, HeldBlocks.bytes(block));
      while (rows.hasNext()) {
        Tuple row = rows.next();
        if (seen.hasKey(row)) {
          byKey.merge(seen.key(row), row, KeepEarliestFn::both);
        } else {
          keep(row, output);
        }
      }
    }
    for (Object found : byKey.values()) {
      if (found instanceof Copies copies) {
        keepEarliest(copies.rows, output);
      } else {
        keep((Tuple) found, output);
      }
    }
  }

  /** Rows of one key. */
  private record Copies(List<Tuple> rows) {}

  private static Object both(Object known, Object more) {
    Copies copies;
    if (known instanceof Copies already) {
      copies = already;
    } else {
      copies = new Copies(new ArrayList<>(2));
      copies.rows.add((Tuple) known);
    }
    copies.rows.add((Tuple) more);
    return copies;
  }

  private void keepEarliest(List<Tuple> copies, StageOutput output) {
    copies.sort(seen.order());
    long last = 0;
    boolean any = false;
    for (Tuple row : copies) {
      if (any && seen.copies(last, seen.time(row))) {
        duplicates.inc();
      } else {
        any = true;
        last = seen.time(row);
        keep(row, output);
      }
    }
  }

  private void keep(Tuple row, StageOutput output) {
    stage.process(row, seen.time(row), output);
  }
}
