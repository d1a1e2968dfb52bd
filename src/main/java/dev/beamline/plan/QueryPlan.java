package dev.beamline.plan;

import dev.beamline.catalog.Schema;
import java.io.Serializable;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A query, compiled.
 *
 * @param plan its output has the query's columns; where it is windowed and the SELECT left them
 *     out, window_start and window_end at the end
 * @param window how the result is windowed; null: it is not
 * @param key columns that tell the result's rows apart (group columns with the window): the key of
 *     an upsert; empty where there is none
 */
public record QueryPlan(String name, Plan plan, @Nullable ResultWindow window, List<Integer> key)
    implements Serializable {

  public QueryPlan {
    key = List.copyOf(key);
  }

  public Schema schema() {
    return plan.schema();
  }

  /**
   * Whether rows with equal values in these columns have one key. One end of a window tells the
   * other where all are of one length.
   */
  public boolean tellsApart(Collection<Integer> columns) {
    ResultWindow in = window;
    boolean ends =
        in != null
            && (in.spec() instanceof WindowSpec.Tumble || in.spec() instanceof WindowSpec.Hop)
            && (columns.contains(in.start()) || columns.contains(in.end()));
    return key.stream()
        .allMatch(
            column ->
                columns.contains(column)
                    || (ends && in != null && (column == in.start() || column == in.end())));
  }

  /**
   * The window of a result and the columns that hold its start and end; -1 where it is for all time
   * and has none.
   */
  public record ResultWindow(WindowSpec spec, int start, int end) implements Serializable {}
}
