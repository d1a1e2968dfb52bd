package dev.beamline.execution.expression;

import dev.beamline.catalog.Tuple;
import dev.beamline.plan.Plan;
import java.util.Iterator;

/** Runs the plans of row subqueries; the executor of plans implements it. */
public interface SubqueryRunner {

  /**
   * Compiles a subquery once.
   *
   * @param outer where the plan's outer columns find their rows; expressions of the plan are
   *     compiled by {@link ExpressionCompiler#inside(OuterRow)}
   */
  Rows compile(Plan plan, ExpressionCompiler compiler, OuterRow outer);

  /** A compiled subquery. */
  interface Rows {
    /**
     * Runs it for the outer row that is set now. The rows may be computed as they are asked for.
     */
    Iterator<Tuple> iterate();
  }
}
