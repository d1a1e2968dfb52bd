package dev.beamline.execution.aggregate;

import dev.beamline.execution.row.ByteReader;
import dev.beamline.execution.row.ByteWriter;

/** An accumulator of one number. */
final class LongCell {

  long value;

  LongCell(long value) {
    this.value = value;
  }

  enum Format implements AccumulatorFormat<LongCell> {
    INSTANCE;

    @Override
    public void write(LongCell cell, ByteWriter out) {
      out.writeZigZag(cell.value);
    }

    @Override
    public LongCell read(ByteReader in) {
      return new LongCell(in.readZigZag());
    }
  }
}
