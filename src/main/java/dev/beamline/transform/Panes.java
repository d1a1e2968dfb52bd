package dev.beamline.transform;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.plan.QueryPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The columns that tell which pane of a window a row of a result is from. */
public final class Panes {

  /** When a pane was made, relative to the watermark that passes the end of its window. */
  public enum Timing {
    /** Before: the row is a guess so far. */
    EARLY,
    /** When it passed. */
    ON_TIME,
    /** After: rows came late. */
    LATE
  }

  /** pane_timing, pane_index and is_final. */
  public static final List<Column> COLUMNS =
      List.of(
          Column.of("pane_timing", ScalarType.STRING),
          Column.of("pane_index", ScalarType.INT64),
          Column.of("is_final", ScalarType.BOOL));

  private Panes() {}

  /** The columns of a query's rows as its sink gets them: with the pane's where it is windowed. */
  public static Schema schema(QueryPlan query) {
    if (query.window() == null) {
      return query.schema();
    }
    List<Column> columns = new ArrayList<>(query.schema().columns());
    columns.addAll(COLUMNS);
    return new Schema(columns);
  }

  /** The row with its pane. */
  public static Tuple append(Tuple row, Timing timing, long index) {
    @Nullable Object[] values = Arrays.copyOf(row.values(), row.size() + 3);
    values[row.size()] = timing.name();
    values[row.size() + 1] = index;
    values[row.size() + 2] = timing != Timing.EARLY;
    return Tuple.of(values);
  }

  /** The row with the pane of a result that has only one. */
  public static Tuple onlyPane(Tuple row) {
    return append(row, Timing.ON_TIME, 0);
  }
}
