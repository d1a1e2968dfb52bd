package dev.beamline.execution.aggregate;

import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.expression.Evaluator;
import org.jspecify.annotations.Nullable;

/** SUM and AVG of INT64. A sum out of range is an error; the average is FLOAT64. */
final class IntegerSumAggregator extends UnaryAggregator<WideSum> {

  private final boolean average;

  IntegerSumAggregator(Evaluator argument, boolean average) {
    super(argument);
    this.average = average;
  }

  @Override
  public WideSum create() {
    return new WideSum();
  }

  @Override
  void accept(WideSum accumulator, Object value) {
    accumulator.add((Long) value);
  }

  @Override
  boolean removes() {
    return true;
  }

  @Override
  void retract(WideSum accumulator, Object value) {
    accumulator.remove((Long) value);
  }

  @Override
  public WideSum merge(WideSum accumulator, WideSum other) {
    accumulator.add(other);
    return accumulator;
  }

  @Override
  public @Nullable Object result(WideSum accumulator) {
    if (accumulator.count() == 0) {
      return null;
    }
    if (average) {
      return accumulator.average();
    }
    if (!accumulator.fitsLong()) {
      throw new EvaluationException("int64 overflow: SUM is " + accumulator.toBigInteger());
    }
    return accumulator.toLong();
  }

  @Override
  AccumulatorFormat<WideSum> format() {
    return WideSum.Format.INSTANCE;
  }
}
