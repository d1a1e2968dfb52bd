package dev.beamline.sql.analyzer;

import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Type;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Place;
import dev.beamline.execution.aggregate.AggregateCatalog;
import dev.beamline.plan.AnalyticCall;
import dev.beamline.plan.Expression;
import dev.beamline.plan.SortKey;
import dev.beamline.sql.ast.SqlExpression;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Calls with OVER. */
final class AnalyticCalls {

  /** They number or compare rows, so that an order is needed and a frame is not allowed. */
  private static final Set<String> ORDERED =
      Set.of("RANK", "DENSE_RANK", "PERCENT_RANK", "CUME_DIST", "NTILE", "LAG", "LEAD");

  private static final Set<String> FRAMELESS =
      Set.of(
          "ROW_NUMBER",
          "RANK",
          "DENSE_RANK",
          "PERCENT_RANK",
          "CUME_DIST",
          "NTILE",
          "LAG",
          "LEAD",
          "PERCENTILE_CONT",
          "PERCENTILE_DISC");

  private static final Set<String> UNORDERED = Set.of("PERCENTILE_CONT", "PERCENTILE_DISC");

  private final Compilation compilation;
  private final ExpressionAnalyzer expressions;
  private final AggregateCalls aggregates;

  AnalyticCalls(
      Compilation compilation, ExpressionAnalyzer expressions, AggregateCalls aggregates) {
    this.compilation = compilation;
    this.expressions = expressions;
    this.aggregates = aggregates;
  }

  Typed call(SqlExpression.Call call, Env env) {
    String name = call.name().toUpperCase(Locale.ROOT);
    Analytics analytics = env.analytics();
    if (analytics == null) {
      compilation.error(
          DiagnosticCode.SQL_INVALID,
          call.place(),
          "analytic function " + name + " is not allowed in " + env.clause(),
          env.clause().equals("WHERE") || env.clause().equals("HAVING")
              ? "write the condition in QUALIFY"
              : "compute it in a subquery");
      return Typed.error(call.place());
    }
    if (!AggregateCatalog.contains(name) && !AnalyticSignatures.contains(name)) {
      compilation.error(
          DiagnosticCode.SQL_UNKNOWN_FUNCTION,
          call.place(),
          "there is no analytic function " + name,
          nearest(name));
      return Typed.error(call.place());
    }
    SqlExpression.Over over = resolve(call.over(), env, new HashSet<>());
    Env inside = env.insideAnalytic("an argument of " + name + " OVER");
    AggregateCalls.Parts parts = filtered(call, inside);
    if (over == null) {
      return Typed.error(call.place());
    }
    List<Typed> partition = partition(over, inside);
    List<SortKey> order = aggregates.order(over.orderBy(), inside, "ORDER BY of OVER");
    if (parts == null || partition == null || order == null || !allowed(call, name, over)) {
      return Typed.error(call.place());
    }
    AnalyticCall.Frame frame = null;
    if (!FRAMELESS.contains(name)) {
      frame = frame(over, order, inside);
      if (frame == null) {
        return Typed.error(call.place());
      }
    }
    return Typed.value(
        analytics.add(
            new AnalyticCall(
                parts.function(),
                parts.arguments(),
                call.distinct(),
                AggregateCalls.nulls(call.ignoreNulls()),
                frame,
                parts.result(),
                call.place()),
            partition,
            order,
            call.place()),
        call.place());
  }

  private static @Nullable String nearest(String name) {
    Set<String> names = new TreeSet<>(AggregateCatalog.names());
    names.addAll(AnalyticSignatures.names());
    return Compilation.nearest(name, names);
  }

  /** FILTER over OVER is written as IF in the argument, for functions that pass over NULL. */
  private AggregateCalls.@Nullable Parts filtered(SqlExpression.Call call, Env inside) {
    AggregateCalls.Parts parts = aggregates.parts(call, inside, List.of());
    SqlExpression filter = call.filter();
    if (filter == null || parts == null) {
      return parts;
    }
    compilation.error(
        DiagnosticCode.SQL_UNSUPPORTED,
        filter.place(),
        "FILTER together with OVER is not supported",
        "write " + call.name() + "(IF(condition, value, NULL)) OVER (...), or COUNTIF");
    return null;
  }

  private boolean allowed(SqlExpression.Call call, String name, SqlExpression.Over over) {
    String problem = null;
    if (ORDERED.contains(name) && over.orderBy().isEmpty()) {
      problem = name + " needs ORDER BY in its OVER";
    } else if (FRAMELESS.contains(name) && over.frame() != null) {
      problem = name + " takes no frame (ROWS or RANGE)";
    } else if (UNORDERED.contains(name) && !over.orderBy().isEmpty()) {
      problem = name + " takes no ORDER BY in its OVER";
    } else if (call.distinct() && (!over.orderBy().isEmpty() || over.frame() != null)) {
      problem = name + " with DISTINCT takes neither ORDER BY nor a frame in its OVER";
    } else if (!call.orderBy().isEmpty() || call.limit() != null) {
      problem = name + " OVER takes no ORDER BY or LIMIT among its arguments";
    } else if (call.having() != null) {
      problem = name + " OVER takes no HAVING";
    } else if (call.ignoreNulls() != null
        && AnalyticSignatures.contains(name)
        && !AnalyticSignatures.takesNulls(name)) {
      problem = name + " takes no IGNORE or RESPECT NULLS";
    } else if (call.distinct() && AnalyticSignatures.contains(name)) {
      problem = name + " takes no DISTINCT";
    } else if (call.safe()) {
      problem = "SAFE. is not allowed before analytic function " + name;
    }
    if (problem != null) {
      String hint =
          problem.endsWith("needs ORDER BY in its OVER")
              ? "write " + name + "(...) OVER (PARTITION BY key ORDER BY column)"
              : "leave it out";
      compilation.error(DiagnosticCode.SQL_INVALID, call.place(), problem, hint);
    }
    return problem == null;
  }

  /** The OVER with what it takes from a named window; null where the name is unknown. */
  private SqlExpression.@Nullable Over resolve(
      SqlExpression.@Nullable Over over, Env env, Set<String> open) {
    if (over == null) {
      return null;
    }
    SqlExpression.Identifier base = over.base();
    if (base == null) {
      return over;
    }
    String name = base.name().toLowerCase(Locale.ROOT);
    SqlExpression.Over named = env.windows().get(name);
    if (named == null || !open.add(name)) {
      compilation.error(
          DiagnosticCode.SQL_INVALID,
          base.place(),
          named == null
              ? "there is no window named " + base.name()
              : "window " + base.name() + " is defined by itself",
          named == null ? Compilation.nearest(base.name(), env.windows().keySet()) : null);
      return null;
    }
    SqlExpression.Over under = resolve(named, env, open);
    if (under == null) {
      return null;
    }
    if (!over.partitionBy().isEmpty()
        || (!over.orderBy().isEmpty() && !under.orderBy().isEmpty())
        || (under.frame() != null && (!over.orderBy().isEmpty() || over.frame() != null))) {
      compilation.error(
          DiagnosticCode.SQL_INVALID,
          base.place(),
          "window " + base.name() + " cannot be extended so",
          "a named window keeps its own PARTITION BY, ORDER BY and frame");
      return null;
    }
    return new SqlExpression.Over(
        null,
        under.partitionBy(),
        over.orderBy().isEmpty() ? under.orderBy() : over.orderBy(),
        over.frame() == null ? under.frame() : over.frame(),
        over.place());
  }

  private @Nullable List<Typed> partition(SqlExpression.Over over, Env inside) {
    List<Typed> keys = new ArrayList<>();
    boolean failed = false;
    for (SqlExpression expression : over.partitionBy()) {
      Typed key = expressions.analyze(expression, inside);
      if (!key.isError() && (!Types.groupable(key.type()) || !(key.type() instanceof ScalarType))) {
        compilation.error(
            DiagnosticCode.SQL_WRONG_TYPE,
            key.place(),
            "PARTITION BY is not possible on values of type " + key.shown());
        failed = true;
      }
      failed |= key.isError();
      keys.add(key);
    }
    return failed ? null : keys;
  }

  private AnalyticCall.@Nullable Frame frame(
      SqlExpression.Over over, List<SortKey> order, Env inside) {
    SqlExpression.FrameClause clause = over.frame();
    if (clause == null) {
      return new AnalyticCall.Frame(
          false,
          new AnalyticCall.Bound(AnalyticCall.Bound.Kind.UNBOUNDED_PRECEDING, null),
          new AnalyticCall.Bound(
              order.isEmpty()
                  ? AnalyticCall.Bound.Kind.UNBOUNDED_FOLLOWING
                  : AnalyticCall.Bound.Kind.CURRENT_ROW,
              null));
    }
    AnalyticCall.Bound start = bound(clause, clause.start(), order, inside);
    AnalyticCall.Bound end = bound(clause, clause.end(), order, inside);
    if (start == null || end == null) {
      return null;
    }
    if (order.isEmpty()
        && (clause.rows() || start.offset() != null || end.offset() != null)
        && !(start.kind() == AnalyticCall.Bound.Kind.UNBOUNDED_PRECEDING
            && end.kind() == AnalyticCall.Bound.Kind.UNBOUNDED_FOLLOWING)) {
      return frameError(clause.place(), "a frame of rows needs ORDER BY in its OVER");
    }
    if (start.kind() == AnalyticCall.Bound.Kind.UNBOUNDED_FOLLOWING
        || end.kind() == AnalyticCall.Bound.Kind.UNBOUNDED_PRECEDING
        || start.kind().compareTo(end.kind()) > 0) {
      return frameError(clause.place(), "the frame ends before it starts");
    }
    return new AnalyticCall.Frame(clause.rows(), start, end);
  }

  private AnalyticCall.@Nullable Frame frameError(Place place, String message) {
    compilation.error(DiagnosticCode.SQL_INVALID, place, message);
    return null;
  }

  private AnalyticCall.@Nullable Bound bound(
      SqlExpression.FrameClause clause,
      SqlExpression.FrameBound bound,
      List<SortKey> order,
      Env inside) {
    AnalyticCall.Bound.Kind kind = AnalyticCall.Bound.Kind.valueOf(bound.kind().replace(' ', '_'));
    SqlExpression offset = bound.offset();
    if (offset == null) {
      return new AnalyticCall.Bound(kind, null);
    }
    Type type = ScalarType.INT64;
    if (!clause.rows()) {
      type = order.size() == 1 ? order.get(0).expression().type() : ScalarType.STRING;
      if (!Set.of(ScalarType.INT64, ScalarType.FLOAT64, ScalarType.NUMERIC, ScalarType.BIGNUMERIC)
          .contains(type)) {
        compilation.error(
            DiagnosticCode.SQL_WRONG_TYPE,
            clause.place(),
            "RANGE with a distance needs exactly one ORDER BY key, which is a number",
            "for timestamps write ORDER BY UNIX_SECONDS(ts) RANGE BETWEEN 3600 PRECEDING AND"
                + " CURRENT ROW");
        return null;
      }
    }
    Typed value =
        expressions
            .functions()
            .require(expressions.analyze(offset, inside), type, "the distance of a frame");
    if (value.isError()) {
      return null;
    }
    if (!(value.expression() instanceof Expression.Literal literal)
        || !(literal.value() instanceof Number number)
        || !(number.doubleValue() >= 0)
        || Double.isInfinite(number.doubleValue())) {
      compilation.error(
          DiagnosticCode.SQL_INVALID,
          value.place(),
          "the distance of a frame must be a finite constant that is not negative",
          "for all rows of one side write UNBOUNDED PRECEDING or UNBOUNDED FOLLOWING");
      return null;
    }
    return new AnalyticCall.Bound(kind, literal.value());
  }
}
