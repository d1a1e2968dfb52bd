package dev.beamline.transform;

import dev.beamline.execution.expression.ExpressionCompiler;
import dev.beamline.execution.local.LocalExecutor;

/** How workers compile expressions. */
public final class Compilers {

  private Compilers() {}

  /** A compiler that runs row subqueries. */
  public static ExpressionCompiler expressions() {
    return ExpressionCompiler.with(LocalExecutor.SUBQUERIES);
  }
}
