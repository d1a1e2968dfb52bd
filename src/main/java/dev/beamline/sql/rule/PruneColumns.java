package dev.beamline.sql.rule;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.Schema;
import dev.beamline.plan.AggregateCall;
import dev.beamline.plan.AnalyticCall;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Expressions;
import dev.beamline.plan.Plan;
import dev.beamline.plan.Plans;
import dev.beamline.plan.SortKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Lets each operator give only the columns that are used above it, down to the sources.
 *
 * <pre>
 * before: Calc [team]                                after: Calc [team]
 *           Scan events [ts, team, score, tags]               Scan events [team]
 * </pre>
 */
final class PruneColumns {

  private PruneColumns() {}

  /**
   * A plan that gives some of the columns that it gave before.
   *
   * @param kept the old index of each column
   */
  private record Pruned(Plan plan, List<Integer> kept) {

    UnaryOperator<Expression> map() {
      Map<Integer, Integer> moved = new HashMap<>();
      for (int i = 0; i < kept.size(); i++) {
        moved.put(kept.get(i), i);
      }
      return e ->
          Expressions.mapColumnsTyped(
              e, c -> new Expression.InputColumn(at(moved, c.index()), c.type()));
    }

    int indexOf(int old) {
      return kept.indexOf(old);
    }

    List<Integer> indexesOf(List<Integer> old) {
      return old.stream().map(this::indexOf).toList();
    }

    private static int at(Map<Integer, Integer> moved, int index) {
      Integer at = moved.get(index);
      if (at == null) {
        throw new IllegalStateException("column " + index + " is used but not kept");
      }
      return at;
    }
  }

  /** The same rows and columns from operators that compute no more than that. */
  static Plan apply(Plan plan) {
    Pruned pruned = prune(plan, new TreeSet<>(all(plan)));
    if (pruned.kept().equals(all(plan))) {
      return pruned.plan();
    }
    return new Plan.Calc(
        pruned.plan(),
        null,
        all(plan).stream()
            .map(i -> (Expression) Plans.column(pruned.plan(), pruned.indexOf(i)))
            .toList(),
        plan.schema());
  }

  private static List<Integer> all(Plan plan) {
    return Plans.places(plan.schema().size());
  }

  private static Schema schema(Schema schema, Collection<Integer> kept) {
    return new Schema(kept.stream().map(schema::column).toList());
  }

  /** Needed columns may come with others: the result says which there are. */
  private static Pruned prune(Plan plan, Set<Integer> needed) {
    if (plan instanceof Plan.Scan scan) {
      return scan(scan, needed);
    } else if (plan instanceof Plan.Calc calc) {
      return calc(calc, needed);
    } else if (plan instanceof Plan.AssignWindows assign) {
      return assign(assign, needed);
    } else if (plan instanceof Plan.Aggregate aggregate) {
      return aggregate(aggregate, needed);
    } else if (plan instanceof Plan.Analytic analytic) {
      return analytic(analytic, needed);
    } else if (plan instanceof Plan.Limit limit) {
      Set<Integer> below = new TreeSet<>(needed);
      below.addAll(limit.partitionBy());
      addOrder(limit.orderBy(), below);
      Pruned input = prune(limit.input(), below);
      return new Pruned(
          new Plan.Limit(
              input.plan(),
              input.indexesOf(limit.partitionBy()),
              Plans.mapOrder(limit.orderBy(), input.map()),
              limit.limit(),
              limit.offset()),
          input.kept());
    } else if (plan instanceof Plan.Sort sort) {
      Set<Integer> below = new TreeSet<>(needed);
      addOrder(sort.orderBy(), below);
      Pruned input = prune(sort.input(), below);
      return new Pruned(
          new Plan.Sort(input.plan(), Plans.mapOrder(sort.orderBy(), input.map())), input.kept());
    } else if (plan instanceof Plan.Join join) {
      return join(join, needed);
    } else if (plan instanceof Plan.Union union) {
      return union(union, needed);
    } else if (plan instanceof Plan.Unnest unnest) {
      return unnest(unnest, needed);
    } else if (plan instanceof Plan.ScalarSubquery scalar) {
      return scalar(scalar, needed);
    } else if (plan instanceof Plan.SetOperation set) {
      return new Pruned(
          Plans.withInputs(set, List.of(apply(set.left()), apply(set.right()))), all(set));
    }
    return new Pruned(plan, all(plan));
  }

  private static void add(@Nullable Expression expression, Set<Integer> to) {
    if (expression != null) {
      to.addAll(Expressions.columns(expression));
    }
  }

  /** Adds those of the columns that the input has: what an operator adds stands behind them. */
  private static void addBefore(int size, Set<Integer> columns, Set<Integer> to) {
    columns.stream().filter(i -> i < size).forEach(to::add);
  }

  private static void addOrder(List<SortKey> order, Set<Integer> to) {
    order.forEach(k -> add(k.expression(), to));
  }

  /** At least one column is read, so that there are rows; the event time, where there is one. */
  private static Pruned scan(Plan.Scan scan, Set<Integer> needed) {
    Set<Integer> kept = new TreeSet<>(needed);
    add(scan.filter(), kept);
    if (kept.isEmpty() && scan.schema().size() > 0) {
      kept.add(Math.max(scan.eventTime(), 0));
    }
    List<Integer> indexes = List.copyOf(kept);
    Pruned columns = new Pruned(scan, indexes);
    Expression filter = scan.filter();
    return new Pruned(
        new Plan.Scan(
            scan.source(),
            schema(scan.schema(), indexes),
            indexes.indexOf(scan.eventTime()),
            scan.bounded(),
            filter == null ? null : columns.map().apply(filter)),
        indexes);
  }

  private static Pruned calc(Plan.Calc calc, Set<Integer> needed) {
    Set<Integer> below = new TreeSet<>();
    add(calc.condition(), below);
    needed.forEach(i -> add(calc.projections().get(i), below));
    Pruned input = prune(calc.input(), below);
    List<Integer> kept = List.copyOf(needed);
    Expression condition = calc.condition();
    return new Pruned(
        new Plan.Calc(
            input.plan(),
            condition == null ? null : input.map().apply(condition),
            kept.stream().map(calc.projections()::get).map(input.map()).toList(),
            schema(calc.schema(), kept)),
        kept);
  }

  private static Pruned assign(Plan.AssignWindows assign, Set<Integer> needed) {
    int size = assign.windowStart();
    Set<Integer> below = new TreeSet<>();
    addBefore(size, needed, below);
    below.add(assign.timeColumn());
    below.addAll(assign.sessionKeys());
    Pruned input = prune(assign.input(), below);
    List<Integer> kept = new ArrayList<>(input.kept());
    kept.add(size);
    kept.add(size + 1);
    return new Pruned(
        new Plan.AssignWindows(
            input.plan(),
            assign.window(),
            input.indexOf(assign.timeColumn()),
            input.indexesOf(assign.sessionKeys()),
            Plans.plus(input.plan().schema(), assign.schema().columns().subList(size, size + 2))),
        kept);
  }

  /** Keys stay, for they say what a group is; calls that nobody needs go. */
  private static Pruned aggregate(Plan.Aggregate aggregate, Set<Integer> needed) {
    int keys = aggregate.keys().size();
    List<Integer> kept = new ArrayList<>(Plans.places(keys));
    List<AggregateCall> calls = new ArrayList<>();
    Set<Integer> below = new TreeSet<>(aggregate.keys());
    for (int i = 0; i < aggregate.calls().size(); i++) {
      if (needed.contains(keys + i)) {
        AggregateCall call = aggregate.calls().get(i);
        kept.add(keys + i);
        calls.add(call);
        call.expressions().forEach(e -> add(e, below));
      }
    }
    Pruned input = prune(aggregate.input(), below);
    return new Pruned(
        new Plan.Aggregate(
            input.plan(),
            input.indexesOf(aggregate.keys()),
            aggregate.groupingSets(),
            calls.stream().map(c -> Plans.mapCall(c, input.map())).toList(),
            schema(aggregate.schema(), kept)),
        kept);
  }

  private static Pruned analytic(Plan.Analytic analytic, Set<Integer> needed) {
    int size = analytic.input().schema().size();
    Set<Integer> below = new TreeSet<>();
    addBefore(size, needed, below);
    List<AnalyticCall> calls = new ArrayList<>();
    List<Integer> added = new ArrayList<>();
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < analytic.calls().size(); i++) {
      if (needed.contains(size + i)) {
        calls.add(analytic.calls().get(i));
        added.add(size + i);
        columns.add(analytic.schema().column(size + i));
        analytic.calls().get(i).arguments().forEach(a -> add(a, below));
      }
    }
    if (calls.isEmpty()) {
      return prune(analytic.input(), below);
    }
    analytic.partitionBy().forEach(e -> add(e, below));
    addOrder(analytic.orderBy(), below);
    Pruned input = prune(analytic.input(), below);
    List<Integer> kept = new ArrayList<>(input.kept());
    kept.addAll(added);
    return new Pruned(
        new Plan.Analytic(
            input.plan(),
            analytic.partitionBy().stream().map(input.map()).toList(),
            Plans.mapOrder(analytic.orderBy(), input.map()),
            calls.stream().map(c -> Plans.mapCall(c, input.map())).toList(),
            Plans.plus(input.plan().schema(), columns)),
        kept);
  }

  private static Pruned join(Plan.Join join, Set<Integer> needed) {
    int size = join.left().schema().size();
    Set<Integer> used = new TreeSet<>(needed);
    add(join.condition(), used);
    Set<Integer> left = new TreeSet<>(join.leftKeys());
    Set<Integer> right = new TreeSet<>(join.rightKeys());
    for (int column : used) {
      if (column < size) {
        left.add(column);
      } else {
        right.add(column - size);
      }
    }
    Pruned l = prune(join.left(), left);
    Pruned r = prune(join.right(), right);
    List<Integer> both = new ArrayList<>(l.kept());
    r.kept().forEach(i -> both.add(i + size));
    boolean onlyLeft =
        join.kind() == Plan.Join.Kind.SEMI
            || join.kind() == Plan.Join.Kind.ANTI
            || join.kind() == Plan.Join.Kind.NULL_AWARE_ANTI;
    Expression condition = join.condition();
    return new Pruned(
        new Plan.Join(
            l.plan(),
            r.plan(),
            join.kind(),
            l.indexesOf(join.leftKeys()),
            r.indexesOf(join.rightKeys()),
            condition == null ? null : new Pruned(join, both).map().apply(condition),
            onlyLeft ? l.plan().schema() : Plans.concat(l.plan().schema(), r.plan().schema())),
        onlyLeft ? l.kept() : both);
  }

  private static Pruned union(Plan.Union union, Set<Integer> needed) {
    List<Integer> kept = List.copyOf(needed);
    List<Plan> inputs = new ArrayList<>();
    for (Plan plan : union.inputs()) {
      Pruned input = prune(plan, needed);
      inputs.add(
          input.kept().equals(kept)
              ? input.plan()
              : Plans.select(input.plan(), input.indexesOf(kept)));
    }
    return new Pruned(new Plan.Union(inputs, schema(union.schema(), kept)), kept);
  }

  private static Pruned unnest(Plan.Unnest unnest, Set<Integer> needed) {
    int size = unnest.input().schema().size();
    Set<Integer> used = new TreeSet<>(needed);
    add(unnest.condition(), used);
    Set<Integer> below = new TreeSet<>();
    addBefore(size, used, below);
    add(unnest.array(), below);
    Pruned input = prune(unnest.input(), below);
    List<Integer> kept = new ArrayList<>(input.kept());
    IntStream.range(size, unnest.schema().size()).forEach(kept::add);
    Expression condition = unnest.condition();
    return new Pruned(
        new Plan.Unnest(
            input.plan(),
            input.map().apply(unnest.array()),
            unnest.outer(),
            unnest.withOffset(),
            condition == null ? null : new Pruned(unnest, kept).map().apply(condition),
            Plans.plus(
                input.plan().schema(),
                unnest.schema().columns().subList(size, unnest.schema().size()))),
        kept);
  }

  private static Pruned scalar(Plan.ScalarSubquery scalar, Set<Integer> needed) {
    int size = scalar.input().schema().size();
    Set<Integer> below = new TreeSet<>();
    addBefore(size, needed, below);
    Pruned input = prune(scalar.input(), below);
    List<Integer> kept = new ArrayList<>(input.kept());
    kept.add(size);
    return new Pruned(
        new Plan.ScalarSubquery(
            input.plan(),
            apply(scalar.subquery()),
            Plans.plus(input.plan().schema(), List.of(scalar.schema().column(size))),
            scalar.place()),
        kept);
  }
}
