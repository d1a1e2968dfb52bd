package dev.beamline.transform.group;

import dev.beamline.catalog.Schema;
import dev.beamline.transform.window.TimeGrid;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How rows enter a grouping operator.
 *
 * @param grouping what the groups compute
 * @param side which input of the operator the rows are (a join has two)
 * @param flow number of the flow of rows within all that come in
 * @param keys columns of the row that make the group, without the window's
 * @param keySchema the key as the groups have it
 * @param groupingSets which positions of {@code keys} each set groups by; where there is more than
 *     one, a group's key starts with the number of its set
 * @param timing how a row finds its slice of time
 * @param windowInKey whether the slice is part of the key that is grouped by
 * @param single whether each row is sent on its own: triggers that count rows need that
 */
public record GroupInput(
    Grouping grouping,
    int side,
    int flow,
    List<Integer> keys,
    Schema keySchema,
    List<List<Integer>> groupingSets,
    Timing timing,
    boolean windowInKey,
    boolean single)
    implements Serializable {

  public GroupInput {
    keys = List.copyOf(keys);
    groupingSets = groupingSets.stream().map(List::copyOf).toList();
  }

  /**
   * Whether each row is in one group and one slice of time, or in none, that others do not change.
   */
  boolean oneFixedPlace() {
    return groupingSets.size() == 1
        && !single
        && (timing instanceof Timing.Slices
            || timing instanceof Timing.Columns
            || timing instanceof Timing.Untimed);
  }

  /**
   * The input of rows that have the columns elsewhere.
   *
   * @param columns for each column of the row that is grouped its place in the row that is there,
   *     or -1
   * @return null where a column that groups is not there
   */
  public @Nullable GroupInput over(int[] columns) {
    List<Integer> places = keys.stream().map(key -> columns[key]).toList();
    Timing found =
        timing instanceof Timing.Columns c
            ? new Timing.Columns(columns[c.start()], columns[c.end()])
            : timing;
    return places.contains(-1) || (found instanceof Timing.Columns c && !c.there())
        ? null
        : from(side, flow, places, found);
  }

  /** The same operator's input by another flow or side. */
  public GroupInput from(
      int otherSide, int otherFlow, List<Integer> otherKeys, Timing otherTiming) {
    return new GroupInput(
        grouping,
        otherSide,
        otherFlow,
        otherKeys,
        keySchema,
        groupingSets,
        otherTiming,
        windowInKey,
        single);
  }

  /** How a row finds its slice of time. */
  public sealed interface Timing extends Serializable {

    /** Time does not matter: there is one slice. */
    record Untimed() implements Timing {}

    /**
     * The row has been put into its window, whose start is in the column and whose end in the next.
     */
    record Columns(int start, int end) implements Timing {
      private boolean there() {
        return start >= 0 && end >= 0;
      }
    }

    /** The time that was noted on the way; the row is summed once, in its slice. */
    record Slices(TimeGrid grid) implements Timing {}

    /** The time that was noted on the way; the row is summed once a window. */
    record EachWindow(TimeGrid grid) implements Timing {}

    /**
     * The time that was noted on the way; rows nearer to each other than the gap belong together.
     *
     * @param gap microseconds
     */
    record Sessions(long gap) implements Timing {}
  }
}
