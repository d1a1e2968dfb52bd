package dev.beamline.execution.aggregate;

import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Type;
import dev.beamline.execution.expression.Evaluator;
import dev.beamline.execution.function.Numerics;
import dev.beamline.execution.row.ValueCodec;
import dev.beamline.execution.row.ValueComparator;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * PERCENTILE_CONT, which interpolates between two neighbours, and PERCENTILE_DISC, which gives one
 * of the values. Exact. With RESPECT NULLS a NULL is the smallest value; between it and a value
 * lies the value.
 */
final class PercentileAggregator extends UnaryAggregator<Collected> {

  private final Type type;
  private final BigDecimal percentile;
  private final boolean continuous;
  private final boolean nulls;
  private final int most;
  private final Comparator<@Nullable Object> order;
  private final Collected.Format format;

  /**
   * @param percentile 0 to 1
   */
  PercentileAggregator(
      Evaluator argument, Type type, BigDecimal percentile, boolean continuous, boolean nulls) {
    this(argument, type, percentile, continuous, nulls, Collected.MOST);
  }

  /** For tests: with another bound. */
  PercentileAggregator(
      Evaluator argument,
      Type type,
      BigDecimal percentile,
      boolean continuous,
      boolean nulls,
      int most) {
    super(argument);
    this.most = most;
    this.type = type;
    this.percentile = percentile;
    this.continuous = continuous;
    this.nulls = nulls;
    this.order = ValueComparator.total(type);
    this.format = new Collected.Format(ValueCodec.of(type));
  }

  @Override
  public Collected create() {
    return new Collected(4);
  }

  @Override
  void accept(Collected accumulator, Object value) {
    accumulator.add(value);
    accumulator.bound(most);
  }

  @Override
  boolean seesNulls() {
    return nulls;
  }

  @Override
  void acceptNull(Collected accumulator) {
    if (nulls) {
      accumulator.add(null);
      accumulator.bound(most);
    }
  }

  @Override
  public Collected merge(Collected accumulator, Collected other) {
    accumulator.addAll(other);
    accumulator.bound(most);
    return accumulator;
  }

  @Override
  public @Nullable Object result(Collected accumulator) {
    accumulator.requireAll(
        most, "use APPROX_QUANTILES, or group by one more key or a shorter window");
    if (accumulator.entries.isEmpty()) {
      return null;
    }
    List<@Nullable Object> sorted = new ArrayList<>(accumulator.entries);
    sorted.sort(order);
    return continuous ? interpolate(sorted) : choose(sorted);
  }

  private @Nullable Object choose(List<@Nullable Object> sorted) {
    BigDecimal rank = percentile.multiply(BigDecimal.valueOf(sorted.size()));
    int whole = rank.intValue();
    boolean between = rank.compareTo(BigDecimal.valueOf(whole)) > 0;
    return sorted.get(whole > 0 && !between ? whole - 1 : whole);
  }

  private @Nullable Object interpolate(List<@Nullable Object> sorted) {
    BigDecimal place = percentile.multiply(BigDecimal.valueOf(sorted.size() - 1L));
    int index = place.intValue();
    BigDecimal right = place.subtract(BigDecimal.valueOf(index));
    Object lower = sorted.get(index);
    if (right.signum() == 0) {
      return lower;
    }
    Object upper = sorted.get(index + 1);
    if (lower == null || upper == null) {
      return upper;
    }
    BigDecimal left = BigDecimal.ONE.subtract(right);
    if (type == ScalarType.FLOAT64) {
      return (Double) lower * left.doubleValue() + (Double) upper * right.doubleValue();
    }
    BigDecimal value =
        ((BigDecimal) lower).multiply(left).add(((BigDecimal) upper).multiply(right));
    return Numerics.fit(value, type, "PERCENTILE_CONT");
  }

  @Override
  AccumulatorFormat<Collected> format() {
    return format;
  }
}
