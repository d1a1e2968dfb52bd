package dev.beamline.execution.aggregate;

import dev.beamline.catalog.Tuple;

/** COUNT(*). */
final class CountRowsAggregator extends FormattedAggregator<LongCell> {

  @Override
  public LongCell create() {
    return new LongCell(0);
  }

  @Override
  public LongCell add(LongCell accumulator, Tuple row) {
    accumulator.value++;
    return accumulator;
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

  @Override
  boolean removes() {
    return true;
  }

  @Override
  void remove(LongCell accumulator, Tuple row) {
    accumulator.value--;
  }
}
