package dev.beamline.transform.group;

import dev.beamline.catalog.Tuple;
import dev.beamline.execution.row.TupleCoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.util.VarInt;
import org.jspecify.annotations.Nullable;

/** Codes rows of one or more inputs: a list of rows each. */
final class RowsCoder extends CustomCoder<Object> {

  private static final long serialVersionUID = 1L;

  private final List<TupleCoder> sides;

  RowsCoder(List<TupleCoder> sides) {
    this.sides = List.copyOf(sides);
  }

  @Override
  public void encode(Object value, OutputStream out) throws IOException {
    List<List<Tuple>> lists = CollectKernel.lists(value);
    for (int i = 0; i < sides.size(); i++) {
      VarInt.encode(lists.get(i).size(), out);
      for (Tuple row : lists.get(i)) {
        sides.get(i).encode(row, out);
      }
    }
  }

  @Override
  public Object decode(InputStream in) throws IOException {
    List<List<Tuple>> lists = new ArrayList<>(sides.size());
    for (TupleCoder side : sides) {
      int size = VarInt.decodeInt(in);
      List<Tuple> rows = new ArrayList<>(size);
      for (int i = 0; i < size; i++) {
        rows.add(side.decode(in));
      }
      lists.add(rows);
    }
    return lists;
  }

  @Override
  public List<? extends Coder<?>> getCoderArguments() {
    return sides;
  }

  @Override
  public void verifyDeterministic() throws NonDeterministicException {
    throw new NonDeterministicException(this, "rows are kept in the order in which they came");
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RowsCoder that && sides.equals(that.sides);
  }

  @Override
  public int hashCode() {
    return Objects.hash(RowsCoder.class, sides);
  }
}
