package dev.beamline.deploy.manifest;

import dev.beamline.catalog.Schema;
import dev.beamline.plan.AggregateCall;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Plan;
import dev.beamline.plan.PlanText;
import dev.beamline.plan.SortKey;
import java.util.ArrayList;
import java.util.List;

/**
 * What each operator of a query keeps between rows, from the root down: the form of its keys, sums
 * and rows, in the order in which they are encoded. A job that is updated can read the state of the
 * old one where the two lists are the same. Filters and projections keep nothing.
 */
final class StateShapes {

  private final List<String> shapes = new ArrayList<>();

  private StateShapes() {}

  static List<String> of(Plan plan) {
    StateShapes found = new StateShapes();
    found.visit(plan);
    return found.shapes;
  }

  private void visit(Plan plan) {
    if (plan instanceof Plan.QueryResult) {
      return;
    }
    if (plan instanceof Plan.AssignWindows assign) {
      shapes.add("windows " + PlanText.window(assign.window(), "t"));
    } else if (plan instanceof Plan.Aggregate aggregate) {
      shapes.add(
          "sums by "
              + columns(aggregate.input(), aggregate.keys())
              + (aggregate.groupingSets().size() == 1 ? "" : " sets " + aggregate.groupingSets())
              + " of "
              + aggregate.calls().stream().map(StateShapes::call).toList());
    } else if (plan instanceof Plan.Analytic analytic) {
      shapes.add(
          "rows "
              + types(analytic.input().schema())
              + " by "
              + analytic.partitionBy().stream()
                  .map(e -> ColumnText.of(e, analytic.input()) + " " + e.type().sql())
                  .toList());
    } else if (plan instanceof Plan.Limit limit) {
      Schema rows = limit.schema();
      shapes.add("rows " + types(rows) + " by " + columns(limit.input(), limit.partitionBy()));
    } else if (plan instanceof Plan.Join join) {
      shapes.add(
          "rows "
              + types(join.left().schema())
              + " and "
              + types(join.right().schema())
              + " by "
              + columns(join.left(), join.leftKeys())
              + " "
              + join.kind());
    } else if (plan instanceof Plan.SetOperation set) {
      shapes.add("counts of rows " + types(set.schema()));
    }
    plan.inputs().forEach(this::visit);
  }

  /** Keys matter by what they are, and sums by what they add; conditions on single rows do not. */
  private static String call(AggregateCall call) {
    return call.function()
        + (call.distinct() ? " DISTINCT " : "")
        + call.arguments().stream().map(StateShapes::argument).toList()
        + (call.orderBy().isEmpty()
            ? ""
            : " order " + call.orderBy().stream().map(StateShapes::order).toList())
        + (call.limit() == null ? "" : " limit " + call.limit())
        + (call.having() == null
            ? ""
            : (call.having().max() ? " at the greatest " : " at the least ")
                + call.having().value().type().sql());
  }

  private static String order(SortKey key) {
    return key.expression().type().sql() + (key.descending() ? " DESC" : "");
  }

  private static String argument(Expression argument) {
    return argument instanceof Expression.Literal literal
        ? SemanticText.of(literal)
        : argument.type().sql();
  }

  private static List<String> columns(Plan input, List<Integer> columns) {
    return columns.stream()
        .map(k -> ColumnText.of(input, k) + " " + input.schema().type(k).sql())
        .toList();
  }

  private static List<String> types(Schema schema) {
    return schema.columns().stream().map(c -> c.type().sql()).toList();
  }
}
