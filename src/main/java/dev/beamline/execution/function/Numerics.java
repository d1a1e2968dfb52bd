package dev.beamline.execution.function;

import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Type;
import dev.beamline.catalog.Values;
import dev.beamline.execution.expression.EvaluationException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE](?<exponent>[+-]?\\d+))?");

  private static final int MAX_EXPONENT_DIGITS = 6;

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
    BigDecimal rounded = round(value, type);
    if (!inRange(rounded, type)) {
      throw new EvaluationException(
          (type == ScalarType.NUMERIC ? "numeric" : "bignumeric") + " overflow: " + what);
    }
    return Values.canonical(rounded);
  }

  private static BigDecimal round(BigDecimal value, Type type) {
    return value.scale() > scale(type) ? value.setScale(scale(type), RoundingMode.HALF_UP) : value;
  }

  /**
   * Reads digits with an optional point and exponent, and white space around; rounds half away from
   * zero.
   *
   * @throws EvaluationException where the text is no number or out of the range
   */
  public static BigDecimal parse(String text, Type type) {
    String trimmed = AsciiSpace.trim(text);
    Matcher matcher = DECIMAL.matcher(trimmed);
    if (matcher.matches()) {
      String exponent = matcher.group("exponent");
      if (exponent != null && exponent.length() > MAX_EXPONENT_DIGITS) {
        return parseFar(text, trimmed, exponent, type);
      }
      BigDecimal value = new BigDecimal(trimmed);
      // A huge exponent would make rounding and comparing write out as many zeros.
      long magnitude = (long) value.precision() - value.scale();
      if (value.signum() == 0 || magnitude < -BIGNUMERIC_SCALE) {
        return BigDecimal.ZERO;
      } else if (magnitude <= 2 * BIGNUMERIC_SCALE) {
        BigDecimal rounded = round(value, type);
        if (inRange(rounded, type)) {
          return Values.canonical(rounded);
        }
      }
    }
    throw invalid(text, type);
  }

  /** Numbers with exponents of many digits: zero, too small to see, or too large. */
  private static BigDecimal parseFar(String text, String trimmed, String exponent, Type type) {
    String plain = exponent.replaceFirst("^[+-]?0*", "");
    String mantissa = trimmed.substring(0, trimmed.length() - exponent.length() - 1);
    if (plain.length() < MAX_EXPONENT_DIGITS) {
      String sign = exponent.startsWith("-") ? "-" : "";
      return parse(mantissa + "e" + sign + (plain.isEmpty() ? "0" : plain), type);
    }
    boolean zero = mantissa.chars().noneMatch(c -> c >= '1' && c <= '9');
    if (zero || exponent.startsWith("-")) {
      return BigDecimal.ZERO;
    }
    throw invalid(text, type);
  }

  private static EvaluationException invalid(String text, Type type) {
    return new EvaluationException("Invalid " + type.sql() + " value: " + Shown.cut(text));
  }

  /**
   * The exact value of a FLOAT64, rounded half away from zero.
   *
   * @throws EvaluationException for NaN, infinity and what is out of range
   */
  public static BigDecimal ofDouble(double value, Type type) {
    if (!Double.isFinite(value)) {
      throw new EvaluationException(
          "Illegal conversion of non-finite floating point number to "
              + type.sql()
              + ": "
              + Floats.toText(value));
    }
    BigDecimal rounded = round(new BigDecimal(value), type);
    if (!inRange(rounded, type)) {
      throw new EvaluationException(type.sql() + " out of range: " + Floats.toText(value));
    }
    return Values.canonical(rounded);
  }

  /**
   * A FLOAT64 literal as it was written, not the number that is nearest to it in binary.
   *
   * @throws EvaluationException for what is out of range
   */
  static BigDecimal ofWritten(double literal, Type type) {
    BigDecimal rounded = round(new BigDecimal(Double.toString(literal)), type);
    if (!inRange(rounded, type)) {
      throw new EvaluationException(type.sql() + " out of range: " + Floats.toText(literal));
    }
    return Values.canonical(rounded);
  }

  /**
   * The nearest INT64, halves away from zero.
   *
   * @throws EvaluationException where it is out of range
   */
  static long toLong(BigDecimal value) {
    BigInteger rounded = value.setScale(0, RoundingMode.HALF_UP).unscaledValue();
    if (rounded.bitLength() >= Long.SIZE) {
      throw new EvaluationException("int64 out of range: " + value.toPlainString());
    }
    return rounded.longValue();
  }
}
