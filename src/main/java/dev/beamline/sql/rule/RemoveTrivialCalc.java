package dev.beamline.sql.rule;

import dev.beamline.plan.Plan;
import dev.beamline.plan.Plans;
import org.jspecify.annotations.Nullable;

/**
 * Removes a Calc that gives its input's columns as they are.
 *
 * <pre>
 * before: Calc [a, b]          after: Scan t [a, b]
 *           Scan t [a, b]
 * </pre>
 */
final class RemoveTrivialCalc implements PlanRule {

  @Override
  public @Nullable Plan apply(Plan plan) {
    return plan instanceof Plan.Calc calc
            && calc.condition() == null
            && calc.schema().names().equals(calc.input().schema().names())
            && calc.projections().equals(Plans.identity(calc.input().schema()))
        ? calc.input()
        : null;
  }
}
