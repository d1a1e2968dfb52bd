package dev.beamline.sql.rule;

import dev.beamline.plan.Plan;
import org.jspecify.annotations.Nullable;

/** Replaces one operator, perhaps with those just below it. */
@FunctionalInterface
interface PlanRule {

  /** A plan of the same rows and schema; null where the rule does not apply. */
  @Nullable Plan apply(Plan plan);
}
