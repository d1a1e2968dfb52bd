package dev.beamline.execution.expression;

import dev.beamline.catalog.Tuple;
import dev.beamline.diagnostic.Place;
import dev.beamline.execution.function.Equality;
import dev.beamline.execution.function.FunctionCatalog;
import dev.beamline.execution.function.ScalarFunction;
import dev.beamline.plan.Expression;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Compiles expressions into closures. Evaluators are used by one thread at a time.
 *
 * <p>An error carries the place of the innermost call that raised it. A call that is {@code safe}
 * gives NULL for its own errors but not for those of its arguments, as BigQuery's SAFE. does.
 */
public final class ExpressionCompiler {

  private final FunctionCatalog functions;
  private final @Nullable SubqueryRunner subqueries;
  private final @Nullable OuterRow outer;
  private final CallSharing sharing;

  private ExpressionCompiler(
      FunctionCatalog functions,
      @Nullable SubqueryRunner subqueries,
      @Nullable OuterRow outer,
      CallSharing sharing) {
    this.functions = functions;
    this.subqueries = subqueries;
    this.outer = outer;
    this.sharing = sharing;
  }

  /**
   * Who is asked how a call is evaluated over the row; calls within subqueries are not asked for.
   */
  @FunctionalInterface
  public interface CallSharing {
    /**
     * The evaluator of a call.
     *
     * @param compiled gives the call's own, whose arguments are asked for then
     */
    Evaluator share(Expression.Call call, Supplier<Evaluator> compiled);
  }

  /** A compiler that evaluates row subqueries with the given executor. */
  public static ExpressionCompiler with(SubqueryRunner subqueries) {
    return new ExpressionCompiler(
        FunctionCatalog.standard(), subqueries, null, (call, compiled) -> compiled.get());
  }

  /** The compiler that asks how calls are evaluated. */
  public ExpressionCompiler sharing(CallSharing calls) {
    return new ExpressionCompiler(functions, subqueries, outer, calls);
  }

  /** The compiler for expressions within a subquery whose outer row is there. */
  public ExpressionCompiler inside(OuterRow row) {
    return new ExpressionCompiler(functions, subqueries, row, (call, compiled) -> compiled.get());
  }

  /** Compiles an expression that holds no subquery. */
  public static Evaluator compile(Expression expression) {
    return new ExpressionCompiler(
            FunctionCatalog.standard(), null, null, (call, compiled) -> compiled.get())
        .evaluator(expression);
  }

  /**
   * Compiles an expression.
   *
   * @throws IllegalArgumentException where the expression is not what the analyzer promises:
   *     unknown function, arguments not coerced
   */
  public Evaluator evaluator(Expression expression) {
    if (expression instanceof Expression.Literal literal) {
      Object value = literal.value();
      return row -> value;
    } else if (expression instanceof Expression.InputColumn column) {
      int index = column.index();
      return row -> row.get(index);
    } else if (expression instanceof Expression.OuterColumn column) {
      return outerColumn(column);
    } else if (expression instanceof Expression.Field field) {
      Evaluator struct = evaluator(field.struct());
      int index = field.index();
      return row -> struct.evaluate(row) instanceof Tuple tuple ? tuple.get(index) : null;
    } else if (expression instanceof Expression.Call call) {
      return sharing.share(call, () -> call(call));
    }
    return subquery((Expression.RowSubquery) expression);
  }

  /** The evaluators of all, in order. */
  public List<Evaluator> evaluators(List<Expression> expressions) {
    return expressions.stream().map(this::evaluator).toList();
  }

  private Evaluator outerColumn(Expression.OuterColumn column) {
    if (outer == null) {
      throw new IllegalArgumentException("an outer column outside of a subquery");
    }
    OuterRow place = outer.out(column.depth());
    int index = column.index();
    return row -> place.row().get(index);
  }

  private Evaluator call(Expression.Call call) {
    ScalarFunction function =
        functions
            .get(call.function())
            .orElseThrow(() -> new IllegalArgumentException("unknown function " + call.function()));
    Evaluator evaluator = function.compile(call, evaluators(call.arguments()));
    if (call.safe()) {
      return new Safe(evaluator, call.place());
    }
    return function.locatesErrors() ? evaluator : new Located(evaluator, call.place());
  }

  private Evaluator subquery(Expression.RowSubquery subquery) {
    if (subqueries == null) {
      throw new IllegalArgumentException("this compiler runs no subqueries");
    }
    OuterRow place = new OuterRow(outer);
    SubqueryRunner.Rows rows = subqueries.compile(subquery.plan(), inside(place), place);
    Evaluator evaluator =
        switch (subquery.kind()) {
          case SCALAR ->
              row -> {
                place.set(row);
                return single(rows.iterate());
              };
          case ARRAY ->
              row -> {
                place.set(row);
                return array(rows.iterate());
              };
          case EXISTS ->
              row -> {
                place.set(row);
                return rows.iterate().hasNext();
              };
          case IN -> in(subquery, rows, place);
        };
    return new Located(evaluator, subquery.place());
  }

  private Evaluator in(Expression.RowSubquery subquery, SubqueryRunner.Rows rows, OuterRow place) {
    Expression wanted = subquery.operand();
    if (wanted == null) {
      throw new IllegalArgumentException("IN without an operand");
    }
    Evaluator operand = evaluator(wanted);
    Equality equality = Equality.of(wanted.type());
    return row -> {
      Object value = operand.evaluate(row);
      place.set(row);
      Iterator<Tuple> each = rows.iterate();
      Boolean result = false;
      while (each.hasNext()) {
        Boolean equal = equality.test(value, each.next().get(0));
        if (equal == null) {
          result = null;
        } else if (equal) {
          return true;
        }
      }
      return result;
    };
  }

  private static @Nullable Object single(Iterator<Tuple> rows) {
    if (!rows.hasNext()) {
      return null;
    }
    Object value = rows.next().get(0);
    if (rows.hasNext()) {
      throw new EvaluationException("Scalar subquery produced more than one element");
    }
    return value;
  }

  private static List<@Nullable Object> array(Iterator<Tuple> rows) {
    List<@Nullable Object> values = new ArrayList<>();
    while (rows.hasNext()) {
      values.add(rows.next().get(0));
    }
    return Collections.unmodifiableList(values);
  }

  /** NULL for the call's own errors: those of arguments have another place already. */
  private static final class Safe implements Evaluator {
    private final Evaluator evaluator;
    private final Place place;

    Safe(Evaluator evaluator, Place place) {
      this.evaluator = evaluator;
      this.place = place;
    }

    @Override
    public @Nullable Object evaluate(Tuple row) {
      try {
        return evaluator.evaluate(row);
      } catch (EvaluationException e) {
        if (e.place() == null || place.equals(e.place())) {
          return null;
        }
        throw e;
      }
    }
  }
}
