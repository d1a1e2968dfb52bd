package dev.beamline.transform.group;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CustomCoder;
import org.jspecify.annotations.Nullable;

/** Codes the accumulators of several aggregates of one group: an array, one after the other. */
final class AccumulatorsCoder extends CustomCoder<Object> {

  private static final long serialVersionUID = 1L;

  private final List<Coder<Object>> coders;

  AccumulatorsCoder(List<Coder<Object>> coders) {
    this.coders = List.copyOf(coders);
  }

  @Override
  public void encode(Object value, OutputStream out) throws IOException {
    Object[] accumulators = (Object[]) value;
    for (int i = 0; i < accumulators.length; i++) {
      coders.get(i).encode(accumulators[i], out);
    }
  }

  @Override
  public Object decode(InputStream in) throws IOException {
    Object[] accumulators = new Object[coders.size()];
    for (int i = 0; i < accumulators.length; i++) {
      accumulators[i] = coders.get(i).decode(in);
    }
    return accumulators;
  }

  @Override
  public List<? extends Coder<?>> getCoderArguments() {
    return coders;
  }

  @Override
  public void verifyDeterministic() throws NonDeterministicException {
    for (Coder<Object> coder : coders) {
      coder.verifyDeterministic();
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof AccumulatorsCoder that && coders.equals(that.coders);
  }

  @Override
  public int hashCode() {
    return Objects.hash(AccumulatorsCoder.class, coders);
  }
}
