package dev.beamline.execution.aggregate;

import dev.beamline.execution.row.ByteReader;
import dev.beamline.execution.row.ByteWriter;
import dev.beamline.execution.row.ValueCodec;
import org.jspecify.annotations.Nullable;

/** An accumulator of one value, or of none yet. */
final class ValueCell {

  @Nullable Object value;

  record Format(ValueCodec codec) implements AccumulatorFormat<ValueCell> {
    @Override
    public void write(ValueCell cell, ByteWriter out) {
      codec.writeNullable(cell.value, out);
    }

    @Override
    public ValueCell read(ByteReader in) {
      ValueCell cell = new ValueCell();
      cell.value = codec.readNullable(in);
      return cell;
    }
  }
}
