package dev.beamline.execution.aggregate;

import dev.beamline.catalog.Type;
import dev.beamline.execution.expression.Evaluator;
import org.jspecify.annotations.Nullable;

/** STDDEV, VARIANCE and their kin over one argument. */
final class StatisticAggregator extends UnaryAggregator<Moments> {

  private final Statistic statistic;
  private final Type type;

  StatisticAggregator(Statistic statistic, Evaluator argument, Type type) {
    super(argument);
    this.statistic = statistic;
    this.type = type;
  }

  @Override
  public Moments create() {
    return Moments.of(type, false);
  }

  @Override
  void accept(Moments accumulator, Object value) {
    accumulator.put(value, value, false);
  }

  @Override
  boolean removes() {
    return true;
  }

  @Override
  void retract(Moments accumulator, Object value) {
    accumulator.put(value, value, true);
  }

  @Override
  public Moments merge(Moments accumulator, Moments other) {
    accumulator.add(other);
    return accumulator;
  }

  @Override
  public @Nullable Object result(Moments accumulator) {
    return statistic.of(accumulator);
  }

  @Override
  AccumulatorFormat<Moments> format() {
    return new Moments.Format(type, false);
  }
}
