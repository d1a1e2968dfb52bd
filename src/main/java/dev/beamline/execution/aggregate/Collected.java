package dev.beamline.execution.aggregate;

import dev.beamline.execution.row.ByteReader;
import dev.beamline.execution.row.ByteWriter;
import dev.beamline.execution.row.ValueCodec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An accumulator that keeps values, NULLs among them, in the order in which they came. */
final class Collected {

  final List<@Nullable Object> entries;

  /** The size at which it is time to drop what cannot show in the result. */
  int compactAt;

  Collected(int capacity) {
    this.entries = new ArrayList<>(capacity);
  }

  record Format(ValueCodec codec) implements AccumulatorFormat<Collected> {
    @Override
    public void write(Collected collected, ByteWriter out) {
      out.writeVarLong(collected.entries.size());
      for (Object entry : collected.entries) {
        codec.writeNullable(entry, out);
      }
    }

    @Override
    public Collected read(ByteReader in) {
      int size = in.readLength();
      Collected collected = new Collected(size);
      for (int i = 0; i < size; i++) {
        collected.entries.add(codec.readNullable(in));
      }
      return collected;
    }
  }
}
