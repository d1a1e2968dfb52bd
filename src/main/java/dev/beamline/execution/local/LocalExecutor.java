package dev.beamline.execution.local;

import dev.beamline.catalog.Tuple;
import dev.beamline.execution.expression.ExpressionCompiler;
import dev.beamline.execution.expression.OuterRow;
import dev.beamline.execution.expression.SubqueryRunner;
import dev.beamline.execution.kernel.RowErrors;
import dev.beamline.plan.Plan;
import java.util.List;

/**
 * Runs plans over rows in memory, with the meaning that they have in batch: all rows are there,
 * each window is complete. What SQL leaves open (which of equal rows a LIMIT keeps, the order of an
 * array) is decided as everywhere else, so the result is always the same bag of rows.
 */
public final class LocalExecutor {

  /** Runs subqueries inside a row: for {@link ExpressionCompiler#with}. */
  public static final SubqueryRunner SUBQUERIES = new RowSubqueries();

  private final SourceRows sources;
  private final RowErrors errors;

  /**
   * An executor.
   *
   * @param errors what becomes of rows on which an expression fails
   */
  public LocalExecutor(SourceRows sources, RowErrors errors) {
    this.sources = sources;
    this.errors = errors;
  }

  /**
   * The rows of a plan: in its order where it ends in a sort, else in no order that means anything.
   *
   * @throws dev.beamline.execution.expression.EvaluationException where a row fails and the errors'
   *     policy is to throw; always where a scalar subquery has more than one row
   */
  public List<Tuple> run(Plan plan) {
    ExpressionCompiler compiler = ExpressionCompiler.with(SUBQUERIES);
    return new OperatorCompiler(sources, compiler, errors).compile(plan).rows();
  }

  /** Subqueries read no sources, and an error in one is an error of the row around it. */
  private static final class RowSubqueries implements SubqueryRunner {
    @Override
    public Rows compile(Plan plan, ExpressionCompiler compiler, OuterRow outer) {
      Operator operator =
          new OperatorCompiler(SourceRows.NONE, compiler, RowErrors.THROW).compile(plan);
      return operator::run;
    }
  }
}
