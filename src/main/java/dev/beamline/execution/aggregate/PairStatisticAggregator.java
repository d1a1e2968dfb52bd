package dev.beamline.execution.aggregate;

import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import dev.beamline.execution.expression.Evaluator;
import org.jspecify.annotations.Nullable;

/** COVAR_POP, COVAR_SAMP and CORR; pairs with a NULL do not count. */
final class PairStatisticAggregator extends FormattedAggregator<Moments> {

  private final Statistic statistic;
  private final Evaluator x;
  private final Evaluator y;
  private final Type type;

  PairStatisticAggregator(Statistic statistic, Evaluator x, Evaluator y, Type type) {
    this.statistic = statistic;
    this.x = x;
    this.y = y;
    this.type = type;
  }

  @Override
  public Moments create() {
    return Moments.of(type, true);
  }

  @Override
  public Moments add(Moments accumulator, Tuple row) {
    put(accumulator, row, false);
    return accumulator;
  }

  @Override
  boolean removes() {
    return true;
  }

  @Override
  void remove(Moments accumulator, Tuple row) {
    put(accumulator, row, true);
  }

  private void put(Moments accumulator, Tuple row, boolean remove) {
    Object first = x.evaluate(row);
    Object second = y.evaluate(row);
    if (first != null && second != null) {
      accumulator.put(first, second, remove);
    }
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
    return new Moments.Format(type, true);
  }
}
