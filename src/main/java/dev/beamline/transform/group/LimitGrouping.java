package dev.beamline.transform.group;

import dev.beamline.catalog.Tuple;
import dev.beamline.execution.kernel.LimitKernel;
import dev.beamline.execution.kernel.RowErrors;
import dev.beamline.execution.row.TupleCoder;
import dev.beamline.plan.Plan;
import dev.beamline.transform.Compilers;
import dev.beamline.transform.window.Window;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.util.VarInt;
import org.jspecify.annotations.Nullable;

/** The first rows of a partition: no more than these are ever kept or sent. */
public record LimitGrouping(Plan.Limit plan) implements Grouping {

  @Override
  public Kernel compile() {
    return new TopKernel(new LimitKernel(plan, Compilers.expressions()::evaluator));
  }

  @Override
  public Coder<Object> accumulatorCoder() {
    return new FirstRowsCoder(TupleCoder.of(plan.schema()));
  }

  @Override
  public boolean collects() {
    return true;
  }

  /** The first rows so far: as a kernel keeps them, or just read and not yet sorted. */
  private static final class FirstRows {
    private @Nullable LimitKernel owner;
    private LimitKernel.@Nullable Top top;
    private List<Tuple> rows;

    FirstRows(List<Tuple> rows) {
      this.rows = rows;
    }

    List<Tuple> rows() {
      return top == null ? rows : top.candidates();
    }

    /** Sorted by a kernel, which only one thread may use: its own, not that of who made these. */
    LimitKernel.Top top(LimitKernel kernel) {
      LimitKernel.Top mine = top;
      if (mine == null || owner != kernel) {
        List<Tuple> known = rows();
        mine = kernel.top();
        for (Tuple row : known) {
          mine.add(row, RowErrors.THROW);
        }
        top = mine;
        owner = kernel;
        rows = List.of();
      }
      return mine;
    }
  }

  private static final class TopKernel implements Kernel {
    private final LimitKernel kernel;

    TopKernel(LimitKernel kernel) {
      this.kernel = kernel;
    }

    @Override
    public Object create() {
      return new FirstRows(List.of());
    }

    @Override
    public void check(Tuple row, int side) {
      kernel.top().add(row, RowErrors.THROW);
    }

    @Override
    public Object add(Object accumulator, Tuple row, int side) {
      ((FirstRows) accumulator).top(kernel).add(row, RowErrors.THROW);
      return accumulator;
    }

    @Override
    public Object merge(Object accumulator, Object other) {
      LimitKernel.Top top = ((FirstRows) accumulator).top(kernel);
      for (Tuple row : ((FirstRows) other).rows()) {
        top.add(row, RowErrors.THROW);
      }
      return accumulator;
    }

    @Override
    public void finish(
        Object accumulator, Tuple key, Window window, Consumer<Tuple> rows, RowErrors errors) {
      ((FirstRows) accumulator).top(kernel).result().forEach(rows);
    }
  }

  private static final class FirstRowsCoder extends CustomCoder<Object> {
    private static final long serialVersionUID = 1L;

    private final Coder<Tuple> coder;

    FirstRowsCoder(Coder<Tuple> coder) {
      this.coder = coder;
    }

    @Override
    public void encode(Object value, OutputStream out) throws IOException {
      List<Tuple> rows = ((FirstRows) value).rows();
      VarInt.encode(rows.size(), out);
      for (Tuple row : rows) {
        coder.encode(row, out);
      }
    }

    @Override
    public Object decode(InputStream in) throws IOException {
      int size = VarInt.decodeInt(in);
      List<Tuple> rows = new ArrayList<>(size);
      for (int i = 0; i < size; i++) {
        rows.add(coder.decode(in));
      }
      return new FirstRows(rows);
    }

    @Override
    public void verifyDeterministic() {}

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof FirstRowsCoder that && coder.equals(that.coder);
    }

    @Override
    public int hashCode() {
      return Objects.hash(FirstRowsCoder.class, coder);
    }
  }
}
