package dev.beamline.execution.aggregate;

import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import dev.beamline.execution.expression.Evaluator;
import dev.beamline.execution.function.Ordering;
import dev.beamline.execution.row.ByteReader;
import dev.beamline.execution.row.ByteWriter;
import dev.beamline.execution.row.ValueCodec;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * HAVING MAX and HAVING MIN: sums up the rows with the greatest or least value alone, and begins
 * anew with each better one. Values that SQL calls equal are as good as each other. Rows whose
 * value is NULL do not count; none does where the best is NaN, since that equals nothing.
 *
 * @param <A> the accumulator of the rows that count
 */
final class HavingAggregator<A> extends FormattedAggregator<HavingAggregator.Best<A>> {

  /** As SQL's own order, but for NaN, which is the greatest here. */
  private static final Comparator<Object> NAN_LAST =
      (a, b) ->
          ((Double) a).doubleValue() == (Double) b ? 0 : Double.compare((Double) a, (Double) b);

  private final Evaluator value;
  private final Comparator<Object> order;
  private final int sign;
  private final FormattedAggregator<A> aggregator;
  private final Format<A> format;

  HavingAggregator(Evaluator value, Type type, boolean max, FormattedAggregator<A> aggregator) {
    this.value = value;
    this.order = max && type == ScalarType.FLOAT64 ? NAN_LAST : Ordering.of(type);
    this.sign = max ? -1 : 1;
    this.aggregator = aggregator;
    this.format = new Format<>(ValueCodec.of(type), aggregator.format());
  }

  @Override
  public Best<A> create() {
    return new Best<>(aggregator.create());
  }

  @Override
  public Best<A> add(Best<A> accumulator, Tuple row) {
    Object key = value.evaluate(row);
    if (key == null) {
      return accumulator;
    }
    int better = compare(key, accumulator);
    if (better < 0) {
      accumulator.rows = aggregator.add(aggregator.create(), row);
      accumulator.key = key;
    } else if (better == 0) {
      accumulator.rows = aggregator.add(accumulator.rows, row);
    } else {
      // Whether a row is refused must not depend on which comes first.
      aggregator.check(row);
    }
    return accumulator;
  }

  /** Below zero where the key is better than all before it. */
  private int compare(Object key, Best<A> best) {
    return best.key == null ? -1 : sign * order.compare(key, best.key);
  }

  @Override
  public Best<A> merge(Best<A> accumulator, Best<A> other) {
    if (other.key == null) {
      return accumulator;
    }
    int better = compare(other.key, accumulator);
    if (better < 0) {
      accumulator.rows = aggregator.merge(aggregator.create(), other.rows);
      accumulator.key = other.key;
    } else if (better == 0) {
      accumulator.rows = aggregator.merge(accumulator.rows, other.rows);
    }
    return accumulator;
  }

  @Override
  public @Nullable Object result(Best<A> accumulator) {
    return aggregator.result(isNaN(accumulator.key) ? aggregator.create() : accumulator.rows);
  }

  /** Whether the value is the FLOAT64 that equals nothing. */
  static boolean isNaN(@Nullable Object value) {
    return value instanceof Double number && number.isNaN();
  }

  @Override
  boolean refusesValues() {
    return aggregator.refusesValues();
  }

  @Override
  void check(Tuple row) {
    if (value.evaluate(row) != null) {
      aggregator.check(row);
    }
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
  AccumulatorFormat<Best<A>> format() {
    return format;
  }

  /** The best key so far, and the sum of its rows. */
  static final class Best<A> {
    private @Nullable Object key;
    private A rows;

    Best(A rows) {
      this.rows = rows;
    }
  }

  private record Format<A>(ValueCodec key, AccumulatorFormat<A> rows)
      implements AccumulatorFormat<Best<A>> {
    @Override
    public void write(Best<A> best, ByteWriter out) {
      key.writeNullable(best.key, out);
      rows.write(best.rows, out);
    }

    @Override
    public Best<A> read(ByteReader in) {
      Object best = key.readNullable(in);
      Best<A> read = new Best<>(rows.read(in));
      read.key = best;
      return read;
    }
  }
}
