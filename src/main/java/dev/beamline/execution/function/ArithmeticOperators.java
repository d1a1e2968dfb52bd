package dev.beamline.execution.function;

import static dev.beamline.catalog.ScalarType.BIGNUMERIC;
import static dev.beamline.catalog.ScalarType.BYTES;
import static dev.beamline.catalog.ScalarType.FLOAT64;
import static dev.beamline.catalog.ScalarType.INT64;
import static dev.beamline.catalog.ScalarType.NUMERIC;

import com.google.protobuf.ByteString;
import dev.beamline.catalog.ScalarType;
import dev.beamline.diagnostic.Place;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.expression.Evaluator;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code ADD SUBTRACT MULTIPLY} (INT64, FLOAT64, NUMERIC, BIGNUMERIC), {@code DIVIDE} (FLOAT64,
 * NUMERIC, BIGNUMERIC; integers become FLOAT64), {@code NEGATE}; {@code BITWISE_AND BITWISE_OR
 * BITWISE_XOR BITWISE_NOT} (INT64, BYTES), {@code SHIFT_LEFT SHIFT_RIGHT} (INT64 or BYTES, by
 * INT64). Overflow and division by zero are errors; nothing wraps. Operands of infinity and NaN
 * give what IEEE 754 says.
 */
final class ArithmeticOperators {

  private ArithmeticOperators() {}

  static void register(Registry registry) {
    registry
        .operator("ADD", "+")
        .locatesErrors()
        .takes(INT64, INT64)
        .returns(INT64)
        .compiled((call, arguments) -> addLongs(call.place(), arguments));
    registry
        .operator("SUBTRACT", "-")
        .locatesErrors()
        .takes(INT64, INT64)
        .returns(INT64)
        .compiled((call, arguments) -> subtractLongs(call.place(), arguments));
    registry
        .operator("MULTIPLY", "*")
        .locatesErrors()
        .takes(INT64, INT64)
        .returns(INT64)
        .compiled((call, arguments) -> multiplyLongs(call.place(), arguments));
    doubles(registry, "ADD", "+", (a, b) -> a + b);
    doubles(registry, "SUBTRACT", "-", (a, b) -> a - b);
    doubles(registry, "MULTIPLY", "*", (a, b) -> a * b);
    doubles(registry, "DIVIDE", "/", ArithmeticOperators::divide);
    for (ScalarType type : List.of(NUMERIC, BIGNUMERIC)) {
      decimals(registry, type, "ADD", "+", BigDecimal::add);
      decimals(registry, type, "SUBTRACT", "-", BigDecimal::subtract);
      decimals(registry, type, "MULTIPLY", "*", BigDecimal::multiply);
      decimals(registry, type, "DIVIDE", "/", (a, b) -> divide(a, b, type));
    }
    registry
        .operator("NEGATE", "-")
        .takes(INT64)
        .returns(INT64)
        .strict(ArithmeticOperators::negate)
        .takes(FLOAT64)
        .returns(FLOAT64)
        .strict((Double a) -> -a)
        .takes(NUMERIC)
        .returns(NUMERIC)
        .strict((BigDecimal a) -> a.negate())
        .takes(BIGNUMERIC)
        .returns(BIGNUMERIC)
        .strict(
            (BigDecimal a) -> Numerics.fit(a.negate(), BIGNUMERIC, "-(" + Shown.decimal(a) + ")"));
    bits(registry, "BITWISE_AND", "&", (a, b) -> a & b);
    bits(registry, "BITWISE_OR", "|", (a, b) -> a | b);
    bits(registry, "BITWISE_XOR", "^", (a, b) -> a ^ b);
    registry
        .operator("BITWISE_NOT", "~")
        .takes(INT64)
        .returns(INT64)
        .strict((Long a) -> ~a)
        .takes(BYTES)
        .returns(BYTES)
        .strict((ByteString a) -> Bits.not(a));
    registry
        .operator("SHIFT_LEFT", "<<")
        .takes(INT64, INT64)
        .returns(INT64)
        .strict((Long a, Long b) -> Bits.count(b, "<<") >= Long.SIZE ? 0L : a << b)
        .takes(BYTES, INT64)
        .returns(BYTES)
        .strict((ByteString a, Long b) -> Bits.shiftLeft(a, Bits.count(b, "<<")));
    registry
        .operator("SHIFT_RIGHT", ">>")
        .takes(INT64, INT64)
        .returns(INT64)
        .strict((Long a, Long b) -> Bits.count(b, ">>") >= Long.SIZE ? 0L : a >>> b)
        .takes(BYTES, INT64)
        .returns(BYTES)
        .strict((ByteString a, Long b) -> Bits.shiftRight(a, Bits.count(b, ">>")));
  }

  private static Evaluator addLongs(Place place, List<Evaluator> arguments) {
    Evaluator left = arguments.get(0);
    Evaluator right = arguments.get(1);
    return row -> {
      Object a = left.evaluate(row);
      if (a == null) {
        return null;
      }
      Object b = right.evaluate(row);
      if (b == null) {
        return null;
      }
      long x = (Long) a;
      long y = (Long) b;
      long sum = x + y;
      if (((x ^ sum) & (y ^ sum)) < 0) {
        throw overflow(x, "+", y, place);
      }
      return sum;
    };
  }

  private static Evaluator subtractLongs(Place place, List<Evaluator> arguments) {
    Evaluator left = arguments.get(0);
    Evaluator right = arguments.get(1);
    return row -> {
      Object a = left.evaluate(row);
      if (a == null) {
        return null;
      }
      Object b = right.evaluate(row);
      if (b == null) {
        return null;
      }
      long x = (Long) a;
      long y = (Long) b;
      long difference = x - y;
      if (((x ^ y) & (x ^ difference)) < 0) {
        throw overflow(x, "-", y, place);
      }
      return difference;
    };
  }

  private static Evaluator multiplyLongs(Place place, List<Evaluator> arguments) {
    Evaluator left = arguments.get(0);
    Evaluator right = arguments.get(1);
    return row -> {
      Object a = left.evaluate(row);
      if (a == null) {
        return null;
      }
      Object b = right.evaluate(row);
      if (b == null) {
        return null;
      }
      return multiply((Long) a, (Long) b, place);
    };
  }

  private static long multiply(long a, long b, @Nullable Place place) {
    try {
      return Math.multiplyExact(a, b);
    } catch (ArithmeticException e) {
      throw overflow(a, "*", b, place);
    }
  }

  private static EvaluationException overflow(
      long a, String operator, long b, @Nullable Place place) {
    return new EvaluationException("int64 overflow: " + a + " " + operator + " " + b, place);
  }

  static Long negate(Long a) {
    if (a == Long.MIN_VALUE) {
      throw new EvaluationException("int64 overflow: -(" + a + ")");
    }
    return -a;
  }

  /** An operation on numbers. */
  private interface DoubleOperation {
    double apply(double a, double b);
  }

  private static void doubles(
      Registry registry, String name, String symbol, DoubleOperation operation) {
    registry
        .operator(name, symbol)
        .locatesErrors()
        .takes(FLOAT64, FLOAT64)
        .returns(FLOAT64)
        .compiled(
            (call, arguments) -> {
              Evaluator left = arguments.get(0);
              Evaluator right = arguments.get(1);
              Place place = call.place();
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
                if (y == 0 && symbol.equals("/")) {
                  throw divisionByZero(Shown.number(x), Shown.number(y), place);
                }
                double result = operation.apply(x, y);
                if (!Double.isFinite(result) && Double.isFinite(x) && Double.isFinite(y)) {
                  throw new EvaluationException(
                      "float64 overflow: " + Shown.number(x) + " " + symbol + " " + Shown.number(y),
                      place);
                }
                return result;
              };
            });
  }

  private static double divide(double a, double b) {
    return a / b;
  }

  private static EvaluationException divisionByZero(String a, String b, @Nullable Place place) {
    return new EvaluationException("division by zero: " + a + " / " + b, place);
  }

  private interface DecimalOperation {
    BigDecimal apply(BigDecimal a, BigDecimal b);
  }

  private static void decimals(
      Registry registry, ScalarType type, String name, String symbol, DecimalOperation operation) {
    registry
        .operator(name, symbol)
        .takes(type, type)
        .returns(type)
        .compiled(
            (call, arguments) -> {
              Evaluator left = arguments.get(0);
              Evaluator right = arguments.get(1);
              Place place = call.place();
              return row -> {
                Object a = left.evaluate(row);
                if (a == null) {
                  return null;
                }
                Object b = right.evaluate(row);
                if (b == null) {
                  return null;
                }
                BigDecimal x = (BigDecimal) a;
                BigDecimal y = (BigDecimal) b;
                BigDecimal result;
                try {
                  result = operation.apply(x, y);
                  return Numerics.fit(result, type, Shown.operation(x, symbol, y));
                } catch (EvaluationException e) {
                  throw e.at(place);
                }
              };
            });
  }

  static BigDecimal divide(BigDecimal a, BigDecimal b, ScalarType type) {
    if (b.signum() == 0) {
      throw divisionByZero(Shown.decimal(a), Shown.decimal(b), null);
    }
    return a.divide(b, Numerics.scale(type), java.math.RoundingMode.HALF_UP);
  }

  private interface BitOperation {
    long apply(long a, long b);
  }

  private static void bits(Registry registry, String name, String symbol, BitOperation operation) {
    registry
        .operator(name, symbol)
        .takes(INT64, INT64)
        .returns(INT64)
        .strict((Long a, Long b) -> operation.apply(a, b))
        .takes(BYTES, BYTES)
        .returns(BYTES)
        .strict((ByteString a, ByteString b) -> Bits.combine(a, b, symbol, operation::apply));
  }
}
