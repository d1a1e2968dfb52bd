package dev.beamline.sql.rule;

import dev.beamline.plan.Expression;
import dev.beamline.plan.Expressions;
import dev.beamline.plan.Plan;
import dev.beamline.plan.Plans;
import java.util.ArrayList;
import java.util.List;

/** Applies the rules until none of them changes anything. */
public final class Optimizer {

  private static final List<PlanRule> RULES =
      List.of(
          new FoldConstants(),
          new MergeCalcs(),
          new RemoveTrivialCalc(),
          new RemoveDistinct(),
          new PushJoinCondition(),
          new PushFilter(),
          new TopRows());

  /** Each rule makes progress, so that this is never reached; it ends a mistake in a rule. */
  private static final int MOST_PASSES = 100;

  private Optimizer() {}

  /**
   * The plan with the same rows and schema, cheaper. Other queries' plans in it stay as they are.
   */
  public static Plan optimize(Plan plan) {
    Plan simplified = rules(subqueries(plan));
    return rules(PruneColumns.apply(simplified));
  }

  private static Plan rules(Plan plan) {
    Plan current = plan;
    for (int i = 0; i < MOST_PASSES; i++) {
      Plan next = pass(current);
      if (next.equals(current)) {
        return current;
      }
      current = next;
    }
    return current;
  }

  private static Plan pass(Plan plan) {
    if (plan instanceof Plan.QueryResult) {
      return plan;
    }
    List<Plan> inputs = new ArrayList<>();
    plan.inputs().forEach(i -> inputs.add(pass(i)));
    Plan current = inputs.equals(plan.inputs()) ? plan : Plans.withInputs(plan, inputs);
    for (PlanRule rule : RULES) {
      Plan next = rule.apply(current);
      if (next != null) {
        current = next;
      }
    }
    return current;
  }

  /** Optimizes the plans of subqueries inside rows. */
  private static Plan subqueries(Plan plan) {
    if (plan instanceof Plan.QueryResult) {
      return plan;
    }
    Plan below = Plans.withInputs(plan, plan.inputs().stream().map(Optimizer::subqueries).toList());
    return Plans.mapExpressions(below, Optimizer::subqueries);
  }

  private static Expression subqueries(Expression expression) {
    return Expressions.rewrite(
        expression,
        (part, depth) -> {
          if (!(part instanceof Expression.RowSubquery subquery)) {
            return null;
          }
          Expression operand = subquery.operand();
          return new Expression.RowSubquery(
              subquery.kind(),
              optimize(subquery.plan()),
              operand == null ? null : subqueries(operand),
              subquery.type(),
              subquery.place());
        });
  }
}
