package dev.beamline.execution.function;

import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Problems;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Plan;
import dev.beamline.plan.QueryPlan;
import dev.beamline.sql.SqlCompiler;
import dev.beamline.sql.analyzer.SqlContext;
import java.util.Map;
import java.util.Optional;

/** Makes plan expressions of constant SQL expressions, as a query's only column. */
final class SqlExpressions {

  private SqlExpressions() {}

  /** What validation refuses. */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }

  static Expression of(String sql) {
    Problems problems = new Problems();
    Optional<QueryPlan> plan =
        SqlCompiler.compile(
            "test", "test.sql", "SELECT " + sql, SqlContext.of(Map.of()).withAdHoc(true), problems);
    if (plan.isEmpty()) {
      Diagnostic first = problems.sorted().get(0);
      boolean literal = first.code() == DiagnosticCode.SQL_INVALID_LITERAL;
      throw new Refused(literal ? "refused: " + first.message() : "refused");
    }
    return only(plan.get().plan(), 0);
  }

  private static Expression only(Plan plan, int column) {
    if (plan instanceof Plan.Calc calc) {
      Expression projection = calc.projections().get(column);
      return projection instanceof Expression.InputColumn input
          ? only(calc.input(), input.index())
          : projection;
    } else if (plan instanceof Plan.ConstantRows rows) {
      return new Expression.Literal(rows.rows().get(0).get(column), rows.schema().type(column));
    }
    throw new IllegalArgumentException("more than an expression: " + plan);
  }
}
