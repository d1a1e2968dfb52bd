package dev.beamline.execution.aggregate;

import dev.beamline.catalog.Type;
import dev.beamline.execution.expression.Evaluator;
import dev.beamline.execution.row.ValueCodec;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** MIN, MAX and, where any would do, ANY_VALUE: the first of the values in an order. */
final class ExtremeAggregator extends UnaryAggregator<ValueCell> {

  private final Comparator<Object> order;
  private final int sign;
  private final ValueCell.Format format;

  /**
   * @param largest whether the last in the order is wanted
   */
  ExtremeAggregator(Evaluator argument, Type type, Comparator<Object> order, boolean largest) {
    super(argument);
    this.order = order;
    this.sign = largest ? -1 : 1;
    this.format = new ValueCell.Format(ValueCodec.of(type));
  }

  @Override
  public ValueCell create() {
    return new ValueCell();
  }

  @Override
  void accept(ValueCell accumulator, Object value) {
    Object best = accumulator.value;
    if (best == null || sign * order.compare(value, best) < 0) {
      accumulator.value = value;
    }
  }

  @Override
  public ValueCell merge(ValueCell accumulator, ValueCell other) {
    if (other.value != null) {
      accept(accumulator, other.value);
    }
    return accumulator;
  }

  @Override
  public @Nullable Object result(ValueCell accumulator) {
    return accumulator.value;
  }

  @Override
  boolean small() {
    return true;
  }

  @Override
  AccumulatorFormat<ValueCell> format() {
    return format;
  }
}
