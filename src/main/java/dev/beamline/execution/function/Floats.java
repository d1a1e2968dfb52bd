package dev.beamline.execution.function;

import dev.beamline.execution.expression.EvaluationException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** FLOAT64 as text. */
public final class Floats {

  private static final int DIGITS = 15;
  private static final int ALL_DIGITS = 17;

  private static final Pattern NUMBER =
      Pattern.compile(
          "[+-]?(?:(?<inf>inf(?:inity)?)|(?<nan>nan)|(?:\\d+\\.?\\d*|\\.\\d+)(?:e[+-]?\\d+)?)",
          Pattern.CASE_INSENSITIVE);

  private Floats() {}

  /**
   * As BigQuery writes FLOAT64: 15 digits if they give the same number back, else 17; the exponent
   * form below 1e-4 and where there are more digits before the point than that: {@code 1}, {@code
   * 0.1}, {@code 0.30000000000000004}, {@code 1e+20}, {@code 1e-05}, {@code inf}, {@code -inf},
   * {@code nan}. Zero has no sign.
   */
  public static String toText(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    } else if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    } else if (value == 0) {
      return "0";
    }
    double magnitude = Math.abs(value);
    int precision = DIGITS;
    BigDecimal digits = short15(magnitude);
    if (digits.doubleValue() != magnitude) {
      precision = ALL_DIGITS;
      digits = new BigDecimal(magnitude).round(new MathContext(precision, RoundingMode.HALF_EVEN));
    }
    String text = general(digits.stripTrailingZeros(), precision);
    return value < 0 ? "-" + text : text;
  }

  /** The value with 15 digits. Where Java writes no more than those, they are the same. */
  private static BigDecimal short15(double magnitude) {
    if (magnitude >= Double.MIN_NORMAL) {
      BigDecimal written = new BigDecimal(Double.toString(magnitude));
      if (written.precision() <= DIGITS) {
        return written;
      }
    }
    return new BigDecimal(magnitude).round(new MathContext(DIGITS, RoundingMode.HALF_EVEN));
  }

  /** C's %g without trailing zeros. */
  private static String general(BigDecimal number, int precision) {
    String digits = number.unscaledValue().toString();
    int exponent = digits.length() - 1 - number.scale();
    if (exponent >= -4 && exponent < precision) {
      return number.toPlainString();
    }
    StringBuilder text = new StringBuilder(24).append(digits.charAt(0));
    if (digits.length() > 1) {
      text.append('.').append(digits, 1, digits.length());
    }
    text.append('e').append(exponent < 0 ? '-' : '+');
    if (Math.abs(exponent) < 10) {
      text.append('0');
    }
    return text.append(Math.abs(exponent)).toString();
  }

  /**
   * Reads a number, inf, infinity or nan, in any case and with white space around. What is too
   * large becomes infinity.
   *
   * @throws EvaluationException where the text is none
   */
  public static double parse(String text) {
    String trimmed = AsciiSpace.trim(text);
    Matcher matcher = NUMBER.matcher(trimmed);
    if (!matcher.matches()) {
      throw new EvaluationException("Bad double value: " + Shown.cut(text));
    }
    if (matcher.group("nan") != null) {
      return Double.NaN;
    } else if (matcher.group("inf") != null) {
      return trimmed.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
    return Double.parseDouble(trimmed.toLowerCase(Locale.ROOT));
  }
}
