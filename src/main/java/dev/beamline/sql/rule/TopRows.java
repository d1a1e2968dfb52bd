package dev.beamline.sql.rule;

import dev.beamline.plan.AnalyticCall;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Expressions;
import dev.beamline.plan.Plan;
import dev.beamline.plan.Plans;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps only the first rows of each partition where ROW_NUMBER asks for no more.
 *
 * <pre>
 * before: Calc [a] if rn <= 5                        after: Calc [a]
 *           Analytic by [p] order by b [ROW_NUMBER()]         Analytic by [p] order by b [ROW_NUMBER()]
 *             ...                                               Limit 5 in each [p] order by b
 *                                                                 ...
 * </pre>
 *
 * Ranks depend only on rows before them, so that they are the same among the first rows. Where
 * nobody looks at them, {@link PruneColumns} takes the Analytic away.
 */
final class TopRows implements PlanRule {

  private static final Set<String> RANKS = Set.of("ROW_NUMBER", "RANK", "DENSE_RANK");

  @Override
  public @Nullable Plan apply(Plan plan) {
    if (!(plan instanceof Plan.Calc calc)
        || !(calc.input() instanceof Plan.Analytic analytic)
        || analytic.input() instanceof Plan.Limit
        || analytic.calls().stream().anyMatch(c -> !RANKS.contains(c.function()))) {
      return null;
    }
    List<Integer> partition = new ArrayList<>();
    for (Expression key : analytic.partitionBy()) {
      if (!(key instanceof Expression.InputColumn column)) {
        return null;
      }
      partition.add(column.index());
    }
    int first = analytic.input().schema().size();
    long most = Long.MAX_VALUE;
    for (Expression conjunct : Expressions.conjuncts(calc.condition())) {
      most = Math.min(most, most(conjunct, first, analytic.calls()));
    }
    if (most == Long.MAX_VALUE) {
      return null;
    }
    List<Expression> rest = new ArrayList<>();
    for (Expression conjunct : Expressions.conjuncts(calc.condition())) {
      if (most(conjunct, first, analytic.calls()) != most || (most != 1 && isEqual(conjunct))) {
        rest.add(conjunct);
      }
    }
    Plan limit = new Plan.Limit(analytic.input(), partition, analytic.orderBy(), most, 0);
    return new Plan.Calc(
        Plans.withInputs(analytic, List.of(limit)),
        Expressions.and(rest),
        calc.projections(),
        calc.schema());
  }

  private static boolean isEqual(Expression condition) {
    return condition instanceof Expression.Call call && call.function().equals("EQ");
  }

  /** The highest row number that the condition lets through. */
  private static long most(Expression condition, int first, List<AnalyticCall> calls) {
    if (!(condition instanceof Expression.Call call) || call.arguments().size() != 2) {
      return Long.MAX_VALUE;
    }
    Expression a = call.arguments().get(0);
    Expression b = call.arguments().get(1);
    String function = call.function();
    if (a instanceof Expression.Literal) {
      Expression swapped = a;
      a = b;
      b = swapped;
      function =
          switch (function) {
            case "GE" -> "LE";
            case "GT" -> "LT";
            case "EQ" -> "EQ";
            default -> "";
          };
    }
    if (!(a instanceof Expression.InputColumn column)
        || column.index() < first
        || !calls.get(column.index() - first).function().equals("ROW_NUMBER")
        || !(b instanceof Expression.Literal literal)
        || !(literal.value() instanceof Long number)) {
      return Long.MAX_VALUE;
    }
    return switch (function) {
      case "LE", "EQ" -> Math.max(number, 0);
      case "LT" -> number <= 0 ? 0 : number - 1;
      default -> Long.MAX_VALUE;
    };
  }
}
