package dev.beamline.execution.function;

import static dev.beamline.catalog.ScalarType.BIGNUMERIC;
import static dev.beamline.catalog.ScalarType.BOOL;
import static dev.beamline.catalog.ScalarType.FLOAT64;
import static dev.beamline.catalog.ScalarType.INT64;
import static dev.beamline.catalog.ScalarType.NUMERIC;
import static dev.beamline.execution.function.Parameter.Constraint.EQUATABLE;
import static dev.beamline.execution.function.Parameter.of;
import static dev.beamline.execution.function.Parameter.t;

import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Type;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.expression.Evaluator;
import dev.beamline.execution.function.ScalarFunction.Argument;
import dev.beamline.execution.function.ScalarFunction.Signature;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code CASE} (condition, result, condition, result ..., and the ELSE where there is one), {@code
 * IF}, {@code IFNULL}, {@code NULLIF}, {@code COALESCE}, {@code NULLIFZERO}, {@code ZEROIFNULL}.
 * Only the branch that is taken is evaluated. CASE with an operand is written as comparisons by the
 * analyzer.
 */
final class Conditionals {

  private Conditionals() {}

  static void register(Registry registry) {
    registry
        .operator("CASE", "CASE")
        .locatesErrors()
        .custom(
            "CASE WHEN BOOL THEN T ... [ELSE T] END",
            Conditionals::resolveCase,
            (call, arguments) -> compileCase(arguments));
    // SAFE. before a function with a lambda: what fails in the lambda is NULL.
    registry
        .operator("NULL_IF_ERROR", "SAFE")
        .locatesErrors()
        .takes(t())
        .returnsT()
        .compiled(
            (call, arguments) -> {
              Evaluator value = arguments.get(0);
              return row -> {
                try {
                  return value.evaluate(row);
                } catch (EvaluationException e) {
                  return null;
                }
              };
            });
    registry
        .add("IF")
        .locatesErrors()
        .takes(of(BOOL), t(), t())
        .returnsT()
        .compiled(
            (call, arguments) -> {
              Evaluator condition = arguments.get(0);
              Evaluator then = arguments.get(1);
              Evaluator otherwise = arguments.get(2);
              return row ->
                  Boolean.TRUE.equals(condition.evaluate(row))
                      ? then.evaluate(row)
                      : otherwise.evaluate(row);
            });
    registry
        .add("IFNULL")
        .locatesErrors()
        .takes(t(), t())
        .returnsT()
        .compiled((call, arguments) -> firstNonNull(arguments));
    registry
        .add("COALESCE")
        .locatesErrors()
        .takes(t(), t().repeatedly())
        .returnsT()
        .compiled((call, arguments) -> firstNonNull(arguments));
    registry
        .add("NULLIF")
        .locatesErrors()
        .takes(t(EQUATABLE), t(EQUATABLE))
        .returnsT()
        .compiled(
            (call, arguments) -> {
              Equality equality = Equality.of(call.arguments().get(0).type());
              Evaluator first = arguments.get(0);
              Evaluator second = arguments.get(1);
              return row -> {
                Object value = first.evaluate(row);
                return Boolean.TRUE.equals(equality.test(value, second.evaluate(row)))
                    ? null
                    : value;
              };
            });
    zeros(registry, INT64, 0L);
    zeros(registry, FLOAT64, 0.0);
    zeros(registry, NUMERIC, BigDecimal.ZERO);
    zeros(registry, BIGNUMERIC, BigDecimal.ZERO);
  }

  private static void zeros(Registry registry, ScalarType type, Object zero) {
    Equality equality = Equality.of(type);
    registry
        .add("NULLIFZERO")
        .locatesErrors()
        .takes(type)
        .returns(type)
        .strict((Object a) -> Boolean.TRUE.equals(equality.test(a, zero)) ? null : a);
    registry
        .add("ZEROIFNULL")
        .locatesErrors()
        .takes(type)
        .returns(type)
        .compiled(
            (call, arguments) -> {
              Evaluator first = arguments.get(0);
              return row -> {
                Object value = first.evaluate(row);
                return value == null ? zero : value;
              };
            });
  }

  private static Optional<Signature> resolveCase(List<Argument> arguments) {
    if (arguments.size() < 2) {
      return Optional.empty();
    }
    List<Argument> results = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      if (isResult(i, arguments.size())) {
        results.add(arguments.get(i));
      } else if (!Coercion.coerces(arguments.get(i), BOOL)) {
        return Optional.empty();
      }
    }
    return Coercion.supertype(results)
        .map(
            result -> {
              List<Type> types = new ArrayList<>();
              for (int i = 0; i < arguments.size(); i++) {
                types.add(isResult(i, arguments.size()) ? result : BOOL);
              }
              return new Signature(types, result);
            });
  }

  /** Every second argument, and an odd last one. */
  private static boolean isResult(int index, int count) {
    return index % 2 == 1 || index == count - 1;
  }

  private static Evaluator compileCase(List<Evaluator> arguments) {
    int branches = arguments.size() / 2;
    Evaluator[] conditions = new Evaluator[branches];
    Evaluator[] results = new Evaluator[branches];
    for (int i = 0; i < branches; i++) {
      conditions[i] = arguments.get(2 * i);
      results[i] = arguments.get(2 * i + 1);
    }
    boolean hasElse = arguments.size() % 2 == 1;
    Evaluator otherwise = hasElse ? arguments.get(arguments.size() - 1) : row -> null;
    return row -> {
      for (int i = 0; i < conditions.length; i++) {
        if (Boolean.TRUE.equals(conditions[i].evaluate(row))) {
          return results[i].evaluate(row);
        }
      }
      return otherwise.evaluate(row);
    };
  }

  private static Evaluator firstNonNull(List<Evaluator> arguments) {
    if (arguments.size() == 2) {
      Evaluator first = arguments.get(0);
      Evaluator second = arguments.get(1);
      return row -> {
        Object value = first.evaluate(row);
        return value != null ? value : second.evaluate(row);
      };
    }
    Evaluator[] all = arguments.toArray(Evaluator[]::new);
    return row -> {
      for (Evaluator one : all) {
        Object value = one.evaluate(row);
        if (value != null) {
          return value;
        }
      }
      return null;
    };
  }
}
