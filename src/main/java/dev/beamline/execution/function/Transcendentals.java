package dev.beamline.execution.function;

import static dev.beamline.catalog.ScalarType.BIGNUMERIC;
import static dev.beamline.catalog.ScalarType.FLOAT64;
import static dev.beamline.catalog.ScalarType.NUMERIC;

import dev.beamline.catalog.ScalarType;
import dev.beamline.execution.expression.EvaluationException;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/**
 * Roots, powers, exponentials, logarithms and trigonometry. A finite argument whose result is not
 * finite is an error; infinity and NaN give what IEEE 754 says.
 */
final class Transcendentals {

  private Transcendentals() {}

  static void register(Registry registry) {
    registry
        .add("SQRT")
        .takes(FLOAT64)
        .returns(FLOAT64)
        .strict(
            (Double a) -> {
              if (a < 0) {
                throw new EvaluationException(
                    "Argument to SQRT cannot be negative: " + Floats.toText(a));
              }
              return Math.sqrt(a);
            });
    unary(registry, "CBRT", Math::cbrt);
    unary(registry, "EXP", Math::exp);
    unary(registry, "LN", Math::log);
    unary(registry, "LOG", Math::log);
    unary(registry, "LOG10", Math::log10);
    binary(registry, "LOG", Transcendentals::log);
    binary(registry, "POW", Transcendentals::pow).alias("POWER");
    decimals(registry);
    trigonometry(registry);
    hyperbolic(registry);
  }

  private static void decimals(Registry registry) {
    for (ScalarType type : List.of(NUMERIC, BIGNUMERIC)) {
      decimal(registry, "SQRT", type, a -> Decimals.sqrt(a, type));
      decimal(registry, "CBRT", type, a -> Decimals.cbrt(a, type));
      decimal(registry, "EXP", type, a -> Decimals.exp(a, type));
      decimal(registry, "LN", type, a -> Decimals.ln(a, type));
      decimal(registry, "LOG", type, a -> Decimals.ln(a, type));
      decimal(registry, "LOG10", type, a -> Decimals.log10(a, type));
      registry
          .add("LOG")
          .takes(type, type)
          .returns(type)
          .strict((BigDecimal a, BigDecimal b) -> Decimals.log(a, b, type));
      registry
          .add("POW")
          .takes(type, type)
          .returns(type)
          .strict((BigDecimal a, BigDecimal b) -> Decimals.pow(a, b, type));
    }
  }

  private static void trigonometry(Registry registry) {
    unary(registry, "COS", Math::cos);
    unary(registry, "SIN", Math::sin);
    unary(registry, "TAN", Math::tan);
    unary(registry, "ACOS", Math::acos);
    unary(registry, "ASIN", Math::asin);
    unary(registry, "ATAN", Math::atan);
    binary(registry, "ATAN2", Math::atan2);
    unary(registry, "COT", a -> 1 / Math.tan(a));
    unary(registry, "CSC", a -> 1 / Math.sin(a));
    unary(registry, "SEC", a -> 1 / Math.cos(a));
  }

  private static void hyperbolic(Registry registry) {
    unary(registry, "COSH", Math::cosh);
    unary(registry, "SINH", Math::sinh);
    unary(registry, "TANH", Math::tanh);
    unary(registry, "ACOSH", Transcendentals::acosh);
    unary(registry, "ASINH", Transcendentals::asinh);
    unary(registry, "ATANH", Transcendentals::atanh);
    unary(registry, "COTH", a -> 1 / Math.tanh(a));
    unary(registry, "CSCH", a -> 1 / Math.sinh(a));
    unary(registry, "SECH", a -> 1 / Math.cosh(a));
  }

  private static void unary(Registry registry, String name, DoubleUnaryOperator function) {
    registry
        .add(name)
        .takes(FLOAT64)
        .returns(FLOAT64)
        .strict(
            (Double a) -> {
              double result = function.applyAsDouble(a);
              if (!Double.isFinite(result) && Double.isFinite(a)) {
                throw new EvaluationException(
                    "Floating point error in function: " + name + "(" + Floats.toText(a) + ")");
              }
              return result;
            });
  }

  private static Registry.Definition binary(
      Registry registry, String name, DoubleBinaryOperator function) {
    return registry
        .add(name)
        .takes(FLOAT64, FLOAT64)
        .returns(FLOAT64)
        .strict(
            (Double a, Double b) -> {
              double result = function.applyAsDouble(a, b);
              if (!Double.isFinite(result) && Double.isFinite(a) && Double.isFinite(b)) {
                throw new EvaluationException(
                    "Floating point error in function: "
                        + name
                        + "("
                        + Floats.toText(a)
                        + ", "
                        + Floats.toText(b)
                        + ")");
              }
              return result;
            });
  }

  private static void decimal(
      Registry registry, String name, ScalarType type, Strict.Unary<BigDecimal> function) {
    registry.add(name).takes(type).returns(type).strict(function);
  }

  private static double log(double value, double base) {
    return Double.isFinite(base) && base > 0 ? Math.log(value) / Math.log(base) : Double.NaN;
  }

  /** As C's pow: 1 to any power and any number to the power 0 is 1, also with NaN and infinity. */
  private static double pow(double base, double exponent) {
    if (base == 1 || (base == -1 && Double.isInfinite(exponent))) {
      return 1;
    }
    return Math.pow(base, exponent);
  }

  private static double asinh(double value) {
    double magnitude = Math.abs(value);
    double result;
    if (Double.isInfinite(magnitude) || magnitude > 0x1p28) {
      result = Math.log(magnitude) + Math.log(2);
    } else {
      double square = magnitude * magnitude;
      result = Math.log1p(magnitude + square / (1 + Math.sqrt(1 + square)));
    }
    return Math.copySign(result, value);
  }

  private static double acosh(double value) {
    if (value > 0x1p28) {
      return Math.log(value) + Math.log(2);
    }
    double rest = value - 1;
    return Math.log1p(rest + Math.sqrt(2 * rest + rest * rest));
  }

  private static double atanh(double value) {
    return Math.copySign(0.5 * Math.log1p(2 * Math.abs(value) / (1 - Math.abs(value))), value);
  }
}
