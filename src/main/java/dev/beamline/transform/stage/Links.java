package dev.beamline.transform.stage;

import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.expression.Evaluator;
import dev.beamline.execution.expression.ExpressionCompiler;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Expressions;
import dev.beamline.transform.window.TimeGrid;
import dev.beamline.transform.window.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Compiles steps into links. */
final class Links {

  private Links() {}

  /**
   * Compiles a chain. Steps that only choose columns, or append what nobody looks at, cost nothing:
   * the steps after them read the row as it is, and the columns are put together once, where all
   * conditions have been met.
   *
   * @param input the columns of the rows that enter the chain
   * @param end gets what the steps make
   */
  static Link compile(
      List<RowStep> steps, Schema input, ExpressionCompiler expressions, Cursor cursor, Link end) {
    List<UnaryOperator<Link>> links = new ArrayList<>();
    List<Expression> view = null;
    int width = input.size();
    for (RowStep step : steps) {
      if (step instanceof RowStep.Columns columns) {
        view = columns.names().equals(input.names()) ? null : chosen(columns, input);
        width = columns.names().size();
      } else if (step instanceof RowStep.Compute compute) {
        if (compute.condition() != null) {
          Evaluator condition = expressions.evaluator(seen(compute.condition(), view));
          links.add(next -> filter(condition, next));
        }
        if (compute.projections() != null) {
          view = seen(compute.projections(), view);
          width = view.size();
          if (!view.stream().allMatch(Links::isColumn)) {
            put(view, expressions, links);
            view = null;
          }
        }
      } else if (step instanceof RowStep.NoteTime noteTime) {
        int time = column(noteTime.timeColumn(), view);
        links.add(next -> noteTime(time, cursor, next));
        List<Expression> appended = new ArrayList<>(view == null ? all(width) : view);
        appended.add(NOTHING);
        appended.add(NOTHING);
        view = appended;
        width += 2;
      } else {
        if (view != null) {
          put(view, expressions, links);
          view = null;
        }
        if (step instanceof RowStep.UnnestArray unnest) {
          links.add(next -> unnest(unnest, expressions, next));
          width += unnest.withOffset() ? 2 : 1;
        } else {
          RowStep.PutIntoWindows windows = (RowStep.PutIntoWindows) step;
          links.add(next -> putIntoWindows(windows, cursor, next));
          width += 2;
        }
      }
    }
    if (view != null) {
      put(view, expressions, links);
    }
    Link link = end;
    for (int i = links.size() - 1; i >= 0; i--) {
      link = links.get(i).apply(link);
    }
    return link;
  }

  private static final Expression NOTHING = new Expression.Literal(null, ScalarType.INT64);

  private static boolean isColumn(Expression expression) {
    return expression instanceof Expression.InputColumn || expression == NOTHING;
  }

  private static List<Expression> chosen(RowStep.Columns columns, Schema input) {
    List<Expression> view = new ArrayList<>();
    for (String name : columns.names()) {
      int index = input.indexOf(name);
      view.add(new Expression.InputColumn(index, input.type(index)));
    }
    return view;
  }

  /** All columns of a row; nobody asks for their types. */
  private static List<Expression> all(int width) {
    List<Expression> view = new ArrayList<>();
    for (int i = 0; i < width; i++) {
      view.add(new Expression.InputColumn(i, ScalarType.INT64));
    }
    return view;
  }

  /** The expressions over the row that the view is of. */
  private static List<Expression> seen(
      List<Expression> expressions, @Nullable List<Expression> view) {
    return expressions.stream().map(expression -> seen(expression, view)).toList();
  }

  private static Expression seen(Expression expression, @Nullable List<Expression> view) {
    return view == null
        ? expression
        : expression instanceof Expression.InputColumn column
            ? seenColumn(column, view)
            : Expressions.mapColumnsTyped(expression, column -> seenColumn(column, view));
  }

  private static Expression seenColumn(Expression.InputColumn column, List<Expression> view) {
    return view.get(column.index()) instanceof Expression.InputColumn seen
        ? new Expression.InputColumn(seen.index(), column.type())
        : NOTHING;
  }

  private static int column(int column, @Nullable List<Expression> view) {
    return view == null
        ? column
        : view.get(column) instanceof Expression.InputColumn seen ? seen.index() : -1;
  }

  /** Puts rows together as the view shows them. */
  private static void put(
      List<Expression> view, ExpressionCompiler expressions, List<UnaryOperator<Link>> links) {
    if (!view.stream().allMatch(Links::isColumn)) {
      Evaluator[] evaluators = expressions.evaluators(view).toArray(Evaluator[]::new);
      links.add(next -> project(evaluators, next));
      return;
    }
    int[] columns = new int[view.size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = column(i, view);
    }
    links.add(next -> choose(columns, next));
  }

  private static Link choose(int[] columns, Link next) {
    return row -> {
      @Nullable Object[] values = new @Nullable Object[columns.length];
      for (int i = 0; i < columns.length; i++) {
        values[i] = columns[i] < 0 ? null : row.get(columns[i]);
      }
      next.accept(Tuple.of(values));
    };
  }

  private static Link filter(Evaluator condition, Link next) {
    return row -> {
      if (Boolean.TRUE.equals(condition.evaluate(row))) {
        next.accept(row);
      }
    };
  }

  private static Link project(Evaluator[] evaluators, Link next) {
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

  private static Link noteTime(int timeColumn, Cursor cursor, Link next) {
    return row -> {
      cursor.noted = time(row, timeColumn);
      next.accept(row);
    };
  }

  private static long time(Tuple row, int column) {
    if (column >= 0 && row.get(column) instanceof Long time) {
      return time;
    }
    throw new EvaluationException("The event time of a windowed row is NULL");
  }
}
