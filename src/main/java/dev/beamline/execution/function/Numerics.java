package dev.beamline.execution.function;

import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Type;
import dev.beamline.catalog.Values;
import dev.beamline.execution.expression.EvaluationException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * The ranges of NUMERIC (29 digits before the point, 9 behind) and BIGNUMERIC (a 256-bit integer of
 * 38 decimal places).
 */
public final class Numerics {

  static final int NUMERIC_SCALE = 9;
  static final int BIGNUMERIC_SCALE = 38;

  static final BigDecimal NUMERIC_MAX =
      new BigDecimal(BigInteger.TEN.pow(38).subtract(BigInteger.ONE), NUMERIC_SCALE);
  static final BigDecimal BIGNUMERIC_MIN =
      new BigDecimal(BigInteger.TWO.pow(255).negate(), BIGNUMERIC_SCALE);
  static final BigDecimal BIGNUMERIC_MAX =
      new BigDecimal(BigInteger.TWO.pow(255).subtract(BigInteger.ONE), BIGNUMERIC_SCALE);

  private Numerics() {}

  static int scale(Type type) {
    return type == ScalarType.NUMERIC ? NUMERIC_SCALE : BIGNUMERIC_SCALE;
  }

  /** Whether a value is within the type's range; its scale is not looked at. */
  static boolean inRange(BigDecimal value, Type type) {
    return type == ScalarType.NUMERIC
        ? value.abs().compareTo(NUMERIC_MAX) <= 0
        : value.compareTo(BIGNUMERIC_MIN) >= 0 && value.compareTo(BIGNUMERIC_MAX) <= 0;
  }

  /**
   * Rounds half away from zero to the type's scale and brings into the canonical form.
   *
   * @param what for the error: {@code numeric overflow: <what>}
   */
  public static BigDecimal fit(BigDecimal value, Type type, Object what) {
    BigDecimal rounded =
        value.scale() > scale(type)
            ? value.setScale(scale(type), RoundingMode.HALF_UP)
            : value;
    if (!inRange(rounded, type)) {
      throw new EvaluationException(
          (type == ScalarType.NUMERIC ? "numeric" : "bignumeric") + " overflow: " + what);
    }
    return Values.canonical(rounded);
  }
}
