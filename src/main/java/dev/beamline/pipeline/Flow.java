package dev.beamline.pipeline;

import dev.beamline.plan.WindowSpec;
import dev.beamline.transform.stage.RowStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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
   * @param starts columns that hold window_start: none where it has been projected away, several
   *     where it has been copied
   * @param ends columns that hold window_end, likewise
   * @param noted where in the steps the row's time is noted instead of the row being put into its
   *     windows; -1: the columns hold real values
   * @param slack milliseconds after a window's end until the last of its rows is there
   * @param sessionKeys the columns that keep sessions apart, where they are still there (else -1)
   */
  record Windows(
      WindowSpec spec,
      Set<Integer> starts,
      Set<Integer> ends,
      int noted,
      long slack,
      List<Integer> sessionKeys) {
    Windows {
      starts = Set.copyOf(starts);
      ends = Set.copyOf(ends);
      sessionKeys = List.copyOf(sessionKeys);
    }

    boolean deferred() {
      return noted >= 0;
    }

    boolean session() {
      return spec instanceof WindowSpec.Session;
    }

    /** Whether a window's start alone tells which it is, and so does its end. */
    boolean oneEndTells() {
      return spec instanceof WindowSpec.Tumble || spec instanceof WindowSpec.Hop || session();
    }

    Windows withColumns(
        Set<Integer> newStarts, Set<Integer> newEnds, List<Integer> newSessionKeys) {
      return new Windows(spec, newStarts, newEnds, noted, slack, newSessionKeys);
    }

    /** Whether rows of both can be summed together, each by its windows. */
    boolean sameAs(Windows other) {
      return spec.equals(other.spec)
          && starts.equals(other.starts)
          && ends.equals(other.ends)
          && sessionKeys.equals(other.sessionKeys);
    }

    /** The same windows where the columns hold their values. */
    Windows real() {
      return new Windows(spec, starts, ends, -1, slack, sessionKeys);
    }

    boolean isColumn(int column) {
      return starts.contains(column) || ends.contains(column);
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
