package dev.beamline.execution.function;

import java.math.BigDecimal;
import java.math.BigInteger;

/** FLOAT64 as text. */
public final class Floats {

  private Floats() {}

  /**
   * The shortest digits that give the same number back, as BigQuery writes them: {@code 1}, {@code
   * 0.1}, {@code 1e+20}, {@code 1e-05}, {@code inf}, {@code -inf}, {@code NaN}. The exponent form is
   * used below 1e-4 and from 1e15 on.
   */
  public static String toText(double value) {
    if (Double.isNaN(value)) {
      return "NaN";
    } else if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    } else if (value == 0) {
      return 1 / value < 0 ? "-0" : "0";
    }
    BigDecimal shortest = shortest(Math.abs(value));
    String digits = shortest.unscaledValue().toString();
    int exponent = digits.length() - 1 - shortest.scale();
    StringBuilder text = new StringBuilder();
    if (value < 0) {
      text.append('-');
    }
    if (exponent < -4 || exponent >= 15) {
      text.append(digits.charAt(0));
      if (digits.length() > 1) {
        text.append('.').append(digits, 1, digits.length());
      }
      text.append('e').append(exponent < 0 ? '-' : '+');
      String magnitude = String.valueOf(Math.abs(exponent));
      return text.append(magnitude.length() < 2 ? "0" : "").append(magnitude).toString();
    }
    return text.append(shortest.toPlainString()).toString();
  }

  /**
   * The number with the fewest digits that reads back as the value. {@link Double#toString} gives
   * more than needed now and then before Java 19, such as 2.0E-3 or 2.2250738585072014E-308's kin, so
   * fewer digits are tried.
   */
  static BigDecimal shortest(double value) {
    BigDecimal exact = new BigDecimal(value);
    BigDecimal candidate = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    for (int precision = candidate.precision() - 1; precision >= 1; precision--) {
      BigDecimal fewer =
          exact.round(new java.math.MathContext(precision, java.math.RoundingMode.HALF_EVEN));
      if (fewer.doubleValue() != value) {
        break;
      }
      candidate = fewer.stripTrailingZeros();
    }
    return candidate.unscaledValue().equals(BigInteger.ZERO) ? BigDecimal.ZERO : candidate;
  }
}
