package dev.beamline.execution.aggregate;

import com.google.protobuf.ByteString;
import dev.beamline.catalog.Tuple;
import dev.beamline.execution.expression.Evaluator;
import org.jspecify.annotations.Nullable;

/** HLL_COUNT.MERGE, which counts, and HLL_COUNT.MERGE_PARTIAL, which gives the merged sketch. */
final class SketchMergeAggregator extends UnaryAggregator<SketchCell> {

  private final boolean partial;
  private final String function;

  SketchMergeAggregator(Evaluator argument, boolean partial) {
    super(argument);
    this.partial = partial;
    this.function = partial ? "HLL_COUNT.MERGE_PARTIAL" : "HLL_COUNT.MERGE";
  }

  @Override
  public SketchCell create() {
    return new SketchCell();
  }

  @Override
  boolean refusesValues() {
    return true;
  }

  @Override
  void check(Tuple row) {
    if (argument(row) instanceof ByteString value) {
      HllSketches.parse(value, function);
    }
  }

  @Override
  void accept(SketchCell accumulator, Object value) {
    accumulator.merge(HllSketches.parse((ByteString) value, function), function);
  }

  @Override
  public SketchCell merge(SketchCell accumulator, SketchCell other) {
    return merge(accumulator, other, function);
  }

  static SketchCell merge(SketchCell accumulator, SketchCell other, String function) {
    if (other.incompatible) {
      accumulator.fail();
    } else if (other.sketch != null) {
      accumulator.merge(
          accumulator.sketch == null
              ? HllSketches.parse(HllSketches.bytes(other.sketch), function)
              : other.sketch,
          function);
    }
    return accumulator;
  }

  @Override
  public @Nullable Object result(SketchCell accumulator) {
    if (accumulator.incompatible) {
      throw HllSketches.incompatible(function);
    }
    if (partial) {
      return accumulator.sketch == null ? null : HllSketches.bytes(accumulator.sketch);
    }
    return accumulator.sketch == null ? 0L : accumulator.sketch.longResult();
  }

  @Override
  AccumulatorFormat<SketchCell> format() {
    return SketchCell.Format.INSTANCE;
  }
}
