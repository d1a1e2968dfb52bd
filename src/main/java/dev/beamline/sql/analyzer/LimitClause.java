package dev.beamline.sql.analyzer;

import dev.beamline.catalog.ScalarType;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.execution.expression.ConstantFolding;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Plan;
import dev.beamline.plan.PlanTraits;
import dev.beamline.plan.SortKey;
import dev.beamline.sql.ast.SqlExpression;
import dev.beamline.sql.ast.SqlQuery;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** LIMIT and OFFSET of a query. */
final class LimitClause {

  private final Compilation compilation;
  private final ExpressionAnalyzer expressions;
  private final @Nullable SqlExpression limit;
  private final @Nullable SqlExpression offset;
  private long count = Long.MAX_VALUE;
  private long skip;
  private boolean failed;

  LimitClause(Compilation compilation, ExpressionAnalyzer expressions, SqlQuery query) {
    this(compilation, expressions, query.limit(), query.offset());
  }

  private LimitClause(
      Compilation compilation,
      ExpressionAnalyzer expressions,
      @Nullable SqlExpression limit,
      @Nullable SqlExpression offset) {
    this.compilation = compilation;
    this.expressions = expressions;
    this.limit = limit;
    this.offset = offset;
  }

  /** No limit. */
  static LimitClause none(Compilation compilation, ExpressionAnalyzer expressions) {
    return new LimitClause(compilation, expressions, null, null);
  }

  boolean present() {
    return limit != null || offset != null;
  }

  boolean failed() {
    return failed;
  }

  long count() {
    return count;
  }

  long skip() {
    return skip;
  }

  void resolve() {
    if (limit != null) {
      count = constant(limit, "LIMIT");
    }
    if (offset != null) {
      skip = constant(offset, "OFFSET");
    }
  }

  /** The number that a constant gives rows by; null: it is none, or negative. */
  static @Nullable Long count(Typed value) {
    return !value.isError()
            && ConstantFolding.fold(value.expression()) instanceof Expression.Literal literal
            && literal.value() instanceof Long number
            && number >= 0
        ? number
        : null;
  }

  private long constant(SqlExpression expression, String clause) {
    Typed value =
        expressions
            .functions()
            .require(
                expressions.analyze(expression, Env.plain(Scope.empty(null), clause, null)),
                ScalarType.INT64,
                clause);
    Long number = count(value);
    if (number != null) {
      return number;
    }
    if (!value.isError()) {
      compilation.error(
          DiagnosticCode.SQL_INVALID,
          expression.place(),
          clause + " must be a constant that is not negative");
    }
    failed = true;
    return 0;
  }

  /**
   * The first rows in the order: of each window where rows are in windows, else of all. Which rows
   * these are without an order is not determined.
   */
  Plan apply(Compilation shared, Plan plan, List<SortKey> order) {
    if (!present()) {
      return plan;
    }
    SqlExpression place = limit == null ? offset : limit;
    if (order.isEmpty() && place != null && count > 0) {
      Determinism.report(shared, "LIMIT without ORDER BY", place.place());
    }
    PlanTraits traits = PlanTraits.of(plan);
    boolean byWindow =
        traits.windowed() && !(shared.context().adHoc() && shared.windowPlace() == null);
    List<Integer> partition =
        byWindow
            ? List.of(traits.starts().iterator().next(), traits.ends().iterator().next())
            : List.of();
    Plan limited = new Plan.Limit(plan, partition, order, count, skip);
    return place == null ? limited : shared.at(limited, place.place());
  }
}
