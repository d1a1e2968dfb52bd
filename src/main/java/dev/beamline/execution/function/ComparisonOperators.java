package dev.beamline.execution.function;

import static dev.beamline.catalog.ScalarType.BOOL;
import static dev.beamline.execution.function.Parameter.Constraint.EQUATABLE;
import static dev.beamline.execution.function.Parameter.Constraint.ORDERABLE;
import static dev.beamline.execution.function.Parameter.arrayOfT;
import static dev.beamline.execution.function.Parameter.t;

import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Type;
import dev.beamline.execution.expression.Evaluator;
import dev.beamline.plan.Expression;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code EQ NE} (all types but ARRAY and JSON), {@code LT LE GT GE} (no structs either), {@code
 * BETWEEN} (value, low, high), {@code IS_DISTINCT_FROM}, {@code IS_NOT_DISTINCT_FROM}, {@code IN}
 * (value, then the list), {@code IN_UNNEST} (value, array).
 */
final class ComparisonOperators {

  private ComparisonOperators() {}

  static void register(Registry registry) {
    for (Comparison comparison : Comparison.values()) {
      registry
          .operator(comparison.name(), comparison.symbol)
          .locatesErrors()
          .takes(t(comparison.constraint), t(comparison.constraint))
          .returns(BOOL)
          .compiled((call, arguments) -> compile(comparison, call, arguments));
    }
    registry
        .operator("BETWEEN", "BETWEEN")
        .locatesErrors()
        .takes(t(ORDERABLE), t(ORDERABLE), t(ORDERABLE))
        .returns(BOOL)
        .compiled(
            (call, arguments) -> {
              Evaluator low =
                  compile(Comparison.GE, call, List.of(arguments.get(0), arguments.get(1)));
              Evaluator high =
                  compile(Comparison.LE, call, List.of(arguments.get(0), arguments.get(2)));
              return row -> {
                Object a = low.evaluate(row);
                if (Boolean.FALSE.equals(a)) {
                  return false;
                }
                Object b = high.evaluate(row);
                return Boolean.FALSE.equals(b) ? (Boolean) false : a == null ? null : b;
              };
            });
    distinct(registry, "IS_DISTINCT_FROM", "IS DISTINCT FROM", true);
    distinct(registry, "IS_NOT_DISTINCT_FROM", "IS NOT DISTINCT FROM", false);
    registry
        .operator("IN", "IN")
        .locatesErrors()
        .takes(t(EQUATABLE), t(EQUATABLE).repeatedly())
        .returns(BOOL)
        .compiled(ComparisonOperators::in);
    registry
        .operator("IN_UNNEST", "IN UNNEST")
        .locatesErrors()
        .takes(t(EQUATABLE), arrayOfT(EQUATABLE))
        .returns(BOOL)
        .compiled(ComparisonOperators::inUnnest);
  }

  /** The comparisons and what of {@code compareTo} satisfies them. */
  private enum Comparison {
    EQ("=", EQUATABLE),
    NE("!=", EQUATABLE),
    LT("<", ORDERABLE),
    LE("<=", ORDERABLE),
    GT(">", ORDERABLE),
    GE(">=", ORDERABLE);

    final String symbol;
    final Parameter.Constraint constraint;

    Comparison(String symbol, Parameter.Constraint constraint) {
      this.symbol = symbol;
      this.constraint = constraint;
    }
  }

  private static Evaluator compile(
      Comparison comparison, Expression.Call call, List<Evaluator> arguments) {
    Type type = call.arguments().get(0).type();
    Evaluator left = arguments.get(0);
    Evaluator right = arguments.get(1);
    if (type == ScalarType.FLOAT64) {
      return ofDoubles(comparison, left, right);
    }
    if (Longs.carries(type)) {
      Long constant =
          call.arguments().get(1) instanceof Expression.Literal literal
                  && arguments.size() == call.arguments().size()
              ? (Long) literal.value()
              : null;
      return constant == null
          ? Longs.compare(comparison.name(), left, right)
          : Longs.compare(comparison.name(), left, constant);
    }
    if (comparison.constraint == EQUATABLE) {
      Equality equality = Equality.of(type);
      return comparison == Comparison.EQ
          ? row -> equality.test(left.evaluate(row), right.evaluate(row))
          : row -> {
            Boolean equal = equality.test(left.evaluate(row), right.evaluate(row));
            return equal == null ? null : (Boolean) !equal;
          };
    }
    Comparator<Object> ordering = Ordering.of(type);
    boolean less = comparison == Comparison.LT || comparison == Comparison.LE;
    boolean orEqual = comparison == Comparison.LE || comparison == Comparison.GE;
    return row -> {
      Object a = left.evaluate(row);
      if (a == null) {
        return null;
      }
      Object b = right.evaluate(row);
      if (b == null) {
        return null;
      }
      int order = ordering.compare(a, b);
      return order == 0 ? orEqual : order < 0 == less;
    };
  }

  private static Evaluator ofDoubles(Comparison comparison, Evaluator left, Evaluator right) {
    return row -> {
      Object a = left.evaluate(row);
      if (a == null) {
        return null;
      }
      Object b = right.evaluate(row);
      if (b == null) {
        return null;
      }
      double x = (Double) a;
      double y = (Double) b;
      return switch (comparison) {
        case EQ -> x == y;
        case NE -> x != y;
        case LT -> x < y;
        case LE -> x <= y;
        case GT -> x > y;
        case GE -> x >= y;
      };
    };
  }

  private static void distinct(Registry registry, String name, String symbol, boolean distinct) {
    registry
        .operator(name, symbol)
        .locatesErrors()
        .takes(t(EQUATABLE), t(EQUATABLE))
        .returns(BOOL)
        .compiled(
            (call, arguments) -> {
              Equality equality = Equality.grouping(call.arguments().get(0).type());
              Evaluator left = arguments.get(0);
              Evaluator right = arguments.get(1);
              return row ->
                  Boolean.TRUE.equals(equality.test(left.evaluate(row), right.evaluate(row)))
                      != distinct;
            });
  }

  private static Evaluator in(Expression.Call call, List<Evaluator> arguments) {
    Type type = call.arguments().get(0).type();
    Evaluator value = arguments.get(0);
    List<Expression> list = call.arguments().subList(1, call.arguments().size());
    Equality equality = Equality.of(type);
    boolean hashable =
        type instanceof ScalarType && type != ScalarType.FLOAT64 && type != ScalarType.INTERVAL;
    if (hashable && list.stream().allMatch(e -> e instanceof Expression.Literal)) {
      Set<Object> constants = new HashSet<>();
      boolean hasNull = false;
      for (Expression each : list) {
        Object constant = each instanceof Expression.Literal literal ? literal.value() : null;
        if (constant == null) {
          hasNull = true;
        } else {
          constants.add(constant);
        }
      }
      Boolean absent = hasNull ? null : false;
      return row -> {
        Object wanted = value.evaluate(row);
        return wanted == null ? null : constants.contains(wanted) ? (Boolean) true : absent;
      };
    }
    Evaluator[] each = arguments.subList(1, arguments.size()).toArray(Evaluator[]::new);
    return row -> {
      Object wanted = value.evaluate(row);
      Boolean result = false;
      for (Evaluator one : each) {
        Boolean equal = equality.test(wanted, one.evaluate(row));
        if (equal == null) {
          result = null;
        } else if (equal) {
          return true;
        }
      }
      return result;
    };
  }

  /** FALSE for an empty or NULL array, as BigQuery's IN UNNEST. */
  private static Evaluator inUnnest(Expression.Call call, List<Evaluator> arguments) {
    Equality equality = Equality.of(call.arguments().get(0).type());
    Evaluator value = arguments.get(0);
    Evaluator array = arguments.get(1);
    return row -> {
      Object wanted = value.evaluate(row);
      @Nullable Object elements = array.evaluate(row);
      Boolean result = false;
      if (elements != null) {
        for (Object element : (List<?>) elements) {
          Boolean equal = equality.test(wanted, element);
          if (equal == null) {
            result = null;
          } else if (equal) {
            return true;
          }
        }
      }
      return result;
    };
  }
}
