package dev.beamline.transform.group;

import dev.beamline.catalog.Tuple;
import dev.beamline.execution.aggregate.GroupAggregator;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.expression.Evaluator;
import dev.beamline.execution.kernel.RowErrors;
import dev.beamline.plan.AggregateCall;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Expressions;
import dev.beamline.plan.Plans;
import dev.beamline.transform.Compilers;
import dev.beamline.transform.window.Window;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.beam.sdk.coders.Coder;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates: one row a group.
 *
 * @param layout where each leading column of the row comes from; the results of the calls follow
 * @param sets for each grouping set the columns of the input that it groups by, for GROUPING
 */
public record AggregateGrouping(
    List<AggregateCall> calls, RowLayout layout, List<List<Integer>> sets) implements Grouping {

  public AggregateGrouping {
    calls = List.copyOf(calls);
    sets = sets.stream().map(List::copyOf).toList();
  }

  @Override
  public Kernel compile() {
    return new AggregateKernel(this, Compilers.expressions()::evaluator);
  }

  @Override
  public Kernel compileOver(int[] columns, Function<Expression, Evaluator> compiler) {
    List<AggregateCall> there =
        calls.stream()
            .map(
                call ->
                    // GROUPING names a key, and reads nothing.
                    call.function().equals("GROUPING")
                        ? call
                        : Plans.mapCall(call, e -> over(columns, e)))
            .toList();
    return new AggregateKernel(new AggregateGrouping(there, layout, sets), compiler);
  }

  private static Expression over(int[] columns, Expression expression) {
    return Expressions.mapColumnsTyped(
        expression,
        column ->
            columns[column.index()] < 0
                ? new Expression.Literal(null, column.type())
                : new Expression.InputColumn(columns[column.index()], column.type()));
  }

  private GroupAggregator aggregator(int set) {
    return aggregator(set, Compilers.expressions()::evaluator);
  }

  private GroupAggregator aggregator(int set, Function<Expression, Evaluator> compiler) {
    Set<Integer> grouped = new HashSet<>(sets.get(set));
    return GroupAggregator.of(calls, grouped, compiler);
  }

  @Override
  @SuppressWarnings("unchecked") // The accumulators of a group only ever meet its own kernel.
  public Coder<Object> accumulatorCoder() {
    return (Coder<Object>) (Coder<?>) aggregator(0).coder();
  }

  @Override
  public boolean collects() {
    return !aggregator(0).smallAccumulators();
  }

  private static final class AggregateKernel implements Kernel {
    private final GroupAggregator[] aggregators;
    private final RowLayout layout;
    private final int leading;

    AggregateKernel(AggregateGrouping grouping, Function<Expression, Evaluator> compiler) {
      this.layout = grouping.layout;
      this.leading = layout.sources().size();
      this.aggregators = new GroupAggregator[grouping.sets.size()];
      for (int i = 0; i < aggregators.length; i++) {
        aggregators[i] = grouping.aggregator(i, compiler);
      }
    }

    @Override
    public Object create() {
      return aggregators[0].create();
    }

    @Override
    public void check(Tuple row, int side) {
      aggregators[0].add(aggregators[0].create(), row);
    }

    @Override
    public Object add(Object accumulator, Tuple row, int side) {
      return aggregators[0].add((Object[]) accumulator, row);
    }

    @Override
    public Object merge(Object accumulator, Object other) {
      return aggregators[0].merge((Object[]) accumulator, (Object[]) other);
    }

    @Override
    public void finish(
        Object accumulator, Tuple key, Window window, Consumer<Tuple> rows, RowErrors errors) {
      Object[] accumulators = (Object[]) accumulator;
      @Nullable Object[] values = new @Nullable Object[leading + accumulators.length];
      layout.fill(values, key, window);
      GroupAggregator aggregator =
          aggregators.length > 1 && key.get(0) instanceof Long set
              ? aggregators[set.intValue()]
              : aggregators[0];
      try {
        aggregator.results(accumulators, values, leading);
      } catch (EvaluationException e) {
        errors.failed(key, e);
        return;
      }
      rows.accept(Tuple.of(values));
    }
  }
}
