package dev.beamline.testing;

import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import dev.beamline.catalog.Values;
import dev.beamline.plan.AggregateCall;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Plan;
import dev.beamline.plan.QueryPlan;
import dev.beamline.plan.WindowSpec;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts the panes of discarding windows together, as their readers do: of each key the sums and
 * counts are added, of least and greatest values the least and greatest is taken. Other results
 * cannot be put together of those of parts.
 */
final class PaneSums {

  private static final Set<String> ADDED = Set.of("SUM", "COUNT", "COUNTIF");
  private static final Set<ScalarType> EXACT =
      Set.of(
          ScalarType.INT64,
          ScalarType.NUMERIC,
          ScalarType.BIGNUMERIC,
          ScalarType.TIMESTAMP,
          ScalarType.DATETIME,
          ScalarType.DATE);

  /** What becomes of a column's values. */
  private enum Role {
    KEY,
    ADD,
    LEAST,
    GREATEST
  }

  private final List<Integer> key;
  private final List<Role> roles;

  private PaneSums(List<Integer> key, List<Role> roles) {
    this.key = key;
    this.roles = roles;
  }

  /** How a query's panes are put together; empty: they cannot be. */
  static Optional<PaneSums> of(QueryPlan query) {
    if (query.key().isEmpty() || query.window() == null) {
      return Optional.empty();
    }
    List<Role> roles = new ArrayList<>();
    for (int i = 0; i < query.schema().size(); i++) {
      Role role = query.key().contains(i) ? Role.KEY : role(query.plan(), i);
      if (role == null || !plain(query.plan(), i)) {
        return Optional.empty();
      }
      roles.add(role);
    }
    return Optional.of(new PaneSums(query.key(), roles));
  }

  /** Whether the column comes from one grouping of rows, without a condition on groups. */
  private static boolean plain(Plan plan, int column) {
    if (plan instanceof Plan.Calc calc) {
      return calc.condition() == null
          && calc.projections().get(column) instanceof Expression.InputColumn input
          && plain(calc.input(), input.index());
    }
    return plan instanceof Plan.Aggregate aggregate
        && aggregate.groupingSets().size() == 1
        && rows(aggregate.input());
  }

  /** Whether these are rows of sources, in windows that do not depend on each other. */
  private static boolean rows(Plan plan) {
    boolean known =
        plan instanceof Plan.Scan
            || plan instanceof Plan.Calc
            || plan instanceof Plan.Unnest
            || (plan instanceof Plan.AssignWindows assign
                && !(assign.window() instanceof WindowSpec.Session));
    return known && plan.inputs().stream().allMatch(PaneSums::rows);
  }

  private static @Nullable Role role(Plan plan, int column) {
    if (plan instanceof Plan.Calc calc) {
      return calc.projections().get(column) instanceof Expression.InputColumn input
          ? role(calc.input(), input.index())
          : null;
    }
    if (!(plan instanceof Plan.Aggregate aggregate)) {
      return null;
    }
    if (column < aggregate.keys().size()) {
      return Role.KEY;
    }
    AggregateCall call = aggregate.calls().get(column - aggregate.keys().size());
    if (ADDED.contains(call.function()) && !call.distinct() && call.having() == null) {
      return number(call.type()) ? Role.ADD : null;
    }
    if (!(call.type() instanceof ScalarType type) || !EXACT.contains(type)) {
      return null;
    }
    return switch (call.function()) {
      case "MIN" -> Role.LEAST;
      case "MAX" -> Role.GREATEST;
      default -> null;
    };
  }

  private static boolean number(Type type) {
    return type == ScalarType.INT64
        || type == ScalarType.FLOAT64
        || type == ScalarType.NUMERIC
        || type == ScalarType.BIGNUMERIC;
  }

  /** One row a key, of the rows of all panes. */
  List<Tuple> combine(List<Tuple> panes) {
    Map<Tuple, @Nullable Object[]> byKey = new LinkedHashMap<>();
    for (Tuple pane : panes) {
      Tuple group = Tuple.of(key.stream().map(pane::get).toArray());
      @Nullable Object[] known = byKey.get(group);
      if (known == null) {
        byKey.put(group, pane.values().clone());
        continue;
      }
      for (int i = 0; i < known.length; i++) {
        known[i] = together(roles.get(i), known[i], pane.get(i));
      }
    }
    return byKey.values().stream().map(Tuple::of).toList();
  }

  private static @Nullable Object together(Role role, @Nullable Object a, @Nullable Object b) {
    if (role == Role.KEY || b == null) {
      return a;
    }
    if (a == null) {
      return b;
    }
    return role == Role.ADD ? sum(a, b) : role == Role.LEAST == order(a, b) <= 0 ? a : b;
  }

  private static Object sum(Object a, Object b) {
    if (a instanceof Long x && b instanceof Long y) {
      return Math.addExact(x, y);
    }
    if (a instanceof Double x && b instanceof Double y) {
      return x + y;
    }
    return Values.canonical(((BigDecimal) a).add((BigDecimal) b));
  }

  private static int order(Object a, Object b) {
    return a instanceof Long x ? x.compareTo((Long) b) : ((BigDecimal) a).compareTo((BigDecimal) b);
  }
}
