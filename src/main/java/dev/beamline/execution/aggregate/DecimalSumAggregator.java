package dev.beamline.execution.aggregate;

import dev.beamline.catalog.Type;
import dev.beamline.execution.expression.Evaluator;
import dev.beamline.execution.function.Numerics;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** SUM and AVG of NUMERIC and BIGNUMERIC; an average is rounded half away from zero. */
final class DecimalSumAggregator extends UnaryAggregator<DecimalSum> {

  /** More decimal places than either type has. */
  private static final int AVERAGE_SCALE = 60;

  private final boolean average;
  private final Type type;

  DecimalSumAggregator(Evaluator argument, boolean average, Type type) {
    super(argument);
    this.average = average;
    this.type = type;
  }

  @Override
  public DecimalSum create() {
    return new DecimalSum();
  }

  @Override
  void accept(DecimalSum accumulator, Object value) {
    accumulator.add((BigDecimal) value);
  }

  @Override
  boolean removes() {
    return true;
  }

  @Override
  void retract(DecimalSum accumulator, Object value) {
    accumulator.remove((BigDecimal) value);
  }

  @Override
  public DecimalSum merge(DecimalSum accumulator, DecimalSum other) {
    accumulator.add(other);
    return accumulator;
  }

  @Override
  public @Nullable Object result(DecimalSum accumulator) {
    if (accumulator.count() == 0) {
      return null;
    }
    BigDecimal sum = accumulator.sum();
    return average
        ? Numerics.fit(
            sum.divide(BigDecimal.valueOf(accumulator.count()), AVERAGE_SCALE, RoundingMode.DOWN),
            type,
            "AVG")
        : Numerics.fit(sum, type, "SUM");
  }

  @Override
  AccumulatorFormat<DecimalSum> format() {
    return DecimalSum.Format.INSTANCE;
  }
}
