package dev.beamline.execution.function;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * Numbers as printf writes them.
 *
 * @param conversion one of d i u o x X f F e E g G
 * @param flags of {@code - + space # 0 '}
 * @param width at least that many characters; negative: left-aligned; 0: none
 * @param precision digits; negative where none are given
 */
record PrintNumber(char conversion, String flags, int width, int precision) {

  private static final int DEFAULT_PRECISION = 6;

  private boolean has(char flag) {
    return flags.indexOf(flag) >= 0;
  }

  String integer(long value) {
    boolean decimal = "diu".indexOf(conversion) >= 0;
    BigInteger magnitude = BigInteger.valueOf(value).abs();
    int radix = decimal ? 10 : conversion == 'o' ? 8 : 16;
    String digits = magnitude.toString(radix);
    if (conversion == 'X') {
      digits = digits.toUpperCase(Locale.ROOT);
    }
    boolean plain = decimal && !has('\'');
    if (plain && precision == 0 && value == 0) {
      digits = "";
    }
    String prefix = "";
    if (has('#') && !decimal) {
      prefix = conversion == 'o' ? (precision > digits.length() ? "" : "0") : "0" + conversion;
    }
    digits = "0".repeat(Math.max(0, precision - digits.length())) + digits;
    if (has('\'')) {
      digits = grouped(digits, decimal ? 3 : 4, radix == 16 ? ':' : ',');
    }
    // Plain integers with a precision are not padded with zeros, as in C.
    boolean zeros = has('0') && !(plain && precision >= 0);
    return padded(sign(value < 0) + prefix, digits, zeros);
  }

  String decimal(BigDecimal value) {
    return real(value, value.signum() < 0, RoundingMode.HALF_UP);
  }

  /** Rounds the exact value, and what lies in the middle to even digits, as C does. */
  String real(double value) {
    if (Double.isFinite(value)) {
      return real(new BigDecimal(value), value < 0, RoundingMode.HALF_EVEN);
    }
    String text = Double.isNaN(value) ? "nan" : "inf";
    boolean upper = Character.isUpperCase(conversion);
    return padded(sign(value < 0), upper ? text.toUpperCase(Locale.ROOT) : text, false);
  }

  private String real(BigDecimal value, boolean negative, RoundingMode rounding) {
    int digits = precision < 0 ? DEFAULT_PRECISION : precision;
    BigDecimal magnitude = value.abs();
    String text =
        switch (Character.toLowerCase(conversion)) {
          case 'f' -> fixed(magnitude, digits, rounding, has('#'));
          case 'e' -> scientific(magnitude, digits, rounding, has('#'));
          default -> general(magnitude, digits, rounding);
        };
    if (has('\'')) {
      int end = 0;
      while (end < text.length() && TextCursor.isDigit(text.charAt(end))) {
        end++;
      }
      text = grouped(text.substring(0, end), 3, ',') + text.substring(end);
    }
    return padded(
        sign(negative),
        Character.isUpperCase(conversion) ? text.toUpperCase(Locale.ROOT) : text,
        has('0'));
  }

  private static String fixed(BigDecimal value, int digits, RoundingMode rounding, boolean point) {
    String text = value.setScale(digits, rounding).toPlainString();
    return digits == 0 && point ? text + "." : text;
  }

  private static String scientific(
      BigDecimal value, int digits, RoundingMode rounding, boolean point) {
    int exponent = exponent(value, digits, rounding);
    String mantissa = value.scaleByPowerOfTen(-exponent).setScale(digits, rounding).toPlainString();
    if (digits == 0 && point) {
      mantissa += ".";
    }
    String power = Integer.toString(Math.abs(exponent));
    return mantissa + "e" + (exponent < 0 ? "-" : "+") + (power.length() < 2 ? "0" : "") + power;
  }

  /** The exponent of the value once it is rounded to one digit before and some behind the point. */
  private static int exponent(BigDecimal value, int digits, RoundingMode rounding) {
    if (value.signum() == 0) {
      return 0;
    }
    int exponent = value.precision() - value.scale() - 1;
    BigDecimal rounded = value.scaleByPowerOfTen(-exponent).setScale(digits, rounding);
    return rounded.compareTo(BigDecimal.TEN) >= 0 ? exponent + 1 : exponent;
  }

  /** Fixed or scientific, whichever is shorter, without zeros at the end. */
  private String general(BigDecimal value, int digits, RoundingMode rounding) {
    int significant = Math.max(1, digits);
    int exponent = exponent(value, significant - 1, rounding);
    boolean scientific = exponent < -4 || exponent >= significant;
    String text =
        scientific
            ? scientific(value, significant - 1, rounding, has('#'))
            : fixed(value, significant - 1 - exponent, rounding, has('#'));
    if (has('#')) {
      return text;
    }
    int e = text.indexOf('e');
    String number = e < 0 ? text : text.substring(0, e);
    if (number.indexOf('.') >= 0) {
      number = number.replaceAll("0+$", "").replaceAll("\\.$", "");
    }
    return number + (e < 0 ? "" : text.substring(e));
  }

  private String sign(boolean negative) {
    return negative ? "-" : has('+') ? "+" : has(' ') ? " " : "";
  }

  private static String grouped(String digits, int size, char separator) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < digits.length(); i++) {
      if (i > 0 && (digits.length() - i) % size == 0) {
        out.append(separator);
      }
      out.append(digits.charAt(i));
    }
    return out.toString();
  }

  private String padded(String sign, String digits, boolean zeros) {
    int missing = Math.abs(width) - sign.length() - digits.length();
    if (missing <= 0) {
      return sign + digits;
    } else if (width < 0 || has('-')) {
      return sign + digits + " ".repeat(missing);
    }
    return zeros ? sign + "0".repeat(missing) + digits : " ".repeat(missing) + sign + digits;
  }
}
