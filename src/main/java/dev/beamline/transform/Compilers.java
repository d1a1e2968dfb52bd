package dev.beamline.transform;

import dev.beamline.execution.aggregate.Aggregator;
import dev.beamline.execution.aggregate.AggregatorFactory;
import dev.beamline.execution.expression.ExpressionCompiler;
import dev.beamline.plan.AggregateCall;

/** How workers compile expressions. */
public final class Compilers {

  private Compilers() {}

  /** An aggregator whose expressions may hold subqueries. */
  public static Aggregator<?> aggregator(AggregateCall call) {
    return AggregatorFactory.create(call, expressions()::evaluator);
  }

  public static ExpressionCompiler expressions() {
    return ExpressionCompiler.with(
        (plan, compiler, outer) -> {
          throw new IllegalArgumentException("row subqueries need the local executor");
        });
  }
}
