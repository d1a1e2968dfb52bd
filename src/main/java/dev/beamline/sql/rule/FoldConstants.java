package dev.beamline.sql.rule;

import dev.beamline.execution.expression.ConstantFolding;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Expressions;
import dev.beamline.plan.Plan;
import dev.beamline.plan.Plans;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Computes constants once, and drops conditions that are always TRUE.
 *
 * <pre>
 * before: Calc [2 * 30] if (TRUE) AND (a > 1 + 1)      after: Calc [60] if a > 2
 * </pre>
 */
final class FoldConstants implements PlanRule {

  @Override
  public @Nullable Plan apply(Plan plan) {
    Plan folded = Plans.mapExpressions(plan, ConstantFolding::fold);
    if (folded instanceof Plan.Calc calc && calc.condition() != null) {
      List<Expression> conjuncts = Expressions.conjuncts(calc.condition());
      List<Expression> kept = new ArrayList<>();
      for (Expression conjunct : conjuncts) {
        if (!(conjunct instanceof Expression.Literal literal
            && Boolean.TRUE.equals(literal.value()))) {
          kept.add(conjunct);
        }
      }
      if (kept.size() < conjuncts.size()) {
        folded =
            new Plan.Calc(calc.input(), Expressions.and(kept), calc.projections(), calc.schema());
      }
    }
    return folded.equals(plan) ? null : folded;
  }
}
