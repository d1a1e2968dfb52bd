package dev.beamline.sql.rule;

import dev.beamline.execution.function.FunctionCatalog;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Expressions;
import dev.beamline.plan.Plan;
import dev.beamline.plan.PlanTraits;
import dev.beamline.plan.Plans;
import dev.beamline.plan.WindowSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Filters rows as early as it can be done: where they are read, before they are put into windows,
 * joined or grouped.
 *
 * <pre>
 * before: Calc [team] if score > 3             after: Calc [team]
 *           AssignWindows TUMBLE(ts, 1h)                AssignWindows TUMBLE(ts, 1h)
 *             Scan events                                 Scan events if score > 3
 * </pre>
 *
 * A condition that can fail stays above operators that drop rows, so that it never fails on a row
 * that would not have reached it.
 */
final class PushFilter implements PlanRule {

  @Override
  public @Nullable Plan apply(Plan plan) {
    if (!(plan instanceof Plan.Calc calc) || calc.condition() == null) {
      return null;
    }
    Plan input = calc.input();
    List<Expression> conjuncts = Expressions.conjuncts(calc.condition());
    Map<Expression, Expression> moved = new LinkedHashMap<>();
    boolean guarded = false;
    for (Expression conjunct : conjuncts) {
      boolean sure = Failures.never(conjunct);
      boolean may =
          FunctionCatalog.standard().deterministic(conjunct)
              && (sure || (!guarded && keepsEveryRow(input)));
      Expression below = may ? below(input, conjunct) : null;
      if (below != null) {
        moved.put(conjunct, below);
      } else {
        // What follows may rely on this one being looked at first.
        guarded = true;
      }
    }
    if (moved.isEmpty()) {
      return null;
    }
    List<Expression> rest = new ArrayList<>(conjuncts);
    rest.removeAll(moved.keySet());
    return new Plan.Calc(
        push(input, new ArrayList<>(moved.values()), new ArrayList<>(moved.keySet())),
        Expressions.and(rest),
        calc.projections(),
        calc.schema());
  }

  /** Whether a condition is looked at for the same rows above the operator and below it. */
  private static boolean keepsEveryRow(Plan input) {
    return input instanceof Plan.Scan
        || input instanceof Plan.AssignWindows
        || input instanceof Plan.Union
        || input instanceof Plan.ScalarSubquery;
  }

  /** The condition over the row below the operator; null where it cannot stand there. */
  private static @Nullable Expression below(Plan input, Expression condition) {
    Set<Integer> columns = Expressions.columns(condition);
    if (input instanceof Plan.Scan || input instanceof Plan.Union) {
      return condition;
    } else if (input instanceof Plan.AssignWindows assign
        && assign.window() instanceof WindowSpec.Session) {
      // Rows that are left out would no longer hold a session together.
      return !columns.isEmpty() && assign.sessionKeys().containsAll(columns) ? condition : null;
    } else if (input instanceof Plan.AssignWindows
        || input instanceof Plan.Unnest
        || input instanceof Plan.ScalarSubquery) {
      int size = input.inputs().get(0).schema().size();
      return !columns.isEmpty() && columns.stream().allMatch(c -> c < size) ? condition : null;
    } else if (input instanceof Plan.Aggregate aggregate) {
      boolean plain =
          aggregate.groupingSets().size() == 1
              && aggregate.groupingSets().get(0).size() == aggregate.keys().size();
      return plain
              && !columns.isEmpty()
              && columns.stream().allMatch(c -> c < aggregate.keys().size())
              && noSessionBounds(aggregate, columns)
          ? Expressions.mapColumnsTyped(
              condition, c -> new Expression.InputColumn(aggregate.keys().get(c.index()), c.type()))
          : null;
    } else if (input instanceof Plan.Analytic analytic) {
      return !columns.isEmpty()
              && columns.stream()
                  .allMatch(
                      c ->
                          c < analytic.input().schema().size()
                              && analytic.partitionBy().contains(Plans.column(analytic.input(), c)))
          ? condition
          : null;
    } else if (input instanceof Plan.Join join) {
      return ofJoin(join, columns, condition);
    }
    return null;
  }

  /** The bounds of a session are known only once all its rows are. */
  private static boolean noSessionBounds(Plan.Aggregate aggregate, Set<Integer> columns) {
    PlanTraits rows = PlanTraits.of(aggregate.input());
    return !(rows.assigned() && rows.window() instanceof WindowSpec.Session)
        || columns.stream()
            .map(aggregate.keys()::get)
            .noneMatch(key -> rows.starts().contains(key) || rows.ends().contains(key));
  }

  private static @Nullable Expression ofJoin(
      Plan.Join join, Set<Integer> columns, Expression condition) {
    int size = join.left().schema().size();
    boolean left = !columns.isEmpty() && columns.stream().allMatch(c -> c < size);
    boolean right = !columns.isEmpty() && columns.stream().allMatch(c -> c >= size);
    boolean may =
        switch (join.kind()) {
          case INNER -> left || right;
          case LEFT, SEMI, ANTI, NULL_AWARE_ANTI -> left;
          case RIGHT -> right;
          case FULL -> false;
        };
    return may ? condition : null;
  }

  private static Plan push(Plan input, List<Expression> below, List<Expression> above) {
    if (input instanceof Plan.Scan scan) {
      List<Expression> filters = new ArrayList<>(Expressions.conjuncts(scan.filter()));
      filters.addAll(below);
      return new Plan.Scan(
          scan.source(), scan.schema(), scan.eventTime(), scan.bounded(), Expressions.and(filters));
    } else if (input instanceof Plan.Union union) {
      return Plans.withInputs(
          union,
          union.inputs().stream().map(i -> Plans.filter(i, Expressions.and(below))).toList());
    } else if (input instanceof Plan.Join join) {
      int size = join.left().schema().size();
      List<Expression> left = new ArrayList<>();
      List<Expression> right = new ArrayList<>();
      for (Expression condition : above) {
        boolean ofLeft = Expressions.columns(condition).stream().allMatch(c -> c < size);
        (ofLeft ? left : right).add(ofLeft ? condition : Expressions.shift(condition, -size));
      }
      return Plans.withInputs(
          join,
          List.of(
              Plans.filter(join.left(), Expressions.and(left)),
              Plans.filter(join.right(), Expressions.and(right))));
    } else if (input instanceof Plan.ScalarSubquery scalar) {
      return Plans.withInputs(
          scalar, List.of(Plans.filter(scalar.input(), Expressions.and(below)), scalar.subquery()));
    }
    return Plans.withInputs(
        input, List.of(Plans.filter(input.inputs().get(0), Expressions.and(below))));
  }
}
