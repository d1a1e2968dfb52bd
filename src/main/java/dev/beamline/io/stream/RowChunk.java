package dev.beamline.io.stream;

import dev.beamline.catalog.Tuple;
import dev.beamline.transform.ErrorRecord;
import java.util.List;

/**
 * Some records of a stream, decoded, in the order in which they were read.
 *
 * @param rows of the scan's columns
 * @param errors the records that could not be used
 */
public record RowChunk(List<Tuple> rows, List<ErrorRecord> errors) {

  public static final RowChunk EMPTY = new RowChunk(List.of(), List.of());

  public RowChunk {
    rows = List.copyOf(rows);
    errors = List.copyOf(errors);
  }

  /** Records read, good and bad. */
  public int size() {
    return rows.size() + errors.size();
  }
}
