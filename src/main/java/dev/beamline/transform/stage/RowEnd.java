package dev.beamline.transform.stage;

import dev.beamline.catalog.Tuple;
import dev.beamline.transform.Change;
import dev.beamline.transform.group.GroupInput;
import dev.beamline.transform.group.Partial;
import java.io.Serializable;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;

/** Where the rows of a chain end up. */
public sealed interface RowEnd extends Serializable {

  TupleTag<?> tag();

  /** As elements, one a row. */
  record Rows(TupleTag<Tuple> tag) implements RowEnd {}

  /**
   * As final rows of a query.
   *
   * @param panes whether the columns of the pane follow: such a row is ON_TIME, the first, final
   */
  record Changes(TupleTag<Change> tag, boolean panes) implements RowEnd {}

  /** Summed by group and slice. */
  record Sums(TupleTag<KV<Tuple, Partial>> tag, GroupInput input) implements RowEnd {}
}
