package dev.beamline.transform.stage;

import dev.beamline.catalog.Schema;
import dev.beamline.transform.ErrorRecord;
import java.io.Serializable;
import java.util.List;
import org.apache.beam.sdk.values.TupleTag;

/**
 * A chain of row operators of one query.
 *
 * @param query whose operators they are: errors and counters carry this name
 * @param input columns of the rows that enter, to show a row that fails
 * @param counted whether rows that enter count as the query's input in the ledger
 * @param timed whether those that come late to a group count in the ledger
 * @param errors where rows go that fail in an expression
 */
public record RowProgram(
    String query,
    Schema input,
    List<RowStep> steps,
    RowEnd end,
    boolean counted,
    boolean timed,
    TupleTag<ErrorRecord> errors)
    implements Serializable {

  public RowProgram {
    steps = List.copyOf(steps);
  }
}
