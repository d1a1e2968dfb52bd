package dev.beamline.transform.group;

import dev.beamline.catalog.Tuple;
import dev.beamline.execution.aggregate.Aggregator;
import dev.beamline.execution.expression.Evaluator;
import dev.beamline.plan.AggregateCall;
import dev.beamline.plan.Expression;
import dev.beamline.transform.Compilers;
import dev.beamline.transform.window.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.beam.sdk.coders.Coder;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates: one row a group.
 *
 * @param layout where each leading column of the row comes from: a position in the group's key, or
 *     {@link #WINDOW_START} or {@link #WINDOW_END}; the results of the calls follow
 */
public record AggregateGrouping(List<AggregateCall> calls, List<Integer> layout)
    implements Grouping {

  public static final int WINDOW_START = -1;
  public static final int WINDOW_END = -2;

  public AggregateGrouping {
    calls = List.copyOf(calls);
    layout = List.copyOf(layout);
  }

  @Override
  public Kernel compile() {
    return new AggregateKernel(calls, layout);
  }

  @Override
  public Coder<Object> accumulatorCoder() {
    return new AccumulatorsCoder(aggregators(calls).stream().map(Aggregator::coder).toList());
  }

  @Override
  public boolean collects() {
    return false;
  }

  @SuppressWarnings("unchecked") // The accumulators of a call only ever meet its own aggregator.
  private static List<Aggregator<Object>> aggregators(List<AggregateCall> calls) {
    List<Aggregator<Object>> aggregators = new ArrayList<>();
    for (AggregateCall call : calls) {
      aggregators.add((Aggregator<Object>) Compilers.aggregator(call));
    }
    return aggregators;
  }

  private static final class AggregateKernel implements Kernel {
    private final Aggregator<Object>[] aggregators;
    private final List<Guard> guards;
    private final int[] layout;

    @SuppressWarnings({"unchecked", "rawtypes"}) // An array of one class's objects.
    AggregateKernel(List<AggregateCall> calls, List<Integer> layout) {
      this.aggregators = aggregators(calls).toArray(new Aggregator[0]);
      this.guards = calls.stream().filter(Guard::needed).map(Guard::new).toList();
      this.layout = layout.stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    public Object create() {
      Object[] accumulators = new Object[aggregators.length];
      for (int i = 0; i < accumulators.length; i++) {
        accumulators[i] = aggregators[i].create();
      }
      return accumulators;
    }

    @Override
    public void check(Tuple row, int side) {
      for (Guard guard : guards) {
        guard.check(row);
      }
    }

    @Override
    public Object add(Object accumulator, Tuple row, int side) {
      if (aggregators.length > 1) {
        check(row, side);
      }
      Object[] accumulators = (Object[]) accumulator;
      for (int i = 0; i < accumulators.length; i++) {
        accumulators[i] = aggregators[i].add(accumulators[i], row);
      }
      return accumulators;
    }

    @Override
    public Object merge(Object accumulator, Object other) {
      Object[] accumulators = (Object[]) accumulator;
      Object[] others = (Object[]) other;
      for (int i = 0; i < accumulators.length; i++) {
        accumulators[i] = aggregators[i].merge(accumulators[i], others[i]);
      }
      return accumulators;
    }

    @Override
    public void finish(Object accumulator, Tuple key, Window window, Consumer<Tuple> rows) {
      Object[] accumulators = (Object[]) accumulator;
      @Nullable Object[] values = new @Nullable Object[layout.length + accumulators.length];
      boolean timed = !window.equals(Window.ALL_TIME);
      for (int i = 0; i < layout.length; i++) {
        values[i] =
            switch (layout[i]) {
              case WINDOW_START -> timed ? (Object) window.start() : null;
              case WINDOW_END -> timed ? (Object) window.end() : null;
              default -> key.get(layout[i]);
            };
      }
      for (int i = 0; i < accumulators.length; i++) {
        values[layout.length + i] = aggregators[i].result(accumulators[i]);
      }
      rows.accept(Tuple.of(values));
    }
  }

  /** Evaluates what a call would evaluate, before any call has changed its accumulator. */
  private static final class Guard {
    private final @Nullable Evaluator filter;
    private final List<Evaluator> expressions = new ArrayList<>();

    Guard(AggregateCall call) {
      Expression condition = call.filter();
      this.filter = condition == null ? null : Compilers.expressions().evaluator(condition);
      call.arguments().forEach(this::add);
      call.orderBy().forEach(key -> add(key.expression()));
    }

    private void add(Expression expression) {
      if (!plain(expression)) {
        expressions.add(Compilers.expressions().evaluator(expression));
      }
    }

    static boolean needed(AggregateCall call) {
      return !(call.arguments().stream().allMatch(Guard::plain)
          && call.orderBy().stream().allMatch(key -> plain(key.expression()))
          && (call.filter() == null || plain(call.filter())));
    }

    private static boolean plain(Expression expression) {
      return expression instanceof Expression.InputColumn
          || expression instanceof Expression.Literal;
    }

    void check(Tuple row) {
      if (filter != null && !Boolean.TRUE.equals(filter.evaluate(row))) {
        return;
      }
      for (Evaluator expression : expressions) {
        expression.evaluate(row);
      }
    }
  }
}
