package dev.beamline.plan;

import dev.beamline.diagnostic.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What is often done with expressions. None of it changes an expression: they are values. */
public final class Expressions {

  private static final Place NOWHERE = Place.ofFile("");

  private Expressions() {}

  /**
   * Replaces parts from the outside in.
   *
   * @param replace gives what a part becomes, or null where its own parts are to be looked at. It
   *     gets each part and how many row subqueries are around it
   */
  public static Expression rewrite(
      Expression expression, BiFunction<Expression, Integer, @Nullable Expression> replace) {
    return rewrite(expression, replace, 0);
  }

  private static Expression rewrite(
      Expression expression,
      BiFunction<Expression, Integer, @Nullable Expression> replace,
      int depth) {
    Expression replaced = replace.apply(expression, depth);
    if (replaced != null) {
      return replaced;
    }
    if (expression instanceof Expression.Field field) {
      Expression struct = rewrite(field.struct(), replace, depth);
      return struct == field.struct()
          ? field
          : new Expression.Field(struct, field.index(), field.type());
    } else if (expression instanceof Expression.Call call) {
      List<Expression> arguments = new ArrayList<>();
      boolean changed = false;
      for (Expression argument : call.arguments()) {
        Expression one = rewrite(argument, replace, depth);
        changed |= one != argument;
        arguments.add(one);
      }
      return changed
          ? new Expression.Call(call.function(), arguments, call.type(), call.safe(), call.place())
          : call;
    } else if (expression instanceof Expression.RowSubquery subquery) {
      Expression operand = subquery.operand();
      return new Expression.RowSubquery(
          subquery.kind(),
          Plans.mapAllExpressions(subquery.plan(), e -> rewrite(e, replace, depth + 1)),
          operand == null ? null : rewrite(operand, replace, depth),
          subquery.type(),
          subquery.place());
    }
    return expression;
  }

  /**
   * The expression over another row: each column of the row it stood over becomes what {@code
   * column} gives, also where row subqueries refer to it.
   */
  public static Expression mapColumns(Expression expression, IntFunction<Expression> column) {
    return rewrite(
        expression,
        (part, depth) -> {
          if (depth == 0 && part instanceof Expression.InputColumn input) {
            return column.apply(input.index());
          } else if (depth > 0
              && part instanceof Expression.OuterColumn outer
              && outer.depth() == depth) {
            return lift(column.apply(outer.index()), depth);
          }
          return null;
        });
  }

  /** The expression over the columns moved by that many places. */
  public static Expression shift(Expression expression, int by) {
    return by == 0
        ? expression
        : mapColumnsTyped(expression, c -> new Expression.InputColumn(c.index() + by, c.type()));
  }

  /**
   * The expression over a row into which so many columns have been put at a place; null of null.
   */
  public static @Nullable Expression shiftFrom(@Nullable Expression expression, int from, int by) {
    return expression == null
        ? null
        : mapColumnsTyped(
            expression,
            c -> c.index() < from ? c : new Expression.InputColumn(c.index() + by, c.type()));
  }

  /** As {@link #mapColumns} with the column's reference, which has its type. */
  public static Expression mapColumnsTyped(
      Expression expression,
      java.util.function.Function<Expression.InputColumn, Expression> column) {
    return rewrite(
        expression,
        (part, depth) -> {
          if (depth == 0 && part instanceof Expression.InputColumn input) {
            return column.apply(input);
          } else if (depth > 0
              && part instanceof Expression.OuterColumn outer
              && outer.depth() == depth) {
            return lift(
                column.apply(new Expression.InputColumn(outer.index(), outer.type())), depth);
          }
          return null;
        });
  }

  /** The expression as it is written that many row subqueries further in. */
  public static Expression lift(Expression expression, int by) {
    return by == 0
        ? expression
        : rewrite(
            expression,
            (part, depth) -> {
              if (depth == 0 && part instanceof Expression.InputColumn input) {
                return new Expression.OuterColumn(by, input.index(), input.type());
              } else if (part instanceof Expression.OuterColumn outer && outer.depth() >= depth) {
                return depth > 0 && outer.depth() < depth
                    ? outer
                    : new Expression.OuterColumn(outer.depth() + by, outer.index(), outer.type());
              }
              return null;
            });
  }

  /** The columns of the row that the expression reads, also from within row subqueries. */
  public static Set<Integer> columns(Expression expression) {
    Set<Integer> columns = new TreeSet<>();
    mapColumnsTyped(
        expression,
        c -> {
          columns.add(c.index());
          return c;
        });
    return columns;
  }

  /** Whether any part fits, row subqueries' parts included. */
  public static boolean contains(Expression expression, Predicate<Expression> test) {
    boolean[] found = {false};
    rewrite(
        expression,
        (part, depth) -> {
          found[0] |= test.test(part);
          return null;
        });
    return found[0];
  }

  /** Whether the expression reads a column of a row around the subquery that it stands in. */
  public static boolean readsOuter(Expression expression) {
    boolean[] found = {false};
    rewrite(
        expression,
        (part, depth) -> {
          found[0] |= part instanceof Expression.OuterColumn outer && outer.depth() > depth;
          return null;
        });
    return found[0];
  }

  /** The same expression without its places: equal where two expressions say the same. */
  public static Expression canonical(Expression expression) {
    if (expression instanceof Expression.Call call) {
      return new Expression.Call(
          call.function(),
          call.arguments().stream().map(Expressions::canonical).toList(),
          call.type(),
          call.safe(),
          NOWHERE);
    } else if (expression instanceof Expression.Field field) {
      return new Expression.Field(canonical(field.struct()), field.index(), field.type());
    } else if (expression instanceof Expression.RowSubquery subquery) {
      Expression operand = subquery.operand();
      return new Expression.RowSubquery(
          subquery.kind(),
          Plans.mapAllExpressions(subquery.plan(), Expressions::canonical),
          operand == null ? null : canonical(operand),
          subquery.type(),
          NOWHERE);
    }
    return expression;
  }

  /** Whether two expressions say the same, wherever they stand. */
  public static boolean same(Expression a, Expression b) {
    return canonical(a).equals(canonical(b));
  }

  /** The operands of nested ANDs. */
  public static List<Expression> conjuncts(@Nullable Expression condition) {
    List<Expression> conjuncts = new ArrayList<>();
    addConjuncts(condition, conjuncts);
    return conjuncts;
  }

  private static void addConjuncts(@Nullable Expression condition, List<Expression> to) {
    if (condition instanceof Expression.Call call && call.function().equals("AND")) {
      call.arguments().forEach(a -> addConjuncts(a, to));
    } else if (condition != null) {
      to.add(condition);
    }
  }

  /** All of the conditions; null where there is none. */
  public static @Nullable Expression and(List<Expression> conditions) {
    Expression all = null;
    for (Expression condition : conditions) {
      all = all == null ? condition : and(all, condition);
    }
    return all;
  }

  private static Expression and(Expression a, Expression b) {
    Place place = b instanceof Expression.Call call ? call.place() : NOWHERE;
    return new Expression.Call("AND", List.of(a, b), a.type(), false, place);
  }
}
