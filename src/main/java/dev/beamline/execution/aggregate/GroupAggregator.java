package dev.beamline.execution.aggregate;

import dev.beamline.catalog.Tuple;
import dev.beamline.diagnostic.Place;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.expression.Evaluator;
import dev.beamline.execution.expression.ExpressionCompiler;
import dev.beamline.execution.function.FunctionCatalog;
import dev.beamline.execution.row.ByteReader;
import dev.beamline.execution.row.ByteWriter;
import dev.beamline.plan.AggregateCall;
import dev.beamline.plan.Expression;
import dev.beamline.plan.SortKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.apache.beam.sdk.coders.Coder;
import org.jspecify.annotations.Nullable;

/**
 * All aggregate calls over one group. The expressions in the calls are evaluated first, each once,
 * so that a row on which one fails is counted by none of the calls. For one thread at a time.
 */
public final class GroupAggregator implements Aggregator<Object[]> {

  private final FormattedAggregator<Object>[] aggregators;
  private final int[] order;
  private final int refusing;
  private final Inputs inputs;
  private final List<Place> places;

  /**
   * @param places where the calls stand, for errors of their results
   */
  private GroupAggregator(
      List<FormattedAggregator<?>> aggregators, Inputs inputs, List<Place> places) {
    this.places = places;
    this.aggregators = erased(aggregators);
    this.inputs = inputs;
    this.order = new int[aggregators.size()];
    int n = 0;
    for (int i = 0; i < order.length; i++) {
      if (aggregators.get(i).refusesValues()) {
        order[n++] = i;
      }
    }
    this.refusing = n;
    for (int i = 0; i < order.length; i++) {
      if (!aggregators.get(i).refusesValues()) {
        order[n++] = i;
      }
    }
  }

  /** Each aggregator is only ever given the accumulators that it made: those at its own place. */
  @SuppressWarnings("unchecked")
  private static FormattedAggregator<Object>[] erased(List<FormattedAggregator<?>> aggregators) {
    return aggregators.toArray(FormattedAggregator[]::new);
  }

  /** The calls of a GROUP BY that has one grouping set, so that GROUPING is 0. */
  public static GroupAggregator of(List<AggregateCall> calls) {
    return of(calls, null, ExpressionCompiler::compile);
  }

  /**
   * The calls of one grouping set.
   *
   * @param grouped the input's columns that the set groups by, for GROUPING; null: all
   */
  public static GroupAggregator of(
      List<AggregateCall> calls,
      @Nullable Set<Integer> grouped,
      Function<Expression, Evaluator> compiler) {
    return of(calls, grouped, compiler, false);
  }

  /** Over rows in the order of a window. */
  public static GroupAggregator ordered(
      List<AggregateCall> calls, Function<Expression, Evaluator> compiler) {
    return of(calls, null, compiler, true);
  }

  private static GroupAggregator of(
      List<AggregateCall> calls,
      @Nullable Set<Integer> grouped,
      Function<Expression, Evaluator> compiler,
      boolean arrival) {
    Inputs inputs = new Inputs(compiler, calls.stream().allMatch(GroupAggregator::simple));
    List<FormattedAggregator<?>> aggregators = new ArrayList<>();
    for (AggregateCall call : calls) {
      if (call.function().equals("GROUPING")) {
        aggregators.add(new ConstantAggregator(grouping(call, grouped)));
      } else {
        aggregators.add(
            AggregatorFactory.make(inputs.overInputs(call), ExpressionCompiler::compile, arrival));
      }
    }
    return new GroupAggregator(
        aggregators, inputs, calls.stream().map(AggregateCall::place).toList());
  }

  private static long grouping(AggregateCall call, @Nullable Set<Integer> grouped) {
    if (call.arguments().get(0) instanceof Expression.InputColumn column) {
      return grouped == null || grouped.contains(column.index()) ? 0 : 1;
    }
    throw new IllegalArgumentException("GROUPING needs a key column");
  }

  private static boolean simple(AggregateCall call) {
    return (call.filter() == null || simple(call.filter()))
        && (call.having() == null || simple(call.having().value()))
        && call.arguments().stream().allMatch(GroupAggregator::simple)
        && call.orderBy().stream().allMatch(k -> simple(k.expression()));
  }

  /** Whether it cannot fail and costs nothing. */
  private static boolean simple(Expression expression) {
    return expression instanceof Expression.InputColumn || expression instanceof Expression.Literal;
  }

  @Override
  public Object[] create() {
    Object[] accumulators = new Object[aggregators.length];
    for (int i = 0; i < accumulators.length; i++) {
      accumulators[i] = aggregators[i].create();
    }
    return accumulators;
  }

  /**
   * Adds a row to all calls.
   *
   * @throws dev.beamline.execution.expression.EvaluationException where an expression fails or a
   *     call refuses a value; the row is then counted nowhere
   */
  @Override
  public Object[] add(Object[] accumulators, Tuple row) {
    Tuple values = inputs.of(row);
    // What the first refuses has changed none yet.
    for (int n = 1; n < refusing; n++) {
      int i = order[n];
      try {
        aggregators[i].check(values);
      } catch (EvaluationException e) {
        throw e.at(places.get(i));
      }
    }
    for (int i : order) {
      try {
        accumulators[i] = aggregators[i].add(accumulators[i], values);
      } catch (EvaluationException e) {
        throw e.at(places.get(i));
      }
    }
    return accumulators;
  }

  /** Whether {@link #remove} works for all calls. */
  public boolean removes() {
    for (FormattedAggregator<Object> aggregator : aggregators) {
      if (!aggregator.removes()) {
        return false;
      }
    }
    return true;
  }

  /** Whether accumulators of many rows are as small as those of one. */
  public boolean smallAccumulators() {
    for (FormattedAggregator<Object> aggregator : aggregators) {
      if (!aggregator.small()) {
        return false;
      }
    }
    return true;
  }

  /** Whether the order of the rows does not show in any result. */
  public boolean ordersNothing() {
    for (FormattedAggregator<Object> aggregator : aggregators) {
      if (aggregator.keepsOrder()) {
        return false;
      }
    }
    return true;
  }

  /** Takes back a row that was added. */
  public void remove(Object[] accumulators, Tuple row) {
    Tuple values = inputs.of(row);
    for (int i = 0; i < accumulators.length; i++) {
      aggregators[i].remove(accumulators[i], values);
    }
  }

  @Override
  public Object[] merge(Object[] accumulators, Object[] other) {
    for (int i = 0; i < accumulators.length; i++) {
      accumulators[i] = aggregators[i].merge(accumulators[i], other[i]);
    }
    return accumulators;
  }

  /** The calls' results, a column each. */
  @Override
  public Tuple result(Object[] accumulators) {
    @Nullable Object[] results = new @Nullable Object[accumulators.length];
    results(accumulators, results, 0);
    return Tuple.of(results);
  }

  /** Puts the calls' results into a row from the given place on. */
  public void results(Object[] accumulators, @Nullable Object[] row, int offset) {
    for (int i = 0; i < accumulators.length; i++) {
      try {
        row[offset + i] = aggregators[i].result(accumulators[i]);
      } catch (EvaluationException e) {
        throw e.at(places.get(i));
      }
    }
  }

  @Override
  public Coder<Object[]> coder() {
    List<AccumulatorFormat<Object>> formats = new ArrayList<>();
    for (FormattedAggregator<Object> aggregator : aggregators) {
      formats.add(aggregator.format());
    }
    return new AccumulatorCoder<>(new Format(List.copyOf(formats)));
  }

  private record Format(List<AccumulatorFormat<Object>> formats)
      implements AccumulatorFormat<Object[]> {
    @Override
    public void write(Object[] accumulators, ByteWriter out) {
      for (int i = 0; i < accumulators.length; i++) {
        formats.get(i).write(accumulators[i], out);
      }
    }

    @Override
    public Object[] read(ByteReader in) {
      Object[] accumulators = new Object[formats.size()];
      for (int i = 0; i < accumulators.length; i++) {
        accumulators[i] = formats.get(i).read(in);
      }
      return accumulators;
    }
  }

  /**
   * What the calls read of a row. Where they read columns alone, that is the row itself; else a row
   * of the values of all their expressions, which is used again and again.
   */
  private static final class Inputs {
    private final Function<Expression, Evaluator> compiler;
    private final boolean direct;
    private final List<Slot> slots = new ArrayList<>();
    private @Nullable Object[] values = new @Nullable Object[0];
    private Tuple scratch = Tuple.of(values);

    /** An expression, and the slot of the condition under which alone it is evaluated, or -1. */
    private record Slot(Expression expression, Evaluator evaluator, int filter) {}

    Inputs(Function<Expression, Evaluator> compiler, boolean direct) {
      this.compiler = compiler;
      this.direct = direct;
    }

    Tuple of(Tuple row) {
      if (direct) {
        return row;
      }
      for (int i = 0; i < values.length; i++) {
        Slot slot = slots.get(i);
        values[i] =
            slot.filter < 0 || Boolean.TRUE.equals(values[slot.filter])
                ? slot.evaluator.evaluate(row)
                : null;
      }
      return scratch;
    }

    /** The same call over the slots instead of the row. */
    AggregateCall overInputs(AggregateCall call) {
      if (direct) {
        return call;
      }
      Expression filter = call.filter();
      Expression condition = filter == null ? null : slot(filter, -1);
      int under = condition instanceof Expression.InputColumn column ? column.index() : -1;
      AggregateCall.Having having = call.having();
      return new AggregateCall(
          call.function(),
          slots(call.arguments(), under),
          call.distinct(),
          condition,
          having == null
              ? null
              : new AggregateCall.Having(slot(having.value(), under), having.max()),
          call.orderBy().stream()
              .map(k -> new SortKey(slot(k.expression(), under), k.descending(), k.nullsFirst()))
              .toList(),
          call.limit(),
          call.nulls(),
          call.type(),
          call.place());
    }

    private List<Expression> slots(Collection<Expression> expressions, int filter) {
      return expressions.stream().map(e -> slot(e, filter)).toList();
    }

    private Expression slot(Expression expression, int filter) {
      if (expression instanceof Expression.Literal) {
        return expression;
      }
      for (int i = 0; i < slots.size(); i++) {
        if (slots.get(i).filter == filter
            && Expressions.same(slots.get(i).expression, expression)
            && FunctionCatalog.standard().deterministic(expression)) {
          return new Expression.InputColumn(i, expression.type());
        }
      }
      slots.add(new Slot(expression, compiler.apply(expression), filter));
      values = new @Nullable Object[slots.size()];
      scratch = Tuple.of(values);
      return new Expression.InputColumn(slots.size() - 1, expression.type());
    }
  }
}
