package dev.beamline.transform.stage;

import dev.beamline.plan.Expression;
import dev.beamline.plan.WindowSpec;
import dev.beamline.transform.window.TimeGrid;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is done with one row on its way; rows come out of it that the next step gets. */
public sealed interface RowStep extends Serializable {

  /** Takes columns by their names: the columns of one scan out of all that are read. */
  record Columns(List<String> names) implements RowStep {
    public Columns {
      names = List.copyOf(names);
    }
  }

  /**
   * Passes the rows where the condition is TRUE.
   *
   * @param projections the columns of the new row; null: the row goes on as it is
   */
  record Compute(@Nullable Expression condition, @Nullable List<Expression> projections)
      implements RowStep {
    public Compute {
      projections = projections == null ? null : List.copyOf(projections);
    }
  }

  /** Joins the row with each element of an array of its own, as {@code Plan.Unnest} says. */
  record UnnestArray(
      Expression array, boolean outer, boolean withOffset, @Nullable Expression condition)
      implements RowStep {}

  /** Sends the row on once a window, with window_start and window_end appended. */
  record PutIntoWindows(TimeGrid grid, int timeColumn) implements RowStep {}

  /**
   * Keeps the row's time for the grouping at the end of the chain, which finds the windows itself;
   * the two columns that are appended are NULL and nobody looks at them.
   */
  record NoteTime(int timeColumn, WindowSpec window) implements RowStep {}
}
