package dev.beamline.pipeline;

import dev.beamline.plan.WindowSpec;
import dev.beamline.transform.stage.RowStep;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows on their way: the node that makes them and what is done with each since. A relation is one
 * flow, or several where it is a union.
 *
 * @param steps since the node's own rows
 * @param windows what is known of the rows' windows; null: they are in none
 */
record Flow(Node origin, List<RowStep> steps, @Nullable Windows windows) {

  Flow {
    steps = List.copyOf(steps);
  }

  /**
   * The windows of a flow's rows.
   *
   * @param start column of window_start; -1 where it has been projected away
   * @param end column of window_end; -1 likewise
   * @param noted where in the steps the row's time is noted instead of the row being put into its
   *     windows; -1: the columns hold real values
   * @param slack milliseconds after a window's end until the last of its rows is there
   * @param sessionKeys the columns that keep sessions apart, where they are still there (else -1)
   */
  record Windows(
      WindowSpec spec, int start, int end, int noted, long slack, List<Integer> sessionKeys) {
    Windows {
      sessionKeys = List.copyOf(sessionKeys);
    }

    boolean deferred() {
      return noted >= 0;
    }

    boolean session() {
      return spec instanceof WindowSpec.Session;
    }

    /** Whether both ends can still be read from the rows. */
    boolean whole() {
      return start >= 0 && end >= 0;
    }

    /** Whether a window's start alone tells which it is, and so does its end. */
    boolean oneEndTells() {
      return spec instanceof WindowSpec.Tumble || spec instanceof WindowSpec.Hop || session();
    }

    Windows withColumns(int newStart, int newEnd, List<Integer> newSessionKeys) {
      return new Windows(spec, newStart, newEnd, noted, slack, newSessionKeys);
    }

    /** The same windows where the columns hold their values. */
    Windows real() {
      return new Windows(spec, start, end, -1, slack, sessionKeys);
    }

    boolean isColumn(int column) {
      return column >= 0 && (column == start || column == end);
    }
  }

  Flow then(RowStep step, @Nullable Windows after) {
    List<RowStep> more = new ArrayList<>(steps);
    more.add(step);
    return new Flow(origin, more, after);
  }

  Flow then(RowStep step) {
    return then(step, windows);
  }
}
