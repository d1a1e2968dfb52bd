package dev.beamline.execution.aggregate;

import dev.beamline.catalog.Type;
import dev.beamline.execution.expression.Evaluator;
import dev.beamline.execution.row.ValueCodec;
import org.jspecify.annotations.Nullable;

/** An aggregator over different values: keeps them all, and sums them up at the end. */
final class DistinctAggregator<A> extends UnaryAggregator<DistinctValues> {

  private final @Nullable UnaryAggregator<A> aggregator;
  private final Type type;
  private final DistinctValues.Format format;

  private DistinctAggregator(
      Evaluator argument, Type type, @Nullable UnaryAggregator<A> aggregator) {
    super(argument);
    this.aggregator = aggregator;
    this.type = type;
    this.format = new DistinctValues.Format(ValueCodec.of(type));
  }

  static DistinctAggregator<?> count(Evaluator argument, Type type) {
    return new DistinctAggregator<LongCell>(argument, type, null);
  }

  static <A> DistinctAggregator<A> of(
      Evaluator argument, Type type, UnaryAggregator<A> aggregator) {
    return new DistinctAggregator<>(argument, type, aggregator);
  }

  @Override
  public DistinctValues create() {
    return DistinctValues.of(type);
  }

  @Override
  void accept(DistinctValues accumulator, Object value) {
    accumulator.add(value);
  }

  @Override
  boolean seesNulls() {
    return aggregator != null && aggregator.seesNulls();
  }

  @Override
  void acceptNull(DistinctValues accumulator) {
    if (seesNulls()) {
      accumulator.addNull();
    }
  }

  @Override
  public DistinctValues merge(DistinctValues accumulator, DistinctValues other) {
    accumulator.addAll(other);
    return accumulator;
  }

  @Override
  public @Nullable Object result(DistinctValues accumulator) {
    accumulator.requireAll();
    if (aggregator == null) {
      return (long) accumulator.size();
    }
    UnaryAggregator<A> inner = aggregator;
    A sum = inner.create();
    accumulator.forEach(value -> inner.accept(sum, value));
    if (accumulator.hasNull()) {
      inner.acceptNull(sum);
    }
    return inner.result(sum);
  }

  @Override
  AccumulatorFormat<DistinctValues> format() {
    return format;
  }
}
