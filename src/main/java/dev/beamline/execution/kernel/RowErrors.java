package dev.beamline.execution.kernel;

import dev.beamline.catalog.Tuple;
import dev.beamline.execution.expression.EvaluationException;

/** What becomes of a row on which an expression fails. */
@FunctionalInterface
public interface RowErrors {

  /** Ends the computation with the error. */
  RowErrors THROW =
      (row, error) -> {
        throw error;
      };

  /**
   * Takes a row that failed; where it returns, the computation goes on without the row.
   *
   * @param row as the failing operator saw it; of a group that failed, its keys
   */
  void failed(Tuple row, EvaluationException error);
}
