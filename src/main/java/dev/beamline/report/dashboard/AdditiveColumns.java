package dev.beamline.report.dashboard;

import dev.beamline.plan.AggregateCall;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Plan;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which columns of a result may be added over its groups without telling a wrong number: sums and
 * counts. A sum of averages, of distinct counts, or over the subtotals of a ROLLUP is none. Nor is
 * one over windows that overlap: where the rows tell their windows, those of one window may be
 * added.
 */
final class AdditiveColumns {

  private static final Set<String> SUMS = Set.of("SUM", "COUNT", "COUNTIF");

  private AdditiveColumns() {}

  static Set<String> of(Plan plan, @Nullable ResultWindows windows) {
    Set<String> names = new TreeSet<>();
    if (windows == null && ResultWindows.overlap(plan)) {
      return names;
    }
    for (int i = 0; i < plan.schema().size(); i++) {
      if (adds(plan, i)) {
        names.add(plan.schema().name(i));
      }
    }
    return names;
  }

  private static boolean adds(Plan plan, int column) {
    if (plan instanceof Plan.Calc calc) {
      return calc.condition() == null
          && calc.projections().get(column) instanceof Expression.InputColumn input
          && adds(calc.input(), input.index());
    }
    if (plan instanceof Plan.Sort sort) {
      return adds(sort.input(), column);
    }
    if (plan instanceof Plan.QueryResult result) {
      return adds(result.input(), column);
    }
    if (plan instanceof Plan.Aggregate aggregate && aggregate.groupingSets().size() == 1) {
      int call = column - aggregate.keys().size();
      return call >= 0 && sums(aggregate.calls().get(call));
    }
    return false;
  }

  private static boolean sums(AggregateCall call) {
    return SUMS.contains(call.function()) && !call.distinct();
  }
}
