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

/**
 * {@code ADD SUBTRACT MULTIPLY} (INT64, FLOAT64, NUMERIC, BIGNUMERIC), {@code DIVIDE} (FLOAT64,
 * NUMERIC, BIGNUMERIC; integers become FLOAT64), {@code NEGATE}; {@code BITWISE_AND BITWISE_OR
 * BITWISE_XOR BITWISE_NOT} (INT64, BYTES), {@code SHIFT_LEFT SHIFT_RIGHT} (INT64 or BYTES, by
 * INT64). Overflow and division by zero are errors; nothing wraps. Operands of infinity and NaN
 * give what IEEE 754 says. The functions SAFE_ADD and so on give NULL instead of an error.
 */
final class ArithmeticOperators {

  private ArithmeticOperators() {}

  static void register(Registry registry) {
    longs(registry, "ADD", "+", Checked::add);
    longs(registry, "SUBTRACT", "-", Checked::subtract);
    longs(registry, "MULTIPLY", "*", Checked::multiply);
    doubles(registry, "ADD", "+", Checked::add);
    doubles(registry, "SUBTRACT", "-", Checked::subtract);
    doubles(registry, "MULTIPLY", "*", Checked::multiply);
    doubles(registry, "DIVIDE", "/", Checked::divide);
    for (ScalarType type : List.of(NUMERIC, BIGNUMERIC)) {
      decimals(registry, type, "ADD", "+", (a, b) -> Checked.add(a, b, type));
      decimals(registry, type, "SUBTRACT", "-", (a, b) -> Checked.subtract(a, b, type));
      decimals(registry, type, "MULTIPLY", "*", (a, b) -> Checked.multiply(a, b, type));
      decimals(registry, type, "DIVIDE", "/", (a, b) -> Checked.divide(a, b, type));
    }
    negate(registry);
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

  private interface LongOperation {
    long apply(long a, long b);
  }

  private static void longs(
      Registry registry, String name, String symbol, LongOperation operation) {
    registry
        .operator(name, symbol)
        .locatesErrors()
        .takes(INT64, INT64)
        .returns(INT64)
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
                try {
                  return operation.apply((Long) a, (Long) b);
                } catch (EvaluationException e) {
                  throw e.at(place);
                }
              };
            });
    safe(registry, INT64, name, (Object a, Object b) -> operation.apply((Long) a, (Long) b));
  }

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
                try {
                  return operation.apply((Double) a, (Double) b);
                } catch (EvaluationException e) {
                  throw e.at(place);
                }
              };
            });
    safe(registry, FLOAT64, name, (Object a, Object b) -> operation.apply((Double) a, (Double) b));
  }

  private static void decimals(
      Registry registry,
      ScalarType type,
      String name,
      String symbol,
      Strict.Binary<BigDecimal, BigDecimal> operation) {
    registry
        .operator(name, symbol)
        .locatesErrors()
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
                try {
                  return operation.apply((BigDecimal) a, (BigDecimal) b);
                } catch (EvaluationException e) {
                  throw e.at(place);
                }
              };
            });
    safe(
        registry,
        type,
        name,
        (Object a, Object b) -> operation.apply((BigDecimal) a, (BigDecimal) b));
  }

  /** SAFE_ADD and so on: NULL instead of an error. */
  private static void safe(
      Registry registry, ScalarType type, String name, Strict.Binary<Object, Object> operation) {
    registry
        .add("SAFE_" + name)
        .takes(type, type)
        .returns(type)
        .strict(
            (Object a, Object b) -> {
              try {
                return operation.apply(a, b);
              } catch (EvaluationException e) {
                return null;
              }
            });
  }

  private static void negate(Registry registry) {
    negate(registry, INT64, (Object a) -> Checked.negate((Long) a));
    negate(registry, FLOAT64, (Object a) -> -(Double) a);
    negate(registry, NUMERIC, (Object a) -> Checked.negate((BigDecimal) a, NUMERIC));
    negate(registry, BIGNUMERIC, (Object a) -> Checked.negate((BigDecimal) a, BIGNUMERIC));
  }

  private static void negate(Registry registry, ScalarType type, Strict.Unary<Object> operation) {
    registry.operator("NEGATE", "-").takes(type).returns(type).strict(operation);
    registry
        .add("SAFE_NEGATE")
        .takes(type)
        .returns(type)
        .strict(
            (Object a) -> {
              try {
                return operation.apply(a);
              } catch (EvaluationException e) {
                return null;
              }
            });
  }

  private static void bits(Registry registry, String name, String symbol, LongOperation operation) {
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
