package dev.beamline.execution.aggregate;

import dev.beamline.execution.expression.Evaluator;

/** COUNT(x): the values that are not NULL; COUNTIF(x): those that are TRUE. */
final class CountAggregator extends UnaryAggregator<LongCell> {

  private final boolean onlyTrue;

  CountAggregator(Evaluator argument, boolean onlyTrue) {
    super(argument);
    this.onlyTrue = onlyTrue;
  }

  @Override
  public LongCell create() {
    return new LongCell(0);
  }

  @Override
  void accept(LongCell accumulator, Object value) {
    if (!onlyTrue || (Boolean) value) {
      accumulator.value++;
    }
  }

  @Override
  boolean removes() {
    return true;
  }

  @Override
  void retract(LongCell accumulator, Object value) {
    if (!onlyTrue || (Boolean) value) {
      accumulator.value--;
    }
  }

  @Override
  public LongCell merge(LongCell accumulator, LongCell other) {
    accumulator.value += other.value;
    return accumulator;
  }

  @Override
  public Object result(LongCell accumulator) {
    return accumulator.value;
  }

  @Override
  AccumulatorFormat<LongCell> format() {
    return LongCell.Format.INSTANCE;
  }
}
