package dev.beamline.execution.aggregate;

import com.google.zetasketch.HyperLogLogPlusPlus;
import dev.beamline.execution.row.ByteReader;
import dev.beamline.execution.row.ByteWriter;
import org.jspecify.annotations.Nullable;

/** An accumulator of one sketch, or of none yet. */
final class SketchCell {

  @Nullable HyperLogLogPlusPlus<?> sketch;

  enum Format implements AccumulatorFormat<SketchCell> {
    INSTANCE;

    @Override
    public void write(SketchCell cell, ByteWriter out) {
      if (cell.sketch == null) {
        out.writeByte(0);
      } else {
        out.writeByte(1);
        out.writeBytes(cell.sketch.serializeToByteArray());
      }
    }

    @Override
    public SketchCell read(ByteReader in) {
      SketchCell cell = new SketchCell();
      if (in.readByte() != 0) {
        cell.sketch = HyperLogLogPlusPlus.forProto(in.readBytes());
      }
      return cell;
    }
  }
}
