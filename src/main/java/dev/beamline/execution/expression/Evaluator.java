package dev.beamline.execution.expression;

import dev.beamline.catalog.Tuple;
import org.jspecify.annotations.Nullable;

/** A compiled expression. Not serializable: workers compile it from the plan's expression. */
@FunctionalInterface
public interface Evaluator {

  /**
   * The value over the row, in the Java form that {@link dev.beamline.catalog.Type} documents.
   *
   * @throws EvaluationException where SQL says error (a cast, a division by zero, an overflow)
   */
  @Nullable Object evaluate(Tuple row);
}
