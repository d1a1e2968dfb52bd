package dev.beamline.plan;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the rows of a plan without their values.
 *
 * @param bounded whether they end
 * @param eventTime columns that hold each row's event time unchanged
 * @param window the windows the rows are in; null: none
 * @param starts columns that hold the window's start; empty where there is no window
 * @param ends columns that hold its end
 * @param assigned whether rows are in windows but not yet grouped by them
 * @param both window columns of a join, one of each pair not NULL; null: none
 */
public record PlanTraits(
    boolean bounded,
    Set<Integer> eventTime,
    @Nullable WindowSpec window,
    Set<Integer> starts,
    Set<Integer> ends,
    boolean assigned,
    @Nullable BothSides both) {

  public PlanTraits {
    eventTime = new TreeSet<>(eventTime);
    starts = new TreeSet<>(starts);
    ends = new TreeSet<>(ends);
  }

  /** The window's columns of both sides of a join, of which one may be NULL. */
  public record BothSides(
      WindowSpec window,
      Set<Integer> leftStarts,
      Set<Integer> rightStarts,
      Set<Integer> leftEnds,
      Set<Integer> rightEnds) {}

  /** Whether the rows are in windows whose start and end are both columns. */
  public boolean windowed() {
    return window != null && !starts.isEmpty() && !ends.isEmpty();
  }

  private static PlanTraits none(boolean bounded) {
    return new PlanTraits(bounded, Set.of(), null, Set.of(), Set.of(), false, null);
  }

  /** Finds out about a plan. */
  public static PlanTraits of(Plan plan) {
    if (plan instanceof Plan.Scan scan) {
      return new PlanTraits(
          scan.bounded(),
          scan.eventTime() < 0 ? Set.of() : Set.of(scan.eventTime()),
          null,
          Set.of(),
          Set.of(),
          false,
          null);
    } else if (plan instanceof Plan.Calc calc) {
      return ofCalc(calc);
    } else if (plan instanceof Plan.AssignWindows assign) {
      PlanTraits input = of(assign.input());
      return new PlanTraits(
          input.bounded,
          input.eventTime,
          assign.window(),
          Set.of(assign.windowStart()),
          Set.of(assign.windowStart() + 1),
          true,
          null);
    } else if (plan instanceof Plan.Aggregate aggregate) {
      return ofAggregate(aggregate);
    } else if (plan instanceof Plan.Join join) {
      return ofJoin(join);
    } else if (plan instanceof Plan.Union union) {
      return ofMany(union.inputs());
    } else if (plan instanceof Plan.SetOperation set) {
      return ofMany(set.inputs());
    } else if (plan instanceof Plan.ScalarSubquery scalar) {
      PlanTraits input = of(scalar.input());
      return input.withBounded(input.bounded && of(scalar.subquery()).bounded);
    } else if (plan.inputs().size() == 1) {
      return of(plan.inputs().get(0));
    }
    return none(true);
  }

  private PlanTraits withBounded(boolean isBounded) {
    return new PlanTraits(isBounded, eventTime, window, starts, ends, assigned, both);
  }

  private static PlanTraits ofCalc(Plan.Calc calc) {
    PlanTraits input = of(calc.input());
    Set<Integer> eventTime = new HashSet<>();
    Set<Integer> starts = new HashSet<>();
    Set<Integer> ends = new HashSet<>();
    List<Set<Integer>> sides =
        List.of(new HashSet<>(), new HashSet<>(), new HashSet<>(), new HashSet<>());
    WindowSpec window = input.window;
    for (int i = 0; i < calc.projections().size(); i++) {
      Expression projection = calc.projections().get(i);
      if (projection instanceof Expression.InputColumn column) {
        addIf(input.eventTime.contains(column.index()), eventTime, i);
        addIf(input.starts.contains(column.index()), starts, i);
        addIf(input.ends.contains(column.index()), ends, i);
        BothSides both = input.both;
        if (both != null) {
          addIf(both.leftStarts.contains(column.index()), sides.get(0), i);
          addIf(both.rightStarts.contains(column.index()), sides.get(1), i);
          addIf(both.leftEnds.contains(column.index()), sides.get(2), i);
          addIf(both.rightEnds.contains(column.index()), sides.get(3), i);
        }
      } else if (input.both != null && projection instanceof Expression.Call call) {
        BothSides both = input.both;
        if (either(call, both.leftStarts, both.rightStarts)) {
          starts.add(i);
          window = both.window;
        } else if (either(call, both.leftEnds, both.rightEnds)) {
          ends.add(i);
          window = both.window;
        }
      }
    }
    BothSides both =
        input.both == null
            ? null
            : new BothSides(
                input.both.window, sides.get(0), sides.get(1), sides.get(2), sides.get(3));
    return new PlanTraits(input.bounded, eventTime, window, starts, ends, input.assigned, both);
  }

  private static void addIf(boolean condition, Set<Integer> set, int value) {
    if (condition) {
      set.add(value);
    }
  }

  /** Whether a call takes the value of whichever side of a join has one. */
  private static boolean either(Expression.Call call, Set<Integer> left, Set<Integer> right) {
    if (!(call.function().equals("COALESCE") || call.function().equals("IFNULL"))
        || call.arguments().size() != 2
        || !(call.arguments().get(0) instanceof Expression.InputColumn a)
        || !(call.arguments().get(1) instanceof Expression.InputColumn b)) {
      return false;
    }
    return (left.contains(a.index()) && right.contains(b.index()))
        || (left.contains(b.index()) && right.contains(a.index()));
  }

  private static PlanTraits ofAggregate(Plan.Aggregate aggregate) {
    PlanTraits input = of(aggregate.input());
    Set<Integer> starts = new HashSet<>();
    Set<Integer> ends = new HashSet<>();
    for (int i = 0; i < aggregate.keys().size(); i++) {
      int key = i;
      boolean always = aggregate.groupingSets().stream().allMatch(s -> s.contains(key));
      addIf(always && input.starts.contains(aggregate.keys().get(i)), starts, i);
      addIf(always && input.ends.contains(aggregate.keys().get(i)), ends, i);
    }
    return starts.isEmpty() || ends.isEmpty()
        ? none(input.bounded)
        : new PlanTraits(input.bounded, Set.of(), input.window, starts, ends, false, null);
  }

  /** Whether the join's keys say that both rows are in the same window. */
  public static boolean sameWindow(Plan.Join join) {
    return sameWindow(join, of(join.left()), of(join.right()));
  }

  private static boolean sameWindow(Plan.Join join, PlanTraits left, PlanTraits right) {
    if (left.window == null || !left.window.equals(right.window)) {
      return false;
    }
    boolean start = false;
    boolean end = false;
    for (int i = 0; i < join.leftKeys().size(); i++) {
      int l = join.leftKeys().get(i);
      int r = join.rightKeys().get(i);
      start |= left.starts.contains(l) && right.starts.contains(r);
      end |= left.ends.contains(l) && right.ends.contains(r);
    }
    boolean oneLength =
        left.window instanceof WindowSpec.Tumble || left.window instanceof WindowSpec.Hop;
    return oneLength ? start || end : start && end;
  }

  private static PlanTraits ofJoin(Plan.Join join) {
    PlanTraits left = of(join.left());
    boolean onlyLeft =
        join.kind() == Plan.Join.Kind.SEMI
            || join.kind() == Plan.Join.Kind.ANTI
            || join.kind() == Plan.Join.Kind.NULL_AWARE_ANTI;
    PlanTraits right = of(join.right());
    boolean bounded = left.bounded && right.bounded;
    if (onlyLeft) {
      return left.withBounded(bounded);
    }
    int shift = join.left().schema().size();
    boolean same = sameWindow(join, left, right);
    boolean keepsLeft = join.kind() == Plan.Join.Kind.INNER || join.kind() == Plan.Join.Kind.LEFT;
    boolean keepsRight = join.kind() == Plan.Join.Kind.INNER || join.kind() == Plan.Join.Kind.RIGHT;
    boolean leftTimed = left.window != null || !left.eventTime.isEmpty();
    boolean rightTimed = right.window != null || !right.eventTime.isEmpty();
    Set<Integer> eventTime = new HashSet<>();
    if (keepsLeft && leftTimed) {
      eventTime.addAll(left.eventTime);
    } else if (keepsRight && rightTimed && (!leftTimed || !keepsLeft)) {
      right.eventTime.forEach(c -> eventTime.add(c + shift));
    }
    Set<Integer> starts = new HashSet<>();
    Set<Integer> ends = new HashSet<>();
    WindowSpec window = null;
    if (keepsLeft && left.window != null && (same || right.window == null)) {
      window = left.window;
      starts.addAll(left.starts);
      ends.addAll(left.ends);
    }
    if (keepsRight && right.window != null && (same || left.window == null)) {
      window = right.window;
      right.starts.forEach(c -> starts.add(c + shift));
      right.ends.forEach(c -> ends.add(c + shift));
    }
    BothSides both = null;
    if (same && left.window != null) {
      both =
          new BothSides(
              left.window,
              left.starts,
              shifted(right.starts, shift),
              left.ends,
              shifted(right.ends, shift));
    }
    return new PlanTraits(
        bounded, eventTime, window, starts, ends, left.assigned || right.assigned, both);
  }

  private static Set<Integer> shifted(Set<Integer> columns, int by) {
    Set<Integer> shifted = new HashSet<>();
    columns.forEach(c -> shifted.add(c + by));
    return shifted;
  }

  private static PlanTraits ofMany(List<Plan> inputs) {
    PlanTraits all = null;
    for (Plan plan : inputs) {
      PlanTraits one = of(plan);
      if (all == null) {
        all = one;
        continue;
      }
      boolean bounded = all.bounded && one.bounded;
      Set<Integer> eventTime = new HashSet<>(all.eventTime);
      eventTime.retainAll(one.eventTime);
      if (all.window == null || !all.window.equals(one.window)) {
        all =
            new PlanTraits(
                bounded, eventTime, null, Set.of(), Set.of(), all.assigned || one.assigned, null);
        continue;
      }
      Set<Integer> starts = new HashSet<>(all.starts);
      starts.retainAll(one.starts);
      Set<Integer> ends = new HashSet<>(all.ends);
      ends.retainAll(one.ends);
      all =
          new PlanTraits(
              bounded, eventTime, all.window, starts, ends, all.assigned || one.assigned, null);
    }
    return all == null ? none(true) : all;
  }
}
