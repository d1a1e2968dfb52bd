package dev.beamline.transform.group;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.execution.kernel.RowErrors;
import dev.beamline.execution.row.TupleCoder;
import dev.beamline.transform.window.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.beam.sdk.coders.Coder;

/**
 * A grouping over results that change: each pane of a result takes the place of the one before, and
 * the group is computed anew. A group that no row is left of has no rows.
 *
 * @param inner what the group computes
 * @param sides for each input the columns of its rows
 */
public record NewestGrouping(Grouping inner, List<Schema> sides) implements Grouping {

  public NewestGrouping {
    sides = List.copyOf(sides);
  }

  @Override
  public Kernel compile() {
    return new NewestKernel(inner.compile());
  }

  @Override
  public Coder<Object> accumulatorCoder() {
    List<Coder<Tuple>> rows = new ArrayList<>();
    sides.forEach(side -> rows.add(TupleCoder.of(side)));
    return new VersionsCoder(inner.accumulatorCoder(), rows);
  }

  @Override
  public boolean collects() {
    return true;
  }

  private static final class NewestKernel implements Kernel {
    private final Kernel inner;

    NewestKernel(Kernel inner) {
      this.inner = inner;
    }

    @Override
    public Object create() {
      return new Versions(inner.create());
    }

    @Override
    public void check(Tuple row, int side) {
      inner.check(row, side);
    }

    @Override
    public Object add(Object accumulator, Tuple row, int side) {
      Versions versions = (Versions) accumulator;
      versions.plain = inner.add(versions.plain, row, side);
      versions.plainRows++;
      return versions;
    }

    @Override
    public Object merge(Object accumulator, Object other) {
      Versions versions = (Versions) accumulator;
      Versions more = (Versions) other;
      versions.plain = inner.merge(versions.plain, more.plain);
      versions.plainRows += more.plainRows;
      more.newest.forEach(versions::put);
      return versions;
    }

    @Override
    public void finish(
        Object accumulator, Tuple key, Window window, Consumer<Tuple> rows, RowErrors errors) {
      Versions versions = (Versions) accumulator;
      Object sum = inner.merge(inner.create(), versions.plain);
      long count = versions.plainRows;
      for (Versions.Version version : versions.newest.values()) {
        for (Tuple row : version.rows()) {
          sum = inner.add(sum, row, version.side());
          count++;
        }
      }
      if (count > 0) {
        inner.finish(sum, key, window, rows, errors);
      }
    }
  }
}
