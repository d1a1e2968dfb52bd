package dev.beamline.execution.aggregate;

import com.google.zetasketch.HyperLogLogPlusPlus;
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
