package dev.beamline.transform;

import dev.beamline.execution.expression.ExpressionCompiler;

/** How workers compile expressions. */
public final class Compilers {

  private Compilers() {}

  public static dev.beamline.execution.aggregate.Aggregator<?> aggregator(
      dev.beamline.plan.AggregateCall call) {
    throw new IllegalArgumentException(call.function());
  }

  public static ExpressionCompiler expressions() {
    return ExpressionCompiler.with(
        (plan, compiler, outer) -> {
          throw new IllegalArgumentException("row subqueries need the local executor");
        });
  }
}
