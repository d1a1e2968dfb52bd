package dev.beamline.cli;

import dev.beamline.io.duckdb.RowOrder;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Plan;
import dev.beamline.plan.QueryPlan;
import dev.beamline.plan.SortKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The order in which a result's first rows are shown: by window, then as the query's ORDER BY says,
 * then by key. A table has no order of its own, so two runs would show other rows.
 */
final class PreviewOrder {

  private PreviewOrder() {}

  static List<RowOrder> of(QueryPlan query) {
    Map<String, RowOrder> keys = new LinkedHashMap<>();
    QueryPlan.ResultWindow window = query.window();
    if (window != null && window.start() >= 0) {
      add(keys, RowOrder.ascending(query.schema().name(window.start())));
    }
    sorted(query.plan()).forEach(key -> add(keys, key));
    query.key().forEach(k -> add(keys, RowOrder.ascending(query.schema().name(k))));
    return List.copyOf(keys.values());
  }

  private static void add(Map<String, RowOrder> keys, RowOrder key) {
    keys.putIfAbsent(key.column(), key);
  }

  /**
   * The keys of the query's ORDER BY that are columns of its result, up to the first that is none.
   */
  private static List<RowOrder> sorted(Plan plan) {
    List<Plan.Calc> above = new ArrayList<>();
    Plan at = plan;
    while (at instanceof Plan.Calc calc) {
      above.add(0, calc);
      at = calc.input();
    }
    List<RowOrder> keys = new ArrayList<>();
    if (at instanceof Plan.Sort sort) {
      for (SortKey key : sort.orderBy()) {
        int column =
            key.expression() instanceof Expression.InputColumn input
                ? output(input.index(), above)
                : -1;
        if (column < 0) {
          break;
        }
        keys.add(new RowOrder(plan.schema().name(column), key.descending(), key.nullsFirst()));
      }
    }
    return keys;
  }

  /** Where a column is after the projections; -1: it is not. */
  private static int output(int column, List<Plan.Calc> above) {
    int at = column;
    for (Plan.Calc calc : above) {
      at = projected(at, calc.projections());
      if (at < 0) {
        return -1;
      }
    }
    return at;
  }

  private static int projected(int column, List<Expression> projections) {
    for (int i = 0; i < projections.size(); i++) {
      if (projections.get(i) instanceof Expression.InputColumn input && input.index() == column) {
        return i;
      }
    }
    return -1;
  }
}
