package dev.beamline.deploy.manifest;

import dev.beamline.plan.AggregateCall;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Plan;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a column of a plan is computed from, down to the columns of sources: the meaning of a key,
 * whatever it is called.
 */
final class ColumnText {

  private ColumnText() {}

  static String of(Plan plan, int column) {
    if (plan instanceof Plan.Scan scan) {
      return scan.source() + "." + scan.schema().name(column).toLowerCase(java.util.Locale.ROOT);
    } else if (plan instanceof Plan.QueryResult result) {
      return result.query() + "." + result.schema().name(column).toLowerCase(java.util.Locale.ROOT);
    } else if (plan instanceof Plan.Calc calc) {
      return of(calc.projections().get(column), calc.input());
    } else if (plan instanceof Plan.AssignWindows assign) {
      int inputs = assign.input().schema().size();
      return column < inputs
          ? of(assign.input(), column)
          : column == inputs ? "window_start" : "window_end";
    } else if (plan instanceof Plan.Aggregate aggregate) {
      return column < aggregate.keys().size()
          ? of(aggregate.input(), aggregate.keys().get(column))
          : of(aggregate.calls().get(column - aggregate.keys().size()), aggregate.input());
    } else if (plan instanceof Plan.Join join) {
      int left = join.left().schema().size();
      return column < left ? of(join.left(), column) : of(join.right(), column - left);
    } else if (plan instanceof Plan.Unnest unnest) {
      int inputs = unnest.input().schema().size();
      return column < inputs
          ? of(unnest.input(), column)
          : "element " + (column - inputs) + " of " + of(unnest.array(), unnest.input());
    } else if (plan instanceof Plan.Analytic analytic) {
      int inputs = analytic.input().schema().size();
      return column < inputs
          ? of(analytic.input(), column)
          : analytic.calls().get(column - inputs).function()
              + arguments(analytic.calls().get(column - inputs).arguments(), analytic.input());
    } else if (plan instanceof Plan.Limit || plan instanceof Plan.Sort) {
      return of(plan.inputs().get(0), column);
    } else if (plan instanceof Plan.ScalarSubquery subquery) {
      return column < subquery.input().schema().size() ? of(subquery.input(), column) : "subquery";
    } else if (plan instanceof Plan.Union || plan instanceof Plan.SetOperation) {
      return plan.inputs().stream()
          .map(input -> of(input, column))
          .distinct()
          .collect(Collectors.joining(" or "));
    }
    return "column " + column;
  }

  static String of(Expression expression, Plan input) {
    if (expression instanceof Expression.InputColumn column) {
      return of(input, column.index());
    } else if (expression instanceof Expression.Field field) {
      return of(field.struct(), input) + "." + field.index();
    } else if (expression instanceof Expression.Call call) {
      return call.function()
          + arguments(call.arguments(), input)
          + (call.function().contains("CAST") ? " as " + call.type().sql() : "");
    }
    return SemanticText.of(expression);
  }

  private static String of(AggregateCall call, Plan input) {
    return call.function()
        + (call.distinct() ? " DISTINCT" : "")
        + arguments(call.arguments(), input);
  }

  private static String arguments(List<Expression> arguments, Plan input) {
    return arguments.stream().map(a -> of(a, input)).collect(Collectors.joining(", ", "(", ")"));
  }
}
