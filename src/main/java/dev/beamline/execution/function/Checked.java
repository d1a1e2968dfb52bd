package dev.beamline.execution.function;

import dev.beamline.catalog.ScalarType;
import dev.beamline.execution.expression.EvaluationException;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** Arithmetic that fails where the result does not fit or is none; nothing wraps. */
final class Checked {

  private Checked() {}

  static long add(long a, long b) {
    long sum = a + b;
    if (((a ^ sum) & (b ^ sum)) < 0) {
      throw overflow(a, "+", b);
    }
    return sum;
  }

  static long subtract(long a, long b) {
    long difference = a - b;
    if (((a ^ b) & (a ^ difference)) < 0) {
      throw overflow(a, "-", b);
    }
    return difference;
  }

  static long multiply(long a, long b) {
    try {
      return Math.multiplyExact(a, b);
    } catch (ArithmeticException e) {
      throw overflow(a, "*", b);
    }
  }

  static long negate(long a) {
    if (a == Long.MIN_VALUE) {
      throw new EvaluationException("int64 overflow: -(" + a + ")");
    }
    return -a;
  }

  static EvaluationException overflow(long a, String operator, long b) {
    return new EvaluationException("int64 overflow: " + a + " " + operator + " " + b);
  }

  static double add(double a, double b) {
    return finite(a + b, a, "+", b);
  }

  static double subtract(double a, double b) {
    return finite(a - b, a, "-", b);
  }

  static double multiply(double a, double b) {
    return finite(a * b, a, "*", b);
  }

  static double divide(double a, double b) {
    if (b == 0) {
      throw divisionByZero(Floats.toText(a), Floats.toText(b));
    }
    return finite(a / b, a, "/", b);
  }

  private static double finite(double result, double a, String operator, double b) {
    if (!Double.isFinite(result) && Double.isFinite(a) && Double.isFinite(b)) {
      throw new EvaluationException(
          "double overflow: " + Floats.toText(a) + " " + operator + " " + Floats.toText(b));
    }
    return result;
  }

  static EvaluationException divisionByZero(String a, String b) {
    return new EvaluationException("division by zero: " + a + " / " + b);
  }

  static BigDecimal add(BigDecimal a, BigDecimal b, ScalarType type) {
    return Numerics.fit(a.add(b), type, Shown.operation(a, "+", b));
  }

  static BigDecimal subtract(BigDecimal a, BigDecimal b, ScalarType type) {
    return Numerics.fit(a.subtract(b), type, Shown.operation(a, "-", b));
  }

  static BigDecimal multiply(BigDecimal a, BigDecimal b, ScalarType type) {
    return Numerics.fit(a.multiply(b), type, Shown.operation(a, "*", b));
  }

  static BigDecimal divide(BigDecimal a, BigDecimal b, ScalarType type) {
    if (b.signum() == 0) {
      throw divisionByZero(Shown.decimal(a), Shown.decimal(b));
    }
    return Numerics.fit(
        a.divide(b, Numerics.scale(type), RoundingMode.HALF_UP), type, Shown.operation(a, "/", b));
  }

  static BigDecimal negate(BigDecimal a, ScalarType type) {
    return Numerics.fit(a.negate(), type, "-(" + Shown.decimal(a) + ")");
  }
}
