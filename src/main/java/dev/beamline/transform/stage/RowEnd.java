package dev.beamline.transform.stage;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.transform.Change;
import dev.beamline.transform.group.GroupInput;
import dev.beamline.transform.group.PaneRows;
import dev.beamline.transform.group.Partial;
import java.io.Serializable;
import java.util.List;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.jspecify.annotations.Nullable;

/** Where the rows of a chain end up. */
public sealed interface RowEnd extends Serializable {

  TupleTag<?> tag();

  /** How rows enter the sums that the chain ends in; null: it ends in none. */
  default @Nullable GroupInput sums() {
    return this instanceof Sums to
        ? to.input()
        : this instanceof ShardedSums sharded ? sharded.input() : null;
  }

  /** As elements, one a row. */
  record Rows(TupleTag<Tuple> tag) implements RowEnd {}

  /**
   * As elements, one a pane with all its rows, behind a node whose panes replace each other.
   *
   * @param schema of the rows
   */
  record PanesOfRows(TupleTag<PaneRows> tag, Schema schema) implements RowEnd {}

  /**
   * As final rows of a query.
   *
   * @param schema the rows as the sink gets them
   * @param panes whether the columns of the pane are part of that
   * @param key columns by which a table keeps one row, so that rows are withdrawn; empty: none are
   */
  record Changes(TupleTag<Change> tag, Schema schema, boolean panes, List<Integer> key)
      implements RowEnd {
    public Changes {
      key = List.copyOf(key);
    }
  }

  /**
   * Summed by group and slice, bounded input only: blocks of sums, coded, by the shard of their
   * group.
   */
  record ShardedSums(
      TupleTag<KV<Integer, byte[]>> tag,
      GroupInput input,
      KvCoder<Tuple, Partial> coder,
      int shards)
      implements RowEnd {}

  /** Summed by group and slice. */
  record Sums(TupleTag<KV<Tuple, Partial>> tag, GroupInput input) implements RowEnd {}
}
