package dev.beamline.execution.aggregate;

import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.expression.Evaluator;
import org.jspecify.annotations.Nullable;

/** SUM and AVG of FLOAT64: the exact result, rounded once, whatever the order of the rows. */
final class FloatSumAggregator extends UnaryAggregator<ExactSum> {

  private final boolean average;

  FloatSumAggregator(Evaluator argument, boolean average) {
    super(argument);
    this.average = average;
  }

  @Override
  public ExactSum create() {
    return new ExactSum();
  }

  @Override
  void accept(ExactSum accumulator, Object value) {
    accumulator.add((Double) value);
  }

  @Override
  boolean removes() {
    return true;
  }

  @Override
  void retract(ExactSum accumulator, Object value) {
    accumulator.remove((Double) value);
  }

  @Override
  public ExactSum merge(ExactSum accumulator, ExactSum other) {
    accumulator.add(other);
    return accumulator;
  }

  @Override
  public @Nullable Object result(ExactSum accumulator) {
    if (accumulator.count() == 0) {
      return null;
    }
    double result = average ? accumulator.average() : accumulator.sum();
    if (Double.isInfinite(result) && !accumulator.special()) {
      throw new EvaluationException("double overflow in SUM");
    }
    return result;
  }

  @Override
  AccumulatorFormat<ExactSum> format() {
    return ExactSum.Format.INSTANCE;
  }
}
