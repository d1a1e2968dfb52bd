package dev.beamline.plan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Columns that tell the rows of a plan apart. */
public final class PlanKeys {

  private PlanKeys() {}

  /**
   * Columns whose values are different for any two rows; empty where none are known. A key that is
   * empty because there is at most one row cannot be told from that.
   */
  public static List<Integer> of(Plan plan) {
    return List.copyOf(new TreeSet<>(find(plan)));
  }

  private static Set<Integer> find(Plan plan) {
    if (plan instanceof Plan.Aggregate aggregate) {
      Set<Integer> keys = new HashSet<>();
      if (aggregate.groupingSets().size() == 1) {
        keys.addAll(aggregate.groupingSets().get(0));
      }
      return keys;
    } else if (plan instanceof Plan.Calc calc) {
      return ofCalc(calc);
    } else if (plan instanceof Plan.Join join) {
      return ofJoin(join);
    } else if (plan instanceof Plan.AssignWindows assign) {
      Set<Integer> keys = find(assign.input());
      boolean once =
          assign.window() instanceof WindowSpec.Tumble
              || assign.window() instanceof WindowSpec.Session
              || assign.window() instanceof WindowSpec.Global;
      return once ? keys : Set.of();
    } else if (plan instanceof Plan.SetOperation set) {
      if (set.all()) {
        return Set.of();
      }
      Set<Integer> keys = new HashSet<>();
      for (int i = 0; i < set.schema().size(); i++) {
        keys.add(i);
      }
      return keys;
    } else if (plan instanceof Plan.Limit
        || plan instanceof Plan.Sort
        || plan instanceof Plan.Analytic
        || plan instanceof Plan.QueryResult
        || plan instanceof Plan.ScalarSubquery) {
      return find(plan.inputs().get(0));
    }
    return Set.of();
  }

  private static Set<Integer> ofCalc(Plan.Calc calc) {
    Set<Integer> keys = new HashSet<>();
    for (int key : find(calc.input())) {
      int at = -1;
      for (int i = 0; i < calc.projections().size() && at < 0; i++) {
        if (holds(calc.projections().get(i), key, calc.input())) {
          at = i;
        }
      }
      if (at < 0) {
        return Set.of();
      }
      keys.add(at);
    }
    return keys;
  }

  /** Whether the expression always has the value of the column. */
  private static boolean holds(Expression expression, int key, Plan input) {
    if (expression instanceof Expression.InputColumn column) {
      return column.index() == key;
    }
    // COALESCE(a.k, b.k) behind a LEFT JOIN ON a.k = b.k is a.k.
    if (!(expression instanceof Expression.Call call)
        || !(call.function().equals("COALESCE") || call.function().equals("IFNULL"))
        || call.arguments().size() != 2
        || !(call.arguments().get(0) instanceof Expression.InputColumn first)
        || !(call.arguments().get(1) instanceof Expression.InputColumn second)
        || !(input instanceof Plan.Join join)) {
      return false;
    }
    int left = Math.min(first.index(), second.index());
    int right = Math.max(first.index(), second.index());
    int kept =
        switch (join.kind()) {
          case INNER, LEFT -> left;
          case RIGHT -> right;
          case FULL, SEMI, ANTI, NULL_AWARE_ANTI -> -1;
        };
    int shift = join.left().schema().size();
    for (int i = 0; i < join.leftKeys().size(); i++) {
      if (join.leftKeys().get(i) == left && join.rightKeys().get(i) + shift == right) {
        return kept == key;
      }
    }
    return false;
  }

  /** Where the keys of one side are among the columns joined on, the other's rows stay apart. */
  private static Set<Integer> ofJoin(Plan.Join join) {
    Set<Integer> left = find(join.left());
    switch (join.kind()) {
      case SEMI, ANTI, NULL_AWARE_ANTI -> {
        return left;
      }
      default -> {}
    }
    Set<Integer> right = find(join.right());
    int shift = join.left().schema().size();
    boolean oneRight = !right.isEmpty() && join.rightKeys().containsAll(right);
    boolean oneLeft = !left.isEmpty() && join.leftKeys().containsAll(left);
    boolean keepsLeft = join.kind() == Plan.Join.Kind.INNER || join.kind() == Plan.Join.Kind.LEFT;
    boolean keepsRight = join.kind() == Plan.Join.Kind.INNER || join.kind() == Plan.Join.Kind.RIGHT;
    if (oneRight && keepsLeft) {
      return left;
    }
    List<Integer> moved = new ArrayList<>();
    right.forEach(k -> moved.add(k + shift));
    if (oneLeft && keepsRight) {
      return new HashSet<>(moved);
    }
    if (left.isEmpty() || right.isEmpty() || join.kind() == Plan.Join.Kind.FULL) {
      return Set.of();
    }
    Set<Integer> both = new HashSet<>(left);
    both.addAll(moved);
    return both;
  }
}
