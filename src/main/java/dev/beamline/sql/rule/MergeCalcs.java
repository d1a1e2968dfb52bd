package dev.beamline.sql.rule;

import dev.beamline.plan.Expression;
import dev.beamline.plan.Expressions;
import dev.beamline.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes one Calc of two, unless an expression would then be computed twice.
 *
 * <pre>
 * before: Calc [x + 1] if y > 2          after: Calc [a * b + 1] if (c) AND (y > 2)
 *           Calc [x: a * b, y] if c               ...
 *             ...
 * </pre>
 */
final class MergeCalcs implements PlanRule {

  @Override
  public @Nullable Plan apply(Plan plan) {
    if (!(plan instanceof Plan.Calc outer) || !(outer.input() instanceof Plan.Calc inner)) {
      return null;
    }
    int[] uses = new int[inner.projections().size()];
    List<Expression> all = new ArrayList<>(outer.projections());
    Expression condition = outer.condition();
    if (condition != null) {
      all.add(condition);
    }
    for (Expression expression : all) {
      countUses(expression, uses);
    }
    for (int i = 0; i < uses.length; i++) {
      if (uses[i] > 1 && !trivial(inner.projections().get(i))) {
        return null;
      }
    }
    List<Expression> conditions = new ArrayList<>(Expressions.conjuncts(inner.condition()));
    if (condition != null) {
      conditions.addAll(
          Expressions.conjuncts(Expressions.mapColumns(condition, inner.projections()::get)));
    }
    return new Plan.Calc(
        inner.input(),
        Expressions.and(conditions),
        outer.projections().stream()
            .map(e -> Expressions.mapColumns(e, inner.projections()::get))
            .toList(),
        outer.schema());
  }

  /** A use inside a row subquery counts as many: it is evaluated for each of its rows. */
  private static void countUses(Expression expression, int[] uses) {
    Expressions.rewrite(
        expression,
        (part, depth) -> {
          if (depth == 0 && part instanceof Expression.InputColumn column) {
            uses[column.index()]++;
          } else if (part instanceof Expression.OuterColumn column && column.depth() == depth) {
            uses[column.index()] += 2;
          }
          return null;
        });
  }

  /** Whether to compute it again costs nothing. */
  private static boolean trivial(Expression expression) {
    return expression instanceof Expression.InputColumn
        || expression instanceof Expression.OuterColumn
        || expression instanceof Expression.Literal
        || (expression instanceof Expression.Field field && trivial(field.struct()));
  }
}
