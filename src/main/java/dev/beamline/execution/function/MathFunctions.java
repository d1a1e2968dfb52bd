package dev.beamline.execution.function;

import static dev.beamline.catalog.ScalarType.BIGNUMERIC;
import static dev.beamline.catalog.ScalarType.BOOL;
import static dev.beamline.catalog.ScalarType.BYTES;
import static dev.beamline.catalog.ScalarType.FLOAT64;
import static dev.beamline.catalog.ScalarType.INT64;
import static dev.beamline.catalog.ScalarType.NUMERIC;
import static dev.beamline.execution.function.Parameter.Constraint.ORDERABLE;
import static dev.beamline.execution.function.Parameter.arrayOfT;
import static dev.beamline.execution.function.Parameter.t;

import com.google.protobuf.ByteString;
import dev.beamline.catalog.ScalarType;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.expression.Evaluator;
import dev.beamline.plan.Expression;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Signs, whole division, comparison of many, buckets, bits and random numbers. */
final class MathFunctions {

  private MathFunctions() {}

  static void register(Registry registry) {
    registry
        .add("ABS")
        .takes(INT64)
        .returns(INT64)
        .strict((Long a) -> a < 0 ? Checked.negate(a) : a)
        .takes(FLOAT64)
        .returns(FLOAT64)
        .strict((Double a) -> Math.abs(a))
        .takes(NUMERIC)
        .returns(NUMERIC)
        .strict((BigDecimal a) -> a.abs())
        .takes(BIGNUMERIC)
        .returns(BIGNUMERIC)
        .strict((BigDecimal a) -> a.signum() < 0 ? Checked.negate(a, BIGNUMERIC) : a);
    registry
        .add("SIGN")
        .takes(INT64)
        .returns(INT64)
        .strict((Long a) -> (long) Long.signum(a))
        .takes(FLOAT64)
        .returns(FLOAT64)
        .strict((Double a) -> a == 0 ? 0.0 : Math.signum(a));
    registry.add("IS_INF").takes(FLOAT64).returns(BOOL).strict((Double a) -> a.isInfinite());
    registry.add("IS_NAN").takes(FLOAT64).returns(BOOL).strict((Double a) -> a.isNaN());
    registry
        .add("IEEE_DIVIDE")
        .takes(FLOAT64, FLOAT64)
        .returns(FLOAT64)
        .strict((Double a, Double b) -> a / b);
    registry
        .add("RAND")
        .notDeterministic()
        .takesNothing()
        .returns(FLOAT64)
        .value(() -> ThreadLocalRandom.current().nextDouble());
    registry.add("DIV").takes(INT64, INT64).returns(INT64).strict((Long a, Long b) -> divide(a, b));
    wholeDivision(registry);
    registry
        .add("GREATEST")
        .takes(t(ORDERABLE), t(ORDERABLE).repeatedly())
        .returnsT()
        .compiled((call, arguments) -> extreme(call, arguments, 1));
    registry
        .add("LEAST")
        .takes(t(ORDERABLE), t(ORDERABLE).repeatedly())
        .returnsT()
        .compiled((call, arguments) -> extreme(call, arguments, -1));
    registry
        .add("RANGE_BUCKET")
        .takes(t(ORDERABLE), arrayOfT(ORDERABLE))
        .returns(INT64)
        .compiled(MathFunctions::rangeBucket);
    registry
        .add("BIT_COUNT")
        .takes(INT64)
        .returns(INT64)
        .strict((Long a) -> (long) Long.bitCount(a))
        .takes(BYTES)
        .returns(INT64)
        .strict(MathFunctions::bitCount);
  }

  private static void wholeDivision(Registry registry) {
    registry.add("MOD").takes(INT64, INT64).returns(INT64).strict((Long a, Long b) -> modulo(a, b));
    for (ScalarType type : List.of(NUMERIC, BIGNUMERIC)) {
      registry
          .add("SIGN")
          .takes(type)
          .returns(type)
          .strict((BigDecimal a) -> BigDecimal.valueOf(a.signum()));
      registry
          .add("DIV")
          .takes(type, type)
          .returns(type)
          .strict((BigDecimal a, BigDecimal b) -> divide(a, b, type));
      registry
          .add("MOD")
          .takes(type, type)
          .returns(type)
          .strict((BigDecimal a, BigDecimal b) -> modulo(a, b, type));
    }
  }

  private static Long divide(Long a, Long b) {
    if (b == 0) {
      throw Checked.divisionByZero(String.valueOf(a), String.valueOf(b));
    } else if (a == Long.MIN_VALUE && b == -1) {
      throw Checked.overflow(a, "/", b);
    }
    return a / b;
  }

  private static BigDecimal divide(BigDecimal a, BigDecimal b, ScalarType type) {
    if (b.signum() == 0) {
      throw Checked.divisionByZero(Shown.decimal(a), Shown.decimal(b));
    }
    return Numerics.fit(a.divide(b, 0, RoundingMode.DOWN), type, Shown.operation(a, "/", b));
  }

  /** The sign is that of the dividend. */
  private static Long modulo(Long a, Long b) {
    if (b == 0) {
      throw moduloByZero(a, b);
    }
    return a % b;
  }

  private static BigDecimal modulo(BigDecimal a, BigDecimal b, ScalarType type) {
    if (b.signum() == 0) {
      throw moduloByZero(Shown.decimal(a), Shown.decimal(b));
    }
    return Numerics.fit(a.remainder(b), type, Shown.operation(a, "%", b));
  }

  private static EvaluationException moduloByZero(Object a, Object b) {
    return new EvaluationException("division by zero: MOD(" + a + ", " + b + ")");
  }

  /** NULL if any is; NaN if any is. */
  private static Evaluator extreme(Expression.Call call, List<Evaluator> arguments, int sign) {
    Comparator<Object> ordering = Ordering.of(call.type());
    Evaluator[] each = arguments.toArray(Evaluator[]::new);
    return row -> {
      Object best = null;
      boolean nan = false;
      for (Evaluator one : each) {
        Object value = one.evaluate(row);
        if (value == null) {
          return null;
        }
        nan |= value instanceof Double number && number.isNaN();
        if (best == null || ordering.compare(value, best) * sign > 0) {
          best = value;
        }
      }
      return nan ? (Object) Double.NaN : best;
    };
  }

  private static Evaluator rangeBucket(Expression.Call call, List<Evaluator> arguments) {
    Comparator<Object> ordering = Ordering.of(call.arguments().get(0).type());
    Evaluator point = arguments.get(0);
    Evaluator boundaries = arguments.get(1);
    return row -> {
      Object value = point.evaluate(row);
      Object array = boundaries.evaluate(row);
      if (value == null || array == null) {
        return null;
      }
      List<?> list = (List<?>) array;
      checkBoundaries(list, ordering);
      if (value instanceof Double number && number.isNaN()) {
        return null;
      }
      int low = 0;
      int high = list.size();
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (ordering.compare(boundary(list, middle), value) <= 0) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return (long) low;
    };
  }

  private static Object boundary(List<?> list, int index) {
    Object value = list.get(index);
    if (value == null || (value instanceof Double number && number.isNaN())) {
      throw new EvaluationException(
          "Elements in input array to RANGE_BUCKET cannot be null or NaN; the element at position "
              + (index + 1)
              + " is");
    }
    return value;
  }

  private static void checkBoundaries(List<?> list, Comparator<Object> ordering) {
    @Nullable Object last = null;
    for (int i = 0; i < list.size(); i++) {
      Object value = boundary(list, i);
      if (last != null && ordering.compare(last, value) > 0) {
        throw new EvaluationException(
            "Elements in input array to RANGE_BUCKET must be in ascending order. Nonconforming"
                + " elements found at position "
                + i
                + " and "
                + (i + 1));
      }
      last = value;
    }
  }

  private static Long bitCount(ByteString bytes) {
    long count = 0;
    for (int i = 0; i < bytes.size(); i++) {
      count += Integer.bitCount(bytes.byteAt(i) & 0xff);
    }
    return count;
  }
}
