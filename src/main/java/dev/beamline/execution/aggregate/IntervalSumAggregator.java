package dev.beamline.execution.aggregate;

import dev.beamline.catalog.IntervalValue;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.expression.Evaluator;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * SUM and AVG of INTERVAL. An average carries what is left of the months into days (30 a month) and
 * of the days into microseconds, and rounds those towards zero.
 */
final class IntervalSumAggregator extends UnaryAggregator<IntervalSum> {

  private static final BigInteger DAYS_PER_MONTH = BigInteger.valueOf(30);
  private static final BigInteger MICROS_PER_DAY = BigInteger.valueOf(86_400_000_000L);

  /** BigQuery's range of each part: 10000 years. */
  private static final long MAX_MONTHS = 120_000L;

  private static final long MAX_DAYS = 3_660_000L;
  private static final long MAX_MICROS = MAX_DAYS * 86_400_000_000L;

  private final boolean average;

  IntervalSumAggregator(Evaluator argument, boolean average) {
    super(argument);
    this.average = average;
  }

  @Override
  public IntervalSum create() {
    return new IntervalSum();
  }

  @Override
  void accept(IntervalSum accumulator, Object value) {
    accumulator.add((IntervalValue) value);
  }

  @Override
  boolean removes() {
    return true;
  }

  @Override
  void retract(IntervalSum accumulator, Object value) {
    accumulator.remove((IntervalValue) value);
  }

  @Override
  public IntervalSum merge(IntervalSum accumulator, IntervalSum other) {
    accumulator.add(other);
    return accumulator;
  }

  @Override
  public @Nullable Object result(IntervalSum accumulator) {
    long count = accumulator.months.count();
    if (count == 0) {
      return null;
    }
    BigInteger months = accumulator.months.toBigInteger();
    BigInteger days = accumulator.days.toBigInteger();
    BigInteger micros = accumulator.micros.toBigInteger();
    if (average) {
      BigInteger divisor = BigInteger.valueOf(count);
      BigInteger[] parts = months.divideAndRemainder(divisor);
      months = parts[0];
      parts = days.add(parts[1].multiply(DAYS_PER_MONTH)).divideAndRemainder(divisor);
      days = parts[0];
      micros = micros.add(parts[1].multiply(MICROS_PER_DAY)).divide(divisor);
    }
    return new IntervalValue(
        within(months, MAX_MONTHS, "months"),
        within(days, MAX_DAYS, "days"),
        within(micros, MAX_MICROS, "microseconds"));
  }

  private static long within(BigInteger part, long max, String what) {
    if (part.abs().compareTo(BigInteger.valueOf(max)) > 0) {
      throw new EvaluationException(
          "Interval overflow: the sum has " + part + " " + what + ", at most " + max + " fit");
    }
    return part.longValue();
  }

  @Override
  AccumulatorFormat<IntervalSum> format() {
    return IntervalSum.Format.INSTANCE;
  }
}
