package dev.beamline.transform.group;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.transform.ErrorRecord;
import dev.beamline.transform.RowErrors;
import dev.beamline.transform.window.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes error records of groups. Sums have forgotten their rows: a sum that fails shows the group,
 * by its key and its window. Operators that keep their rows show the row.
 */
final class GroupErrors {

  private static final List<Column> WINDOW =
      List.of(
          Column.of("window_start", ScalarType.TIMESTAMP),
          Column.of("window_end", ScalarType.TIMESTAMP));

  private final RowErrors rows;
  private final RowErrors groups;

  GroupErrors(GroupOutput group) {
    this.rows = new RowErrors(group.query(), group.errorSchema());
    List<Column> columns = new ArrayList<>(group.errorSchema().columns());
    columns.addAll(WINDOW);
    this.groups = new RowErrors(group.query(), new Schema(columns));
  }

  /**
   * The record of what failed.
   *
   * @param key the group's key, as its kernel was given it
   * @param failed that very key, or a row of the group
   */
  ErrorRecord of(
      Tuple key, Tuple failed, Window window, long eventTimeMicros, EvaluationException error) {
    if (!failed.equals(key) || window.equals(Window.ALL_TIME)) {
      return rows.of(failed, eventTimeMicros, error);
    }
    @Nullable Object[] shown = Arrays.copyOf(key.values(), key.size() + 2);
    shown[key.size()] = window.start();
    shown[key.size() + 1] = window.end();
    return groups.of(Tuple.of(shown), eventTimeMicros, error);
  }
}
