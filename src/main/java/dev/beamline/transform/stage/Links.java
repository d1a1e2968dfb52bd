package dev.beamline.transform.stage;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.expression.Evaluator;
import dev.beamline.execution.expression.ExpressionCompiler;
import dev.beamline.plan.Expression;
import dev.beamline.transform.window.TimeGrid;
import dev.beamline.transform.window.Window;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compiles steps into links. */
final class Links {

  private Links() {}

  /**
   * @param input the columns of the rows that enter the chain
   */
  static Link compile(
      RowStep step, Schema input, ExpressionCompiler expressions, Cursor cursor, Link next) {
    if (step instanceof RowStep.Columns columns) {
      return columns(columns, input, next);
    } else if (step instanceof RowStep.Compute compute) {
      return compute(compute, expressions, next);
    } else if (step instanceof RowStep.UnnestArray unnest) {
      return unnest(unnest, expressions, next);
    } else if (step instanceof RowStep.PutIntoWindows windows) {
      return putIntoWindows(windows, cursor, next);
    }
    return noteTime((RowStep.NoteTime) step, cursor, next);
  }

  private static Link columns(RowStep.Columns step, Schema input, Link next) {
    if (step.names().equals(input.names())) {
      return next;
    }
    int[] columns = step.names().stream().mapToInt(input::indexOf).toArray();
    return row -> {
      @Nullable Object[] values = new @Nullable Object[columns.length];
      for (int i = 0; i < columns.length; i++) {
        values[i] = row.get(columns[i]);
      }
      next.accept(Tuple.of(values));
    };
  }

  private static Link compute(RowStep.Compute compute, ExpressionCompiler expressions, Link next) {
    List<Expression> projections = compute.projections();
    Link project = projections == null ? next : project(projections, expressions, next);
    if (compute.condition() == null) {
      return project;
    }
    Evaluator condition = expressions.evaluator(compute.condition());
    return row -> {
      if (Boolean.TRUE.equals(condition.evaluate(row))) {
        project.accept(row);
      }
    };
  }

  private static Link project(
      List<Expression> projections, ExpressionCompiler expressions, Link next) {
    Evaluator[] evaluators = expressions.evaluators(projections).toArray(Evaluator[]::new);
    return row -> {
      @Nullable Object[] values = new @Nullable Object[evaluators.length];
      for (int i = 0; i < evaluators.length; i++) {
        values[i] = evaluators[i].evaluate(row);
      }
      next.accept(Tuple.of(values));
    };
  }

  private static Link unnest(
      RowStep.UnnestArray unnest, ExpressionCompiler expressions, Link next) {
    Evaluator array = expressions.evaluator(unnest.array());
    Evaluator condition =
        unnest.condition() == null ? null : expressions.evaluator(unnest.condition());
    boolean withOffset = unnest.withOffset();
    return row -> {
      boolean matched = false;
      if (array.evaluate(row) instanceof List<?> elements) {
        long offset = 0;
        for (Object element : elements) {
          Tuple joined = withElement(row, element, withOffset ? offset : null, withOffset);
          offset++;
          if (condition == null || Boolean.TRUE.equals(condition.evaluate(joined))) {
            matched = true;
            next.accept(joined);
          }
        }
      }
      if (!matched && unnest.outer()) {
        next.accept(withElement(row, null, null, withOffset));
      }
    };
  }

  private static Tuple withElement(
      Tuple row, @Nullable Object element, @Nullable Long offset, boolean withOffset) {
    @Nullable Object[] values = Arrays.copyOf(row.values(), row.size() + (withOffset ? 2 : 1));
    values[row.size()] = element;
    if (withOffset) {
      values[row.size() + 1] = offset;
    }
    return Tuple.of(values);
  }

  private static Link putIntoWindows(RowStep.PutIntoWindows step, Cursor cursor, Link next) {
    TimeGrid grid = step.grid();
    int timeColumn = step.timeColumn();
    return row -> {
      long time = time(row, timeColumn);
      List<Window> windows = grid.windows(grid.sliceStart(time));
      boolean counts = cursor.counts;
      for (int i = 0; i < windows.size(); i++) {
        cursor.counts = counts && i == windows.size() - 1;
        next.accept(withWindow(row, windows.get(i)));
      }
      cursor.counts = counts;
    };
  }

  private static Tuple withWindow(Tuple row, Window window) {
    @Nullable Object[] values = Arrays.copyOf(row.values(), row.size() + 2);
    if (!window.equals(Window.ALL_TIME)) {
      values[row.size()] = window.start();
      values[row.size() + 1] = window.end();
    }
    return Tuple.of(values);
  }

  private static Link noteTime(RowStep.NoteTime step, Cursor cursor, Link next) {
    int timeColumn = step.timeColumn();
    return row -> {
      cursor.noted = time(row, timeColumn);
      next.accept(Tuple.of(Arrays.copyOf(row.values(), row.size() + 2)));
    };
  }

  private static long time(Tuple row, int column) {
    if (row.get(column) instanceof Long time) {
      return time;
    }
    throw new EvaluationException("The event time of a windowed row is NULL");
  }
}
