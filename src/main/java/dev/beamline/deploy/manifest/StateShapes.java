package dev.beamline.deploy.manifest;

import dev.beamline.catalog.Schema;
import dev.beamline.plan.AggregateCall;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Expressions;
import dev.beamline.plan.Plan;
import dev.beamline.plan.PlanText;
import dev.beamline.plan.PlanTraits;
import dev.beamline.plan.SortKey;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

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
    found.visit(plan, false);
    return found.shapes;
  }

  /**
   * @param grouped whether what keeps something is above
   */
  private void visit(Plan plan, boolean grouped) {
    boolean keeps = grouped;
    if (plan instanceof Plan.QueryResult) {
      return;
    }
    if ((grouped || plan instanceof Plan.Aggregate) && looksAtWindows(plan)) {
      // Rows are put into their windows for it, where else slices would do.
      shapes.add("windows of rows");
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
      keeps = true;
    } else if (plan instanceof Plan.Analytic analytic) {
      keeps = true;
      shapes.add(
          "rows "
              + types(analytic.input().schema())
              + " by "
              + analytic.partitionBy().stream()
                  .map(e -> ColumnText.of(e, analytic.input()) + " " + e.type().sql())
                  .toList());
    } else if (plan instanceof Plan.Limit limit) {
      keeps = true;
      shapes.add(
          "rows "
              + types(limit.schema())
              + " by "
              + columns(limit.input(), limit.partitionBy())
              + " first "
              + (limit.limit() + limit.offset())
              + " of "
              + limit.orderBy().stream()
                  .map(key -> ColumnText.of(key.expression(), limit.input()) + " " + order(key))
                  .toList());
    } else if (plan instanceof Plan.Join join) {
      keeps = true;
      shapes.add(
          "rows "
              + types(join.left().schema())
              + " and "
              + types(join.right().schema())
              + " by "
              + columns(join.left(), join.leftKeys())
              + " and "
              + columns(join.right(), join.rightKeys())
              + " "
              + join.kind());
    } else if (plan instanceof Plan.SetOperation set) {
      keeps = true;
      shapes.add("counts of rows " + types(set.schema()));
    }
    for (Plan input : plan.inputs()) {
      visit(input, keeps);
    }
  }

  /** Whether it computes from the windows that were assigned below it, not only hands them on. */
  private static boolean looksAtWindows(Plan plan) {
    List<Expression> computed = computed(plan);
    if (computed.isEmpty()) {
      return false;
    }
    Plan below = plan.inputs().get(0);
    while (below instanceof Plan.Calc || below instanceof Plan.Unnest) {
      below = below.inputs().get(0);
    }
    if (!(below instanceof Plan.AssignWindows)) {
      return false;
    }
    PlanTraits traits = PlanTraits.of(plan.inputs().get(0));
    return computed.stream()
        .flatMap(expression -> Expressions.columns(expression).stream())
        .anyMatch(column -> traits.starts().contains(column) || traits.ends().contains(column));
  }

  /** What an operator evaluates over each row as it comes. */
  private static List<Expression> computed(Plan plan) {
    List<Expression> all = new ArrayList<>();
    if (plan instanceof Plan.Calc calc) {
      Stream.ofNullable(calc.condition()).forEach(all::add);
      calc.projections().stream()
          .filter(p -> !(p instanceof Expression.InputColumn))
          .forEach(all::add);
    } else if (plan instanceof Plan.Unnest unnest) {
      all.add(unnest.array());
      Stream.ofNullable(unnest.condition()).forEach(all::add);
    } else if (plan instanceof Plan.Aggregate aggregate) {
      aggregate.calls().forEach(call -> all.addAll(call.expressions()));
    }
    return all;
  }

  /** Keys matter by what they are, and sums by what they add; conditions on single rows do not. */
  private static String call(AggregateCall call) {
    return call.function()
        + (call.distinct() ? " DISTINCT " : "")
        + (call.nulls() == AggregateCall.Nulls.DEFAULT ? "" : " " + call.nulls() + " NULLS ")
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
    return key.expression().type().sql()
        + (key.descending() ? " DESC" : "")
        + (key.nullsFirst() ? " NULLS FIRST" : "");
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
