package dev.beamline.execution.function;

import dev.beamline.catalog.ScalarType;
import dev.beamline.execution.expression.EvaluationException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Roots, powers, exponentials and logarithms of NUMERIC and BIGNUMERIC, computed with many more
 * digits than the type has and rounded once.
 */
final class Decimals {

  /** BIGNUMERIC has up to 39 + 38 digits; powers and exponentials lose some on their way. */
  private static final MathContext PRECISION = new MathContext(130, RoundingMode.HALF_EVEN);

  private static final BigDecimal TWO = BigDecimal.valueOf(2);
  private static final BigDecimal THREE = BigDecimal.valueOf(3);

  /** Larger exponents overflow BIGNUMERIC, smaller ones are zero in it. */
  private static final BigDecimal MAX_EXPONENT = BigDecimal.valueOf(200);

  private static final BigDecimal LN_2 = atanhSeries(BigDecimal.ONE.divide(THREE, PRECISION));
  private static final BigDecimal LN_10 = lnPositive(BigDecimal.TEN);

  private Decimals() {}

  static BigDecimal sqrt(BigDecimal value, ScalarType type) {
    if (value.signum() < 0) {
      throw new EvaluationException(
          "SQRT is undefined for negative value: SQRT(" + Shown.decimal(value) + ")");
    }
    return fit(value.sqrt(PRECISION), type, "SQRT(" + Shown.decimal(value) + ")");
  }

  static BigDecimal cbrt(BigDecimal value, ScalarType type) {
    if (value.signum() == 0) {
      return value;
    }
    BigDecimal magnitude = value.abs();
    BigDecimal root = new BigDecimal(Math.cbrt(magnitude.doubleValue()));
    // Newton's method doubles the right digits each time.
    for (int i = 0; i < 6; i++) {
      root =
          root.multiply(TWO)
              .add(magnitude.divide(root.multiply(root), PRECISION))
              .divide(THREE, PRECISION);
    }
    BigDecimal signed = value.signum() < 0 ? root.negate() : root;
    return fit(signed, type, "CBRT(" + Shown.decimal(value) + ")");
  }

  static BigDecimal exp(BigDecimal value, ScalarType type) {
    String what = "EXP(" + Shown.decimal(value) + ")";
    if (value.compareTo(MAX_EXPONENT) > 0) {
      throw overflow(type, what);
    } else if (value.compareTo(MAX_EXPONENT.negate()) < 0) {
      return BigDecimal.ZERO;
    }
    return fit(expUnlimited(value), type, what);
  }

  static BigDecimal ln(BigDecimal value, ScalarType type) {
    requirePositive(value, "LN");
    return fit(lnPositive(value), type, "LN");
  }

  static BigDecimal log10(BigDecimal value, ScalarType type) {
    requirePositive(value, "LOG10");
    return fit(lnPositive(value).divide(LN_10, PRECISION), type, "LOG10");
  }

  static BigDecimal log(BigDecimal value, BigDecimal base, ScalarType type) {
    if (value.signum() <= 0 || base.signum() <= 0 || base.compareTo(BigDecimal.ONE) == 0) {
      throw new EvaluationException(
          "LOG is undefined for zero or negative value, or when base equals 1: LOG("
              + Shown.decimal(value)
              + ", "
              + Shown.decimal(base)
              + ")");
    }
    return fit(lnPositive(value).divide(lnPositive(base), PRECISION), type, "LOG");
  }

  static BigDecimal pow(BigDecimal base, BigDecimal exponent, ScalarType type) {
    String what = "POW(" + Shown.decimal(base) + ", " + Shown.decimal(exponent) + ")";
    if (exponent.signum() == 0) {
      return BigDecimal.ONE;
    } else if (base.signum() == 0) {
      if (exponent.signum() < 0) {
        throw new EvaluationException("division by zero: " + what);
      }
      return BigDecimal.ZERO;
    }
    boolean whole = exponent.scale() <= 0;
    if (base.signum() < 0 && !whole) {
      throw new EvaluationException(
          "Negative " + type.sql() + " value cannot be raised to a fractional power: " + what);
    }
    // Exact where that is cheap: most powers are squares and the like.
    if (whole && exponent.signum() > 0 && exponent.compareTo(BigDecimal.TEN) <= 0) {
      return fit(base.pow(exponent.intValueExact()), type, what);
    }
    BigDecimal logarithm = lnPositive(base.abs()).multiply(exponent, PRECISION);
    if (logarithm.compareTo(MAX_EXPONENT) > 0) {
      throw overflow(type, what);
    } else if (logarithm.compareTo(MAX_EXPONENT.negate()) < 0) {
      return BigDecimal.ZERO;
    }
    BigDecimal magnitude = nearlyWhole(expUnlimited(logarithm));
    boolean odd = whole && exponent.toBigInteger().testBit(0);
    return fit(base.signum() < 0 && odd ? magnitude.negate() : magnitude, type, what);
  }

  /** What differs from a short decimal only by the error of the logarithm is that decimal. */
  private static BigDecimal nearlyWhole(BigDecimal value) {
    BigDecimal rounded = value.setScale(2 * Numerics.BIGNUMERIC_SCALE, RoundingMode.HALF_EVEN);
    return rounded.signum() == 0 ? value : rounded;
  }

  private static void requirePositive(BigDecimal value, String function) {
    if (value.signum() <= 0) {
      throw new EvaluationException(
          function
              + " is undefined for zero or negative value: "
              + function
              + "("
              + Shown.decimal(value)
              + ")");
    }
  }

  private static BigDecimal fit(BigDecimal value, ScalarType type, String what) {
    return Numerics.fit(value, type, what);
  }

  private static EvaluationException overflow(ScalarType type, String what) {
    return new EvaluationException(
        (type == ScalarType.NUMERIC ? "numeric" : "bignumeric") + " overflow: " + what);
  }

  /** By halving the argument, Taylor's series, and squaring as often. */
  private static BigDecimal expUnlimited(BigDecimal value) {
    int halvings = 20;
    BigDecimal x = value.divide(TWO.pow(halvings), PRECISION);
    BigDecimal sum = BigDecimal.ONE;
    BigDecimal term = BigDecimal.ONE;
    for (int i = 1;
        term.signum() != 0 && term.precision() - term.scale() > -PRECISION.getPrecision();
        i++) {
      term = term.multiply(x, PRECISION).divide(BigDecimal.valueOf(i), PRECISION);
      sum = sum.add(term, PRECISION);
    }
    for (int i = 0; i < halvings; i++) {
      sum = sum.multiply(sum, PRECISION);
    }
    return sum;
  }

  /** By taking out powers of two, then the series of atanh. */
  private static BigDecimal lnPositive(BigDecimal value) {
    int twos = 0;
    BigDecimal x = value;
    BigDecimal high = new BigDecimal("1.5");
    BigDecimal low = new BigDecimal("0.75");
    while (x.compareTo(high) > 0) {
      x = x.divide(TWO, PRECISION);
      twos++;
    }
    while (x.compareTo(low) < 0) {
      x = x.multiply(TWO, PRECISION);
      twos--;
    }
    BigDecimal y = x.subtract(BigDecimal.ONE).divide(x.add(BigDecimal.ONE), PRECISION);
    BigDecimal logarithm = atanhSeries(y);
    return twos == 0
        ? logarithm
        : logarithm.add(LN_2.multiply(BigDecimal.valueOf(twos)), PRECISION);
  }

  /** 2 atanh(y) = ln((1 + y) / (1 - y)). */
  private static BigDecimal atanhSeries(BigDecimal y) {
    BigDecimal square = y.multiply(y, PRECISION);
    BigDecimal power = y;
    BigDecimal sum = y;
    for (int i = 3;
        power.signum() != 0 && power.precision() - power.scale() > -PRECISION.getPrecision();
        i += 2) {
      power = power.multiply(square, PRECISION);
      sum = sum.add(power.divide(BigDecimal.valueOf(i), PRECISION), PRECISION);
    }
    return sum.multiply(TWO);
  }
}
