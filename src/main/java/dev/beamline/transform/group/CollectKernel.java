package dev.beamline.transform.group;

import dev.beamline.catalog.Tuple;
import dev.beamline.execution.kernel.RowErrors;
import dev.beamline.transform.window.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Collects the rows of each input, and computes with all of them at the end. */
final class CollectKernel implements Kernel {

  private final int sides;
  private final Finish finish;

  CollectKernel(int sides, Finish finish) {
    this.sides = sides;
    this.finish = finish;
  }

  /** What is computed of all rows. */
  interface Finish {
    /**
     * Hands out the results.
     *
     * @param sides the rows of each input
     */
    void apply(List<List<Tuple>> sides, Consumer<Tuple> rows, RowErrors errors);
  }

  @SuppressWarnings("unchecked") // Only this kernel's accumulators come here.
  static List<List<Tuple>> lists(Object accumulator) {
    return (List<List<Tuple>>) accumulator;
  }

  @Override
  public Object create() {
    List<List<Tuple>> lists = new ArrayList<>(sides);
    for (int i = 0; i < sides; i++) {
      lists.add(new ArrayList<>(0));
    }
    return lists;
  }

  @Override
  public void check(Tuple row, int side) {}

  @Override
  public Object add(Object accumulator, Tuple row, int side) {
    lists(accumulator).get(side).add(row);
    return accumulator;
  }

  @Override
  public Object merge(Object accumulator, Object other) {
    for (int i = 0; i < sides; i++) {
      lists(accumulator).get(i).addAll(lists(other).get(i));
    }
    return accumulator;
  }

  @Override
  public void finish(
      Object accumulator, Tuple key, Window window, Consumer<Tuple> rows, RowErrors errors) {
    finish.apply(lists(accumulator), rows, errors);
  }
}
