package dev.beamline.execution.function;

import static dev.beamline.catalog.ScalarType.BOOL;
import static dev.beamline.execution.function.Parameter.any;
import static dev.beamline.execution.function.Parameter.of;
import static dev.beamline.execution.function.Parameter.repeated;

import dev.beamline.execution.expression.Evaluator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code AND}, {@code OR} (two or more BOOLs, from left to right, as far as needed), {@code NOT},
 * {@code IS_NULL}, {@code IS_NOT_NULL} (any type), {@code IS_TRUE}, {@code IS_FALSE}, {@code
 * IS_NOT_TRUE}, {@code IS_NOT_FALSE}.
 */
final class LogicalOperators {

  private LogicalOperators() {}

  static void register(Registry registry) {
    registry
        .operator("AND", "AND")
        .locatesErrors()
        .takes(of(BOOL), of(BOOL), repeated(BOOL))
        .returns(BOOL)
        .compiled((call, arguments) -> chain(arguments, false));
    registry
        .operator("OR", "OR")
        .locatesErrors()
        .takes(of(BOOL), of(BOOL), repeated(BOOL))
        .returns(BOOL)
        .compiled((call, arguments) -> chain(arguments, true));
    registry
        .operator("NOT", "NOT")
        .locatesErrors()
        .takes(BOOL)
        .returns(BOOL)
        .strict((Boolean a) -> !a);
    unary(registry, "IS_TRUE", "IS TRUE", a -> Boolean.TRUE.equals(a));
    unary(registry, "IS_FALSE", "IS FALSE", a -> Boolean.FALSE.equals(a));
    unary(registry, "IS_NOT_TRUE", "IS NOT TRUE", a -> !Boolean.TRUE.equals(a));
    unary(registry, "IS_NOT_FALSE", "IS NOT FALSE", a -> !Boolean.FALSE.equals(a));
    registry
        .operator("IS_NULL", "IS NULL")
        .locatesErrors()
        .takes(any())
        .returns(BOOL)
        .compiled(
            (call, arguments) -> {
              Evaluator first = arguments.get(0);
              return row -> first.evaluate(row) == null;
            });
    registry
        .operator("IS_NOT_NULL", "IS NOT NULL")
        .locatesErrors()
        .takes(any())
        .returns(BOOL)
        .compiled(
            (call, arguments) -> {
              Evaluator first = arguments.get(0);
              return row -> first.evaluate(row) != null;
            });
  }

  private interface Test {
    boolean test(@Nullable Object value);
  }

  private static void unary(Registry registry, String name, String symbol, Test test) {
    registry
        .operator(name, symbol)
        .locatesErrors()
        .takes(BOOL)
        .returns(BOOL)
        .compiled(
            (call, arguments) -> {
              Evaluator first = arguments.get(0);
              return row -> test.test(first.evaluate(row));
            });
  }

  /** AND ends at the first FALSE, OR at the first TRUE; else NULL if any was NULL. */
  private static Evaluator chain(List<Evaluator> arguments, boolean end) {
    Boolean ended = end;
    Boolean unended = !end;
    if (arguments.size() == 2) {
      Evaluator first = arguments.get(0);
      Evaluator second = arguments.get(1);
      return row -> {
        Object a = first.evaluate(row);
        if (ended.equals(a)) {
          return ended;
        }
        Object b = second.evaluate(row);
        if (ended.equals(b)) {
          return ended;
        }
        return a == null || b == null ? null : unended;
      };
    }
    Evaluator[] all = arguments.toArray(Evaluator[]::new);
    return row -> {
      Boolean result = unended;
      for (Evaluator one : all) {
        Object value = one.evaluate(row);
        if (ended.equals(value)) {
          return ended;
        } else if (value == null) {
          result = null;
        }
      }
      return result;
    };
  }
}
