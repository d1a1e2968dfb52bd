package dev.beamline.transform.group;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.util.VarInt;
import org.jspecify.annotations.Nullable;

/** Start, length and number of rows in few bytes, then the accumulator. */
public final class PartialCoder extends CustomCoder<Partial> {

  private static final long serialVersionUID = 1L;

  private final Coder<Object> accumulators;

  public PartialCoder(Coder<Object> accumulators) {
    this.accumulators = accumulators;
  }

  @Override
  public void encode(Partial value, OutputStream out) throws IOException {
    Longs.write(value.start(), out);
    // Wraps around for all time, and back when it is read.
    Longs.write(value.end() - value.start(), out);
    VarInt.encode(value.rows(), out);
    VarInt.encode(value.counted(), out);
    accumulators.encode(value.accumulator(), out);
  }

  @Override
  public Partial decode(InputStream in) throws IOException {
    long start = Longs.read(in);
    long end = start + Longs.read(in);
    long rows = VarInt.decodeLong(in);
    long counted = VarInt.decodeLong(in);
    return new Partial(start, end, rows, counted, accumulators.decode(in));
  }

  @Override
  public List<? extends Coder<?>> getCoderArguments() {
    return List.of(accumulators);
  }

  @Override
  public void verifyDeterministic() throws NonDeterministicException {
    accumulators.verifyDeterministic();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PartialCoder that && accumulators.equals(that.accumulators);
  }

  @Override
  public int hashCode() {
    return Objects.hash(PartialCoder.class, accumulators);
  }
}
