package dev.beamline.transform.group;

import dev.beamline.catalog.Tuple;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.kernel.RowErrors;
import dev.beamline.transform.window.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Collects the rows of each input, and computes with all of them at the end. A group with more rows
 * than fit into memory is in error as a whole: it never goes on with some of them.
 */
final class CollectKernel implements Kernel {

  /** Some 500 MB to 2 GB, by what a row holds. */
  static final int MOST_ROWS = 4_000_000;

  private final int sides;
  private final int most;
  private final String operator;
  private final Finish finish;

  /**
   * @param operator for the message: a join
   */
  CollectKernel(int sides, String operator, Finish finish) {
    this(sides, operator, MOST_ROWS, finish);
  }

  /** For tests: with another bound. */
  CollectKernel(int sides, String operator, int most, Finish finish) {
    this.sides = sides;
    this.most = most;
    this.operator = operator;
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

    /** A row as errors show it that tells the group. */
    default Tuple example(List<List<Tuple>> sides) {
      return sides.get(0).get(0);
    }
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
    List<List<Tuple>> lists = lists(accumulator);
    if (size(lists) <= most) {
      lists.get(side).add(row);
    }
    return accumulator;
  }

  @Override
  public Object merge(Object accumulator, Object other) {
    List<List<Tuple>> lists = lists(accumulator);
    for (int i = 0; i < sides; i++) {
      List<Tuple> more = lists(other).get(i);
      // One row above the bound is kept: it says that there were too many.
      int room = most + 1 - size(lists);
      lists.get(i).addAll(room < more.size() ? more.subList(0, Math.max(0, room)) : more);
    }
    return accumulator;
  }

  private static int size(List<List<Tuple>> lists) {
    int size = 0;
    for (List<Tuple> list : lists) {
      size += list.size();
    }
    return size;
  }

  @Override
  public void finish(
      Object accumulator, Tuple key, Window window, Consumer<Tuple> rows, RowErrors errors) {
    List<List<Tuple>> lists = lists(accumulator);
    if (size(lists) > most) {
      errors.failed(
          finish.example(lists),
          new EvaluationException(
              operator
                  + " has more than "
                  + most
                  + " rows of one key in one window, which do not fit into memory: give it one more"
                  + " key or a shorter window, or aggregate its rows first"));
      return;
    }
    finish.apply(lists, rows, errors);
  }
}
