package dev.beamline.transform;

import dev.beamline.catalog.Tuple;
import java.io.Serializable;
import java.util.Objects;

/**
 * One row of a result as a sink gets it.
 *
 * @param row the query's columns, then the pane's: pane_timing STRING, pane_index INT64, is_final
 *     BOOL
 * @param withdrawn whether the row of this key must go (it no longer qualifies): only upsert sinks
 *     look
 * @param sequence grows for a key: where two changes of one key meet, the larger wins
 */
public record Change(Tuple row, boolean withdrawn, long sequence) implements Serializable {

  public Change {
    Objects.requireNonNull(row, "row");
  }
}
