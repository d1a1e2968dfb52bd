package dev.beamline.transform.group;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.execution.kernel.RowErrors;
import dev.beamline.execution.local.LocalExecutor;
import dev.beamline.execution.local.SourceRows;
import dev.beamline.execution.row.TupleCoder;
import dev.beamline.plan.Plan;
import dev.beamline.transform.window.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.ListCoder;

/**
 * Operators that need all rows of a group before they can make any: joins, analytic functions, the
 * first rows of an order, INTERSECT and EXCEPT. The rows are collected, and the operator runs over
 * them as it does in memory; a group is held by one worker.
 *
 * @param operator its inputs are scans of {@link #input}
 * @param sides the columns of each input
 */
public record OperatorGrouping(Plan operator, List<Schema> sides) implements Grouping {

  public OperatorGrouping {
    sides = List.copyOf(sides);
  }

  /** What stands for an input inside the operator. */
  public static Plan.Scan input(int side, Schema schema) {
    return new Plan.Scan(Integer.toString(side), schema, -1, true, null);
  }

  @Override
  public Kernel compile() {
    return new OperatorKernel(operator, sides.size());
  }

  @Override
  @SuppressWarnings("unchecked") // A coder of lists is only ever given the lists of its side.
  public Coder<Object> accumulatorCoder() {
    List<Coder<Object>> lists = new ArrayList<>();
    for (Schema side : sides) {
      Coder<?> rows = ListCoder.of(TupleCoder.of(side));
      lists.add((Coder<Object>) rows);
    }
    return new AccumulatorsCoder(lists);
  }

  @Override
  public boolean collects() {
    return true;
  }

  private static final class OperatorKernel implements Kernel {
    private final Plan operator;
    private final int sides;

    OperatorKernel(Plan operator, int sides) {
      this.operator = operator;
      this.sides = sides;
    }

    @Override
    public Object create() {
      Object[] rows = new Object[sides];
      for (int i = 0; i < sides; i++) {
        rows[i] = new ArrayList<Tuple>();
      }
      return rows;
    }

    @Override
    public void check(Tuple row, int side) {
      // Nothing is evaluated before all rows are there.
    }

    @Override
    public Object add(Object accumulator, Tuple row, int side) {
      rows(accumulator, side).add(row);
      return accumulator;
    }

    @Override
    public Object merge(Object accumulator, Object other) {
      Object[] merged = new Object[sides];
      for (int i = 0; i < sides; i++) {
        List<Tuple> all = new ArrayList<>(rows(accumulator, i));
        all.addAll(rows(other, i));
        merged[i] = all;
      }
      return merged;
    }

    @Override
    public void finish(Object accumulator, Tuple key, Window window, Consumer<Tuple> rows) {
      SourceRows inputs = scan -> rows(accumulator, Integer.parseInt(scan.source()));
      new LocalExecutor(inputs, RowErrors.THROW).run(operator).forEach(rows);
    }

    @SuppressWarnings("unchecked") // create() and the coder put nothing else there.
    private static List<Tuple> rows(Object accumulator, int side) {
      return (List<Tuple>) ((Object[]) accumulator)[side];
    }
  }
}
