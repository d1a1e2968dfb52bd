package dev.beamline.deploy.manifest;

import dev.beamline.plan.Expression;
import dev.beamline.plan.Plan;
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
          : aggregate.calls().get(column - aggregate.keys().size()).function();
    } else if (plan instanceof Plan.Join join) {
      int left = join.left().schema().size();
      return column < left ? of(join.left(), column) : of(join.right(), column - left);
    } else if (plan instanceof Plan.Unnest || plan instanceof Plan.Analytic) {
      Plan input = plan.inputs().get(0);
      return column < input.schema().size()
          ? of(input, column)
          : "column " + (column - input.schema().size());
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
          + call.arguments().stream()
              .map(a -> of(a, input))
              .collect(Collectors.joining(", ", "(", ")"))
          + (call.function().contains("CAST") ? " as " + call.type().sql() : "");
    }
    return SemanticText.of(expression);
  }
}
