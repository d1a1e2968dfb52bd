package dev.beamline.execution.aggregate;

import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import dev.beamline.execution.expression.Evaluator;
import dev.beamline.execution.row.ByteReader;
import dev.beamline.execution.row.ByteWriter;
import dev.beamline.execution.row.ValueCodec;
import dev.beamline.execution.row.ValueComparator;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * MAX_BY and MIN_BY, which are ANY_VALUE(x HAVING MAX y): of the rows with the best y, the smallest
 * x that is not NULL. Rows whose y is NULL do not count, and none does where the best y is NaN,
 * which equals nothing.
 */
final class ExtremeByAggregator extends FormattedAggregator<ExtremeByAggregator.Best> {

  private final Evaluator value;
  private final Evaluator by;
  private final Comparator<Object> order;
  private final Comparator<@Nullable Object> ties;
  private final int sign;
  private final Format format;

  ExtremeByAggregator(Evaluator value, Type valueType, Evaluator by, Type byType, boolean largest) {
    this.value = value;
    this.by = by;
    this.order = largest ? ValueComparator.forMax(byType) : ValueComparator.forMin(byType);
    this.ties = ValueComparator.total(valueType);
    this.sign = largest ? -1 : 1;
    this.format = new Format(ValueCodec.of(valueType), ValueCodec.of(byType));
  }

  @Override
  public Best create() {
    return new Best();
  }

  @Override
  public Best add(Best accumulator, Tuple row) {
    Object key = by.evaluate(row);
    Object candidate = value.evaluate(row);
    if (key != null) {
      put(accumulator, key, candidate);
    }
    return accumulator;
  }

  private void put(Best best, Object key, @Nullable Object candidate) {
    int better = best.by == null ? -1 : sign * order.compare(key, best.by);
    if (better < 0) {
      best.by = key;
      best.value = candidate;
    } else if (better == 0
        && candidate != null
        && (best.value == null || ties.compare(candidate, best.value) < 0)) {
      best.value = candidate;
    }
  }

  @Override
  public Best merge(Best accumulator, Best other) {
    if (other.by != null) {
      put(accumulator, other.by, other.value);
    }
    return accumulator;
  }

  @Override
  public @Nullable Object result(Best accumulator) {
    return HavingAggregator.isNaN(accumulator.by) ? null : accumulator.value;
  }

  @Override
  boolean small() {
    return true;
  }

  @Override
  AccumulatorFormat<Best> format() {
    return format;
  }

  /** The best key so far and its value. */
  static final class Best {
    private @Nullable Object by;
    private @Nullable Object value;
  }

  private record Format(ValueCodec value, ValueCodec by) implements AccumulatorFormat<Best> {
    @Override
    public void write(Best best, ByteWriter out) {
      by.writeNullable(best.by, out);
      value.writeNullable(best.value, out);
    }

    @Override
    public Best read(ByteReader in) {
      Best best = new Best();
      best.by = by.readNullable(in);
      best.value = value.readNullable(in);
      return best;
    }
  }
}
