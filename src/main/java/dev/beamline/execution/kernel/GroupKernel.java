package dev.beamline.execution.kernel;

import dev.beamline.catalog.Tuple;
import dev.beamline.execution.aggregate.GroupAggregator;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.expression.Evaluator;
import dev.beamline.execution.row.KeyExtractor;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Plan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** GROUP BY in memory: takes rows, then gives a row a group and grouping set. */
public final class GroupKernel {

  private final Plan.Aggregate plan;
  private final RowErrors errors;
  private final List<GroupingSet> sets = new ArrayList<>();

  /** One grouping set and its groups. */
  private record GroupingSet(
      List<Integer> positions,
      KeyExtractor keys,
      GroupAggregator aggregator,
      Map<Tuple, Object[]> groups) {}

  public GroupKernel(
      Plan.Aggregate plan, Function<Expression, Evaluator> compiler, RowErrors errors) {
    this.plan = plan;
    this.errors = errors;
    for (List<Integer> positions : plan.groupingSets()) {
      List<Integer> columns = positions.stream().map(plan.keys()::get).toList();
      Set<Integer> grouped = new HashSet<>(columns);
      sets.add(
          new GroupingSet(
              positions,
              KeyExtractor.of(columns, plan.input().schema()),
              GroupAggregator.of(plan.calls(), grouped, compiler),
              new LinkedHashMap<>()));
    }
  }

  /** Adds a row to its group of each set. */
  public void add(Tuple row) {
    try {
      for (GroupingSet set : sets) {
        Tuple key = set.keys.group(row);
        Object[] accumulators = set.groups.get(key);
        boolean first = accumulators == null;
        if (accumulators == null) {
          accumulators = set.aggregator.create();
        }
        set.aggregator.add(accumulators, row);
        if (first) {
          set.groups.put(key, accumulators);
        }
      }
    } catch (EvaluationException e) {
      errors.failed(row, e);
    }
  }

  /** Forgets what was added. */
  public void clear() {
    sets.forEach(set -> set.groups.clear());
  }

  /** Gives the result of what was added, and forgets it. */
  public void finish(Consumer<Tuple> out) {
    for (GroupingSet set : sets) {
      if (set.positions.isEmpty() && set.groups.isEmpty()) {
        set.groups.put(Tuple.of(), set.aggregator.create());
      }
      set.groups.forEach(
          (key, accumulators) -> {
            Tuple result = result(set, key, accumulators);
            if (result != null) {
              out.accept(result);
            }
          });
      set.groups.clear();
    }
  }

  private @Nullable Tuple result(GroupingSet set, Tuple key, Object[] accumulators) {
    int keys = plan.keys().size();
    @Nullable Object[] row = new @Nullable Object[keys + accumulators.length];
    for (int i = 0; i < key.size(); i++) {
      row[set.positions.get(i)] = key.get(i);
    }
    try {
      set.aggregator.results(accumulators, row, keys);
      return Tuple.of(row);
    } catch (EvaluationException e) {
      errors.failed(key, e);
      return null;
    }
  }
}
