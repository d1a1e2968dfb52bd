package dev.beamline.execution.aggregate;

import dev.beamline.catalog.Type;
import dev.beamline.execution.expression.Evaluator;
import org.jspecify.annotations.Nullable;

/** HLL_COUNT.INIT: a sketch of INT64, STRING or BYTES; NULL where all values are. */
final class SketchInitAggregator extends UnaryAggregator<SketchCell> {

  private final Type type;
  private final int precision;

  SketchInitAggregator(Evaluator argument, Type type, int precision) {
    super(argument);
    this.type = type;
    this.precision = precision;
  }

  @Override
  public SketchCell create() {
    return new SketchCell();
  }

  @Override
  void accept(SketchCell accumulator, Object value) {
    if (accumulator.sketch == null) {
      accumulator.sketch = HllSketches.create(type, precision);
    }
    HllSketches.add(accumulator.sketch, value);
  }

  @Override
  public SketchCell merge(SketchCell accumulator, SketchCell other) {
    return SketchMergeAggregator.merge(accumulator, other, "HLL_COUNT.INIT");
  }

  @Override
  public @Nullable Object result(SketchCell accumulator) {
    return accumulator.sketch == null ? null : HllSketches.bytes(accumulator.sketch);
  }

  @Override
  AccumulatorFormat<SketchCell> format() {
    return SketchCell.Format.INSTANCE;
  }
}
