package dev.beamline.sql.analyzer;

import dev.beamline.catalog.Type;
import dev.beamline.execution.function.FunctionCatalog;
import dev.beamline.plan.AggregateCall;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Expressions;
import dev.beamline.plan.Plans;
import java.util.ArrayList;
import java.util.List;

/** The aggregate calls of one SELECT, each once, with the virtual columns that stand for them. */
final class Aggregates {

  private final Compilation compilation;
  private final List<AggregateCall> calls = new ArrayList<>();
  private final List<Expression.InputColumn> columns = new ArrayList<>();
  private final List<Grouping> groupings = new ArrayList<>();

  Aggregates(Compilation compilation) {
    this.compilation = compilation;
  }

  /** {@code GROUPING(key)}. */
  record Grouping(Typed key, Expression.InputColumn column) {}

  /** Adds a call whose expressions are over the FROM clause's row. */
  Expression.InputColumn add(AggregateCall call, boolean deterministic) {
    if (deterministic) {
      for (int i = 0; i < calls.size(); i++) {
        if (same(calls.get(i), call)) {
          return fresh(columns.get(i));
        }
      }
    }
    Expression.InputColumn column = compilation.newVirtual(call.type());
    calls.add(call);
    columns.add(column);
    return column;
  }

  Expression.InputColumn addGrouping(Typed key, Type int64) {
    Expression.InputColumn column = compilation.newVirtual(int64);
    groupings.add(new Grouping(key, column));
    return column;
  }

  /** Each reference is an object of its own, so that it can have a place of its own. */
  private static Expression.InputColumn fresh(Expression.InputColumn column) {
    return new Expression.InputColumn(column.index(), column.type());
  }

  private static boolean same(AggregateCall a, AggregateCall b) {
    AggregateCall left = Plans.mapCall(a, Expressions::canonical);
    AggregateCall right = Plans.mapCall(b, Expressions::canonical);
    return left.function().equals(right.function())
        && left.arguments().equals(right.arguments())
        && left.arguments().stream().allMatch(FunctionCatalog.standard()::deterministic)
        && left.distinct() == right.distinct()
        && java.util.Objects.equals(left.filter(), right.filter())
        && java.util.Objects.equals(left.having(), right.having())
        && left.orderBy().equals(right.orderBy())
        && java.util.Objects.equals(left.limit(), right.limit())
        && left.nulls() == right.nulls()
        && left.type().equals(right.type());
  }

  /** Whether a virtual column is one of these. */
  boolean makes(int index) {
    return columns.stream().anyMatch(c -> c.index() == index)
        || groupings.stream().anyMatch(g -> g.column().index() == index);
  }

  boolean isEmpty() {
    return calls.isEmpty() && groupings.isEmpty();
  }

  List<AggregateCall> calls() {
    return calls;
  }

  List<Expression.InputColumn> columns() {
    return columns;
  }

  List<Grouping> groupings() {
    return groupings;
  }
}
