package dev.beamline.sql.rule;

import dev.beamline.plan.Expression;
import dev.beamline.plan.Expressions;
import dev.beamline.plan.Plan;
import dev.beamline.plan.Plans;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Moves what a join's condition says of one side alone below the join, on sides whose rows go where
 * they find no partner.
 *
 * <pre>
 * before: Join LEFT on [a = b] if b.n > 3      after: Join LEFT on [a = b]
 *           left                                        left
 *           right                                       Calc if n > 3
 *                                                         right
 * </pre>
 */
final class PushJoinCondition implements PlanRule {

  @Override
  public @Nullable Plan apply(Plan plan) {
    if (!(plan instanceof Plan.Join join) || join.condition() == null) {
      return null;
    }
    int size = join.left().schema().size();
    boolean toLeft =
        switch (join.kind()) {
          case INNER, RIGHT, SEMI -> true;
          default -> false;
        };
    boolean toRight =
        switch (join.kind()) {
          case INNER, LEFT, SEMI, ANTI -> true;
          default -> false;
        };
    List<Expression> left = new ArrayList<>();
    List<Expression> right = new ArrayList<>();
    List<Expression> rest = new ArrayList<>();
    for (Expression conjunct : Expressions.conjuncts(join.condition())) {
      Set<Integer> columns = Expressions.columns(conjunct);
      boolean movable =
          !columns.isEmpty() && Failures.never(conjunct) && !Expressions.readsOuter(conjunct);
      if (movable && toLeft && columns.stream().allMatch(c -> c < size)) {
        left.add(conjunct);
      } else if (movable && toRight && columns.stream().allMatch(c -> c >= size)) {
        right.add(Expressions.shift(conjunct, -size));
      } else {
        rest.add(conjunct);
      }
    }
    if (left.isEmpty() && right.isEmpty()) {
      return null;
    }
    return new Plan.Join(
        Plans.filter(join.left(), Expressions.and(left)),
        Plans.filter(join.right(), Expressions.and(right)),
        join.kind(),
        join.leftKeys(),
        join.rightKeys(),
        Expressions.and(rest),
        join.schema());
  }
}
