package dev.beamline.execution.aggregate;

import com.google.protobuf.ByteString;
import com.google.zetasketch.HyperLogLogPlusPlus;
import dev.beamline.catalog.Tuple;
import dev.beamline.execution.expression.EvaluationException;
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
  void check(SketchCell accumulator, Tuple row) {
    if (argument(row) instanceof ByteString value) {
      HyperLogLogPlusPlus<?> sketch = HllSketches.parse(value, function);
      if (accumulator.sketch != null) {
        HllSketches.merge(copy(accumulator.sketch, function), sketch, function);
      }
    }
  }

  @Override
  void accept(SketchCell accumulator, Object value) {
    HyperLogLogPlusPlus<?> sketch = HllSketches.parse((ByteString) value, function);
    if (accumulator.incompatible) {
      return;
    }
    if (accumulator.sketch == null) {
      accumulator.sketch = sketch;
    } else {
      HllSketches.merge(accumulator.sketch, sketch, function);
    }
  }

  @Override
  public SketchCell merge(SketchCell accumulator, SketchCell other) {
    return merge(accumulator, other, function);
  }

  /** Sums that cannot be merged have no result: there is no row any more that could be refused. */
  static SketchCell merge(SketchCell accumulator, SketchCell other, String function) {
    if (other.incompatible) {
      accumulator.fail();
    } else if (other.sketch != null && !accumulator.incompatible) {
      if (accumulator.sketch == null) {
        accumulator.sketch = copy(other.sketch, function);
      } else {
        try {
          HllSketches.merge(accumulator.sketch, other.sketch, function);
        } catch (EvaluationException e) {
          accumulator.fail();
        }
      }
    }
    return accumulator;
  }

  private static HyperLogLogPlusPlus<?> copy(HyperLogLogPlusPlus<?> sketch, String function) {
    return HllSketches.parse(HllSketches.bytes(sketch), function);
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
