package dev.beamline.execution.aggregate;

import dev.beamline.catalog.Type;
import dev.beamline.execution.expression.Evaluator;
import dev.beamline.execution.row.ValueCodec;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** APPROX_QUANTILES: exact for up to {@value Quantiles#MAX_BUCKETS} different values. */
final class QuantilesAggregator extends UnaryAggregator<Quantiles> {

  private final Buckets buckets;
  private final int parts;
  private final boolean nulls;
  private final Quantiles.Format format;

  QuantilesAggregator(Evaluator argument, Type type, int parts, boolean nulls) {
    super(argument);
    this.buckets = Buckets.of(type);
    this.parts = parts;
    this.nulls = nulls;
    this.format = new Quantiles.Format(ValueCodec.of(type));
  }

  @Override
  public Quantiles create() {
    return new Quantiles(buckets);
  }

  @Override
  void accept(Quantiles accumulator, Object value) {
    accumulator.add(value);
  }

  @Override
  boolean seesNulls() {
    return nulls;
  }

  @Override
  void acceptNull(Quantiles accumulator) {
    if (nulls) {
      accumulator.addNull();
    }
  }

  @Override
  public Quantiles merge(Quantiles accumulator, Quantiles other) {
    accumulator.add(other);
    return accumulator;
  }

  @Override
  public @Nullable Object result(Quantiles accumulator) {
    List<@Nullable Object> boundaries = accumulator.boundaries(parts);
    return boundaries == null ? null : Collections.unmodifiableList(boundaries);
  }

  @Override
  AccumulatorFormat<Quantiles> format() {
    return format;
  }
}
