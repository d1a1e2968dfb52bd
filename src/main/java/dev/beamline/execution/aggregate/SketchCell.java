package dev.beamline.execution.aggregate;

import com.google.zetasketch.HyperLogLogPlusPlus;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.row.ByteReader;
import dev.beamline.execution.row.ByteWriter;
import org.jspecify.annotations.Nullable;

/** An accumulator of one sketch, of none yet, or of such as cannot be one. */
final class SketchCell {

  @Nullable HyperLogLogPlusPlus<?> sketch;

  /** Whether it is of sketches that cannot be merged: then it has no sketch, for good. */
  boolean incompatible;

  void fail() {
    sketch = null;
    incompatible = true;
  }

  /**
   * Merges a sketch, which it keeps where it has none yet. Which of two that cannot be merged is
   * the wrong one depends on nothing but their order: then neither counts.
   *
   * @param function for errors
   */
  void merge(HyperLogLogPlusPlus<?> other, String function) {
    if (incompatible) {
      return;
    }
    if (sketch == null) {
      sketch = other;
      return;
    }
    try {
      HllSketches.merge(sketch, other, function);
    } catch (EvaluationException e) {
      fail();
    }
  }

  enum Format implements AccumulatorFormat<SketchCell> {
    INSTANCE;

    @Override
    public void write(SketchCell cell, ByteWriter out) {
      if (cell.sketch == null) {
        out.writeByte(cell.incompatible ? 2 : 0);
      } else {
        out.writeByte(1);
        out.writeBytes(cell.sketch.serializeToByteArray());
      }
    }

    @Override
    public SketchCell read(ByteReader in) {
      SketchCell cell = new SketchCell();
      int kind = in.readByte();
      cell.incompatible = kind == 2;
      if (kind == 1) {
        cell.sketch = HyperLogLogPlusPlus.forProto(in.readBytes());
      }
      return cell;
    }
  }
}
