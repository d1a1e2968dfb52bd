package dev.beamline.execution.aggregate;

import dev.beamline.execution.row.BlockCoder;
import dev.beamline.execution.row.ByteReader;
import dev.beamline.execution.row.ByteWriter;
import org.jspecify.annotations.Nullable;

/** Accumulators as bytes: a version, then what the format says. */
final class AccumulatorCoder<A> extends BlockCoder<A> {

  private static final long serialVersionUID = 1L;

  /** Of all formats together. A change of any takes a new number and keeps reading the old one. */
  private static final int VERSION = 1;

  private final AccumulatorFormat<A> format;

  AccumulatorCoder(AccumulatorFormat<A> format) {
    this.format = format;
  }

  @Override
  protected void write(A value, ByteWriter out) {
    out.writeByte(VERSION);
    format.write(value, out);
  }

  @Override
  protected A read(ByteReader in) {
    int version = in.readByte();
    if (version != VERSION) {
      throw new IllegalArgumentException("unknown version " + version + " of an accumulator");
    }
    return format.read(in);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof AccumulatorCoder<?> that && format.equals(that.format);
  }

  @Override
  public int hashCode() {
    return format.hashCode();
  }

  @Override
  public String toString() {
    return "AccumulatorCoder(v" + VERSION + ", " + format + ")";
  }
}
