package dev.beamline.plan;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Whether a key that a result has had stays in it while more rows come, so that each pane of the
 * key is followed by another of it and none by nothing. A group stays; a row that HAVING, a top-N
 * or a partner decides on may go. What is not known to stay is taken to go.
 */
public final class KeptKeys {

  /** Comparisons of columns of the key come out the same for each pane. */
  private static final Set<String> FIXED = Set.of("AND", "EQ", "NE", "LT", "LE", "GT", "GE");

  private KeptKeys() {}

  /**
   * Whether rows of the result are only ever replaced by newer ones of their key. Those of a
   * session may also become part of a longer one, which has their key besides its bounds.
   */
  public static boolean of(Plan plan) {
    return find(plan) != null;
  }

  /**
   * What becomes of rows that are kept.
   *
   * @param whole whether they never change; else their key stays and the other values may change
   * @param sessions null: they are in no sessions
   */
  private record Rows(boolean whole, @Nullable Sessions sessions) {
    private static final Rows WHOLE = new Rows(true, null);
    private static final Rows KEYS = new Rows(false, null);

    boolean plain() {
      return whole && sessions == null;
    }
  }

  /**
   * Rows in sessions, whose bounds change.
   *
   * @param keys columns that keep sessions apart
   * @param own columns that do not change with the bounds
   */
  private record Sessions(Set<Integer> keys, Set<Integer> own) {
    private static final Sessions GROUPED = new Sessions(Set.of(), Set.of());
  }

  private static @Nullable Rows find(Plan plan) {
    if (plan instanceof Plan.Scan || plan instanceof Plan.ConstantRows) {
      return Rows.WHOLE;
    } else if (plan instanceof Plan.Calc calc) {
      return ofCalc(calc);
    } else if (plan instanceof Plan.AssignWindows assign) {
      return ofWindows(assign);
    } else if (plan instanceof Plan.Aggregate aggregate) {
      return ofAggregate(aggregate);
    } else if (plan instanceof Plan.Join join) {
      return ofJoin(join);
    } else if (plan instanceof Plan.Sort sort) {
      return find(sort.input());
    } else if (plan instanceof Plan.Analytic analytic) {
      Rows input = find(analytic.input());
      return input == null || (input.whole() && input.sessions() != null)
          ? null
          : new Rows(false, input.sessions());
    } else if (plan instanceof Plan.ScalarSubquery scalar) {
      return PlanTraits.of(scalar.subquery()).bounded() ? find(scalar.input()) : null;
    } else if (plan instanceof Plan.Unnest
        || plan instanceof Plan.Union
        || plan instanceof Plan.QueryResult) {
      // Another query has panes of its own, which only rows that never change do not show.
      return plan.inputs().stream().allMatch(KeptKeys::plain) ? Rows.WHOLE : null;
    }
    return null;
  }

  private static boolean plain(Plan plan) {
    Rows rows = find(plan);
    return rows != null && rows.plain();
  }

  private static @Nullable Rows ofCalc(Plan.Calc calc) {
    Rows input = find(calc.input());
    if (input == null) {
      return null;
    }
    Expression condition = calc.condition();
    Sessions sessions = input.sessions();
    if (condition != null) {
      boolean stays =
          sessions != null
              ? input.whole() && sessions.own().containsAll(Expressions.columns(condition))
              : input.whole() || fixed(condition, Set.copyOf(PlanKeys.of(calc.input())));
      if (!stays) {
        return null;
      }
    }
    if (sessions == null || !input.whole()) {
      return input;
    }
    Set<Integer> keys = new HashSet<>();
    Set<Integer> held = new HashSet<>();
    Set<Integer> own = new HashSet<>();
    for (int i = 0; i < calc.projections().size(); i++) {
      Expression projection = calc.projections().get(i);
      if (sessions.own().containsAll(Expressions.columns(projection))) {
        own.add(i);
      }
      if (projection instanceof Expression.InputColumn column
          && sessions.keys().contains(column.index())
          && held.add(column.index())) {
        keys.add(i);
      }
    }
    return held.size() == sessions.keys().size() ? new Rows(true, new Sessions(keys, own)) : null;
  }

  /** Whether a condition says the same of all rows of a key. */
  private static boolean fixed(Expression condition, Set<Integer> key) {
    if (condition instanceof Expression.InputColumn column) {
      return key.contains(column.index());
    }
    return condition instanceof Expression.Literal
        || (condition instanceof Expression.Call call
            && FIXED.contains(call.function())
            && call.arguments().stream().allMatch(argument -> fixed(argument, key)));
  }

  private static @Nullable Rows ofWindows(Plan.AssignWindows assign) {
    if (!plain(assign.input())) {
      return null;
    }
    if (!(assign.window() instanceof WindowSpec.Session)) {
      return Rows.WHOLE;
    }
    Set<Integer> own =
        IntStream.range(0, assign.windowStart()).boxed().collect(Collectors.toUnmodifiableSet());
    return new Rows(true, new Sessions(Set.copyOf(assign.sessionKeys()), own));
  }

  private static @Nullable Rows ofAggregate(Plan.Aggregate aggregate) {
    Rows input = find(aggregate.input());
    if (input == null) {
      return null;
    }
    List<Integer> keys = aggregate.keys();
    Sessions sessions = input.sessions();
    if (sessions == null) {
      return input.whole() || PlanKeys.of(aggregate.input()).containsAll(keys) ? Rows.KEYS : null;
    }
    if (!input.whole()
        || aggregate.groupingSets().size() != 1
        || !keys.containsAll(sessions.keys())) {
      return null;
    }
    PlanTraits traits = PlanTraits.of(aggregate.input());
    boolean known =
        keys.stream()
            .allMatch(
                key ->
                    sessions.own().contains(key)
                        || traits.starts().contains(key)
                        || traits.ends().contains(key));
    return known ? new Rows(false, Sessions.GROUPED) : null;
  }

  /** Pairs stay where rows of both sides do; a row without a partner may get one of a stream. */
  private static @Nullable Rows ofJoin(Plan.Join join) {
    boolean leftTable = PlanTraits.of(join.left()).bounded();
    boolean rightTable = PlanTraits.of(join.right()).bounded();
    boolean left = leftTable || plain(join.left());
    boolean right = rightTable || plain(join.right());
    boolean stays =
        switch (join.kind()) {
          case INNER -> left && right;
          case LEFT, SEMI, ANTI, NULL_AWARE_ANTI -> left && rightTable;
          case RIGHT -> right && leftTable;
          case FULL -> false;
        };
    return stays ? Rows.WHOLE : null;
  }
}
