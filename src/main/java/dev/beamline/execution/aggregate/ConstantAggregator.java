package dev.beamline.execution.aggregate;

import dev.beamline.catalog.Tuple;
import dev.beamline.execution.row.ByteReader;
import dev.beamline.execution.row.ByteWriter;

/** GROUPING: the same whatever the rows. */
final class ConstantAggregator extends FormattedAggregator<ConstantAggregator.Nothing> {

  private final long value;

  ConstantAggregator(long value) {
    this.value = value;
  }

  @Override
  public Nothing create() {
    return Nothing.INSTANCE;
  }

  @Override
  public Nothing add(Nothing accumulator, Tuple row) {
    return accumulator;
  }

  @Override
  public Nothing merge(Nothing accumulator, Nothing other) {
    return accumulator;
  }

  @Override
  public Object result(Nothing accumulator) {
    return value;
  }

  @Override
  AccumulatorFormat<Nothing> format() {
    return Format.INSTANCE;
  }

  /** The accumulator. */
  enum Nothing {
    INSTANCE
  }

  private enum Format implements AccumulatorFormat<Nothing> {
    INSTANCE;

    @Override
    public void write(Nothing nothing, ByteWriter out) {}

    @Override
    public Nothing read(ByteReader in) {
      return Nothing.INSTANCE;
    }
  }
}
