package dev.beamline.transform.interval;

import dev.beamline.catalog.Tuple;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.coders.BigEndianLongCoder;
import org.apache.beam.sdk.coders.BooleanCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CustomCoder;
import org.jspecify.annotations.Nullable;

/** Codes {@link SidedRow}. */
public final class SidedRowCoder extends CustomCoder<SidedRow> {

  private static final long serialVersionUID = 1L;

  private final Coder<Tuple> left;
  private final Coder<Tuple> right;

  private SidedRowCoder(Coder<Tuple> left, Coder<Tuple> right) {
    this.left = left;
    this.right = right;
  }

  /** Of the coders of both sides' rows. */
  public static SidedRowCoder of(Coder<Tuple> left, Coder<Tuple> right) {
    return new SidedRowCoder(left, right);
  }

  @Override
  public void encode(SidedRow value, OutputStream out) throws IOException {
    BooleanCoder.of().encode(value.right(), out);
    BigEndianLongCoder.of().encode(value.time(), out);
    (value.right() ? right : left).encode(value.row(), out);
  }

  @Override
  public SidedRow decode(InputStream in) throws IOException {
    boolean isRight = BooleanCoder.of().decode(in);
    long time = BigEndianLongCoder.of().decode(in);
    return new SidedRow(isRight, time, (isRight ? right : left).decode(in));
  }

  @Override
  public List<? extends Coder<?>> getCoderArguments() {
    return List.of(left, right);
  }

  @Override
  public void verifyDeterministic() throws NonDeterministicException {
    verifyDeterministic(this, "rows must be coded the same way each time", left, right);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SidedRowCoder that
        && left.equals(that.left)
        && right.equals(that.right);
  }

  @Override
  public int hashCode() {
    return Objects.hash(SidedRowCoder.class, left, right);
  }
}
