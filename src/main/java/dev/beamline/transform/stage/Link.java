package dev.beamline.transform.stage;

import dev.beamline.catalog.Tuple;

/** A step of a chain, compiled, with the rest of the chain behind it. */
interface Link {

  /**
   * @throws dev.beamline.execution.expression.EvaluationException where the row is in error
   */
  void accept(Tuple row);
}
