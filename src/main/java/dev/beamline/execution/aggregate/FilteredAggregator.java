package dev.beamline.execution.aggregate;

import dev.beamline.catalog.Tuple;
import dev.beamline.execution.expression.Evaluator;
import org.jspecify.annotations.Nullable;

/** An aggregator that sees only rows where a condition is TRUE. */
final class FilteredAggregator<A> extends FormattedAggregator<A> {

  private final Evaluator filter;
  private final FormattedAggregator<A> aggregator;

  FilteredAggregator(Evaluator filter, FormattedAggregator<A> aggregator) {
    this.filter = filter;
    this.aggregator = aggregator;
  }

  @Override
  public A create() {
    return aggregator.create();
  }

  @Override
  public A add(A accumulator, Tuple row) {
    return Boolean.TRUE.equals(filter.evaluate(row))
        ? aggregator.add(accumulator, row)
        : accumulator;
  }

  @Override
  boolean refusesValues() {
    return aggregator.refusesValues();
  }

  @Override
  void check(Tuple row) {
    if (Boolean.TRUE.equals(filter.evaluate(row))) {
      aggregator.check(row);
    }
  }

  @Override
  boolean removes() {
    return aggregator.removes();
  }

  @Override
  boolean small() {
    return aggregator.small();
  }

  @Override
  boolean keepsOrder() {
    return aggregator.keepsOrder();
  }

  @Override
  void remove(A accumulator, Tuple row) {
    if (Boolean.TRUE.equals(filter.evaluate(row))) {
      aggregator.remove(accumulator, row);
    }
  }

  @Override
  public A merge(A accumulator, A other) {
    return aggregator.merge(accumulator, other);
  }

  @Override
  public @Nullable Object result(A accumulator) {
    return aggregator.result(accumulator);
  }

  @Override
  AccumulatorFormat<A> format() {
    return aggregator.format();
  }
}
