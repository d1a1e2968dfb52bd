package dev.beamline.transform.stage;

import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.expression.Evaluator;
import dev.beamline.execution.expression.ExpressionCompiler;
import dev.beamline.execution.window.WindowRange;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Expressions;
import dev.beamline.transform.window.TimeGrid;
import dev.beamline.transform.window.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Steps, compiled into links. */
final class Links {

  private final List<UnaryOperator<Link>> links = new ArrayList<>();
  private final ExpressionCompiler expressions;
  private final Cursor cursor;

  /** Compiles expressions over the row as it enters. */
  private final Function<Expression, Evaluator> first;

  /** What the row that is there is seen as; null: as it is. */
  private @Nullable List<Expression> view;

  private int width;

  /** Whether the row that is there is the one that entered. */
  private boolean asRead = true;

  /** The column of that row whose time was noted last; -1: none. */
  private int noted = -1;

  /**
   * Compiles a chain. Steps that only choose columns, or append what nobody looks at, cost nothing:
   * the steps after them read the row as it is, and the columns are put together once, where all
   * conditions have been met.
   *
   * @param input the columns of the rows that enter the chain
   * @param first compiles expressions over rows as they enter
   */
  Links(
      List<RowStep> steps,
      Schema input,
      ExpressionCompiler expressions,
      Function<Expression, Evaluator> first,
      Cursor cursor) {
    this.expressions = expressions;
    this.first = first;
    this.cursor = cursor;
    this.width = input.size();
    for (RowStep step : steps) {
      add(step, input);
    }
  }

  private void add(RowStep step, Schema input) {
    if (step instanceof RowStep.Columns columns) {
      view = columns.names().equals(input.names()) ? null : chosen(columns, input);
      width = columns.names().size();
    } else if (step instanceof RowStep.Compute compute) {
      if (compute.condition() != null) {
        Evaluator condition = evaluator(seen(compute.condition(), view));
        links.add(next -> filter(condition, next));
      }
      if (compute.projections() != null) {
        view = seen(compute.projections(), view);
        width = view.size();
        if (!view.stream().allMatch(Links::isColumn)) {
          put();
        }
      }
    } else if (step instanceof RowStep.NoteTime noteTime) {
      int time = column(noteTime.timeColumn(), view);
      noted = time;
      WindowRange range = WindowRange.of(noteTime.window());
      links.add(next -> noteTime(time, range, cursor, next));
      List<Expression> appended = new ArrayList<>(view == null ? all(width) : view);
      appended.add(NOTHING);
      appended.add(NOTHING);
      view = appended;
      width += 2;
    } else {
      put();
      asRead = false;
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

  private Evaluator evaluator(Expression expression) {
    return asRead ? first.apply(expression) : expressions.evaluator(expression);
  }

  /**
   * Where the columns stand in the row that entered, which is the one that arrives.
   *
   * @return -1 for one that nobody looks at; null where another row arrives
   */
  int @Nullable [] columnsAsRead() {
    if (!asRead) {
      return null;
    }
    int[] columns = new int[width];
    for (int i = 0; i < width; i++) {
      columns[i] = column(i, view);
    }
    return columns;
  }

  /** The column of the row that entered by whose time windows are found; -1: by none. */
  int notedColumn() {
    return noted;
  }

  /** The chain, whose rows arrive at the end as the steps say. */
  Link to(Link end) {
    put();
    return seenTo(end);
  }

  /** The chain, at whose end rows arrive with their columns as {@link #columnsAsRead} says. */
  Link seenTo(Link end) {
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
  private void put() {
    List<Expression> seen = view;
    if (seen == null) {
      return;
    }
    view = null;
    if (!seen.stream().allMatch(Links::isColumn)) {
      Evaluator[] evaluators = seen.stream().map(this::evaluator).toArray(Evaluator[]::new);
      links.add(next -> project(evaluators, next));
    } else {
      int[] columns = new int[seen.size()];
      for (int i = 0; i < columns.length; i++) {
        columns[i] = column(i, seen);
      }
      links.add(next -> choose(columns, next));
    }
    asRead = false;
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
    WindowRange range = WindowRange.of(grid.spec());
    return row -> {
      long time = time(row, timeColumn);
      range.check(time);
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

  private static Link noteTime(int timeColumn, WindowRange range, Cursor cursor, Link next) {
    return row -> {
      long time = time(row, timeColumn);
      range.check(time);
      cursor.noted = time;
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
