package dev.beamline.transform.group;

import dev.beamline.catalog.Tuple;
import dev.beamline.execution.kernel.RowErrors;
import dev.beamline.execution.kernel.SetKernel;
import dev.beamline.plan.Plan;
import dev.beamline.transform.window.Window;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.Consumer;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.util.VarInt;
import org.jspecify.annotations.Nullable;

/** INTERSECT and EXCEPT: the group is the row, and what counts is how often each side has it. */
public record SetGrouping(Plan.SetOperation plan, RowLayout layout) implements Grouping {

  @Override
  public Kernel compile() {
    return new CountKernel(new SetKernel(plan), layout);
  }

  @Override
  public Coder<Object> accumulatorCoder() {
    return new CountsCoder();
  }

  @Override
  public boolean collects() {
    return false;
  }

  private static final class CountKernel implements Kernel {
    private final SetKernel kernel;
    private final RowLayout layout;

    CountKernel(SetKernel kernel, RowLayout layout) {
      this.kernel = kernel;
      this.layout = layout;
    }

    @Override
    public Object create() {
      return new long[2];
    }

    @Override
    public void check(Tuple row, int side) {}

    @Override
    public Object add(Object accumulator, Tuple row, int side) {
      ((long[]) accumulator)[side]++;
      return accumulator;
    }

    @Override
    public Object merge(Object accumulator, Object other) {
      long[] counts = (long[]) accumulator;
      long[] more = (long[]) other;
      counts[0] += more[0];
      counts[1] += more[1];
      return counts;
    }

    @Override
    public void finish(
        Object accumulator, Tuple key, Window window, Consumer<Tuple> rows, RowErrors errors) {
      long[] counts = (long[]) accumulator;
      long times = kernel.times(counts[0], counts[1]);
      if (times > 0) {
        @Nullable Object[] values = new @Nullable Object[layout.sources().size()];
        layout.fill(values, key, window);
        Tuple row = Tuple.of(values);
        for (long i = 0; i < times; i++) {
          rows.accept(row);
        }
      }
    }
  }

  private static final class CountsCoder extends CustomCoder<Object> {
    private static final long serialVersionUID = 1L;

    @Override
    public void encode(Object value, OutputStream out) throws IOException {
      long[] counts = (long[]) value;
      VarInt.encode(counts[0], out);
      VarInt.encode(counts[1], out);
    }

    @Override
    public Object decode(InputStream in) throws IOException {
      return new long[] {VarInt.decodeLong(in), VarInt.decodeLong(in)};
    }

    @Override
    public void verifyDeterministic() {}

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof CountsCoder;
    }

    @Override
    public int hashCode() {
      return CountsCoder.class.hashCode();
    }
  }
}
