package dev.beamline.sql.rule;

import dev.beamline.plan.Plan;
import dev.beamline.plan.PlanKeys;
import dev.beamline.plan.Plans;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Removes a DISTINCT over rows that are different already.
 *
 * <pre>
 * before: Aggregate by [team, n]               after: Calc [team, n]
 *           Calc [team, n]                              Aggregate by [team] [n: COUNT(*)]
 *             Aggregate by [team] [n: COUNT(*)]           ...
 *               ...
 * </pre>
 */
final class RemoveDistinct implements PlanRule {

  @Override
  public @Nullable Plan apply(Plan plan) {
    if (!(plan instanceof Plan.Aggregate distinct)
        || !distinct.calls().isEmpty()
        || distinct.groupingSets().size() != 1
        || distinct.groupingSets().get(0).size() != distinct.keys().size()) {
      return null;
    }
    List<Integer> keys = PlanKeys.of(distinct.input());
    if (keys.isEmpty() || !distinct.keys().containsAll(keys)) {
      return null;
    }
    Plan.Calc selected = Plans.select(distinct.input(), distinct.keys());
    return new Plan.Calc(selected.input(), null, selected.projections(), distinct.schema());
  }
}
