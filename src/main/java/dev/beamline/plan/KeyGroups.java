package dev.beamline.plan;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether all that ever becomes of a key comes out of one group. Where results change, a key may
 * move: a row that is joined, or ranked, by a sum is in another group once the sum is another one,
 * and neither group knows whether it is the last to speak of that key.
 */
public final class KeyGroups {

  private KeyGroups() {}

  /**
   * Whether rows with equal values in these columns are always made by the same group of the last
   * operator that brings rows together, however the rows that come to it change.
   */
  public static boolean fixed(Plan plan, List<Integer> key) {
    return fixed(plan, new HashSet<>(key));
  }

  private static boolean fixed(Plan plan, Set<Integer> key) {
    if (plan instanceof Plan.Calc calc) {
      Set<Integer> inner = new HashSet<>();
      for (int column : key) {
        if (calc.projections().get(column) instanceof Expression.InputColumn input) {
          inner.add(input.index());
        } else if (calc.projections().get(column) instanceof Expression.Call call
            && call.function().equals("COALESCE")
            && calc.input() instanceof Plan.Join join) {
          inner.addAll(joined(join, call));
        }
      }
      return fixed(calc.input(), inner);
    } else if (plan instanceof Plan.Aggregate aggregate) {
      return covers(plan, Plans.places(aggregate.keys().size()), key);
    } else if (plan instanceof Plan.Limit limit) {
      return covers(plan, limit.partitionBy(), key);
    } else if (plan instanceof Plan.Analytic analytic) {
      Set<Integer> read = new TreeSet<>();
      analytic.partitionBy().forEach(e -> read.addAll(Expressions.columns(e)));
      return covers(plan, List.copyOf(read), key);
    } else if (plan instanceof Plan.SetOperation) {
      return covers(plan, Plans.places(plan.schema().size()), key);
    } else if (plan instanceof Plan.Join join) {
      return ofJoin(join, key);
    } else if (plan.inputs().isEmpty()) {
      return true;
    } else if (plan instanceof Plan.Union) {
      return false;
    }
    // Windows, arrays and single values: of the row's own columns, which stand first.
    int columns = plan.inputs().get(0).schema().size();
    return fixed(
        plan.inputs().get(0),
        new HashSet<>(key.stream().filter(column -> column < columns).toList()));
  }

  private static boolean ofJoin(Plan.Join join, Set<Integer> key) {
    int shift = join.left().schema().size();
    boolean left = PlanTraits.of(join.left()).bounded();
    boolean right = PlanTraits.of(join.right()).bounded();
    if (right && !left) {
      return fixed(join.left(), new HashSet<>(key.stream().filter(c -> c < shift).toList()));
    } else if (left && !right) {
      return fixed(
          join.right(),
          new HashSet<>(key.stream().filter(c -> c >= shift).map(c -> c - shift).toList()));
    }
    List<Integer> of =
        join.kind() == Plan.Join.Kind.RIGHT
            ? join.rightKeys().stream().map(c -> c + shift).toList()
            : join.leftKeys();
    if (join.kind() == Plan.Join.Kind.NULL_AWARE_ANTI) {
      PlanTraits traits = PlanTraits.of(join.left());
      of = of.stream().filter(c -> traits.starts().contains(c)).toList();
    }
    Set<Integer> known = new HashSet<>(key);
    for (int i = 0; i < join.leftKeys().size(); i++) {
      int l = join.leftKeys().get(i);
      int r = join.rightKeys().get(i) + shift;
      if (join.kind() == Plan.Join.Kind.INNER && (known.contains(l) || known.contains(r))) {
        known.add(l);
        known.add(r);
      }
    }
    return covers(join, of, known);
  }

  /** The columns of a COALESCE(a.k, b.k) of two columns that are joined on. */
  private static Set<Integer> joined(Plan.Join join, Expression.Call call) {
    int shift = join.left().schema().size();
    Set<Integer> columns = new TreeSet<>();
    call.arguments().forEach(a -> columns.addAll(Expressions.columns(a)));
    for (int i = 0; i < join.leftKeys().size(); i++) {
      if (columns.equals(Set.of(join.leftKeys().get(i), join.rightKeys().get(i) + shift))) {
        return columns;
      }
    }
    return Set.of();
  }

  /** Whether the key has all of the group's columns, or says as much of the window. */
  private static boolean covers(Plan plan, List<Integer> group, Set<Integer> key) {
    PlanTraits traits = PlanTraits.of(plan);
    boolean start = traits.starts().stream().anyMatch(key::contains);
    boolean end = traits.ends().stream().anyMatch(key::contains);
    boolean oneTells =
        traits.window() instanceof WindowSpec.Tumble
            || traits.window() instanceof WindowSpec.Hop
            || traits.window() instanceof WindowSpec.Global;
    return group.stream()
        .allMatch(
            column ->
                key.contains(column)
                    || (traits.starts().contains(column) && (start || (oneTells && end)))
                    || (traits.ends().contains(column) && (end || (oneTells && start))));
  }
}
