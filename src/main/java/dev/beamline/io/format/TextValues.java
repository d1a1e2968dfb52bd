package dev.beamline.io.format;

import static dev.beamline.io.format.DecodeErrorCode.OUT_OF_RANGE;
import static dev.beamline.io.format.DecodeErrorCode.WRONG_TYPE;

import com.google.protobuf.ByteString;
import dev.beamline.catalog.IntervalValue;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Values;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Values of the types without parts from text, by the rules of BigQuery's loads. Nothing is
 * guessed: blanks around a number are no part of it, an empty text is no number.
 */
final class TextValues {

  private static final BigInteger NUMERIC_LIMIT = BigInteger.TEN.pow(38);

  /**
   * 2 to the 255th: BIGNUMERIC keeps a whole number of 256 bits, 38 digits of it after the point.
   */
  private static final BigInteger BIGNUMERIC_MIN = BigInteger.ONE.shiftLeft(255).negate();

  private static final BigInteger BIGNUMERIC_MAX =
      BigInteger.ONE.shiftLeft(255).subtract(BigInteger.ONE);

  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]{1,9})?");

  private static final Pattern INTERVAL =
      Pattern.compile(
          "([+-]?)(\\d{1,5})-(\\d{1,2}) ([+-]?\\d{1,7}) ([+-]?)(\\d{1,8}):(\\d{1,2}):(\\d{1,2})"
              + "(?:\\.(\\d{1,6}))?");

  private static final int QUOTED_LENGTH = 100;

  private TextValues() {}

  /** A value as a message shows it: in quotes, cut where it is long. */
  static String quote(String text) {
    if (text.length() <= QUOTED_LENGTH) {
      return "'" + text + "'";
    }
    return "'" + text.substring(0, QUOTED_LENGTH) + "…' (" + text.length() + " characters)";
  }

  /** Digits with an optional sign; also a decimal whose value is whole, such as 3.0 or 1e3. */
  static long int64(String text) throws DecodeException {
    int length = text.length();
    int i = length > 0 && (text.charAt(0) == '-' || text.charAt(0) == '+') ? 1 : 0;
    if (length > i && length - i <= 18) {
      long value = 0;
      int at = i;
      while (at < length) {
        int digit = text.charAt(at) - '0';
        if (digit < 0 || digit > 9) {
          break;
        }
        value = value * 10 + digit;
        at++;
      }
      if (at == length) {
        return text.charAt(0) == '-' ? -value : value;
      }
    }
    BigDecimal value = decimal(text, "INT64");
    if (value.signum() != 0 && value.precision() - (long) value.scale() > 19) {
      throw outOfRange(text, "INT64");
    }
    BigDecimal stripped = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
    if (stripped.scale() > 0) {
      throw new DecodeException(WRONG_TYPE, quote(text) + " is not a whole number (INT64)");
    }
    try {
      return stripped.longValueExact();
    } catch (ArithmeticException e) {
      throw outOfRange(text, "INT64");
    }
  }

  /** A decimal number, or NaN, Infinity, inf with a sign, in any case. */
  static double float64(String text) throws DecodeException {
    if (DECIMAL.matcher(text).matches()) {
      double value = Double.parseDouble(text);
      if (Double.isInfinite(value)) {
        throw outOfRange(text, "FLOAT64");
      }
      return value;
    }
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "nan" -> Double.NaN;
      case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
      case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
      default -> throw wrong(text, "a", "FLOAT64");
    };
  }

  /** Exact to 9 digits after the point; more are rounded half away from zero, as BigQuery does. */
  static BigDecimal numeric(String text) throws DecodeException {
    BigDecimal value = scaled(text, "NUMERIC", 29, 9);
    if (value.unscaledValue().abs().compareTo(NUMERIC_LIMIT) >= 0) {
      throw outOfRange(text, "NUMERIC");
    }
    return Values.canonical(value);
  }

  /** Exact to 38 digits after the point; more are rounded half away from zero. */
  static BigDecimal bignumeric(String text) throws DecodeException {
    BigDecimal value = scaled(text, "BIGNUMERIC", 39, 38);
    BigInteger unscaled = value.unscaledValue();
    if (unscaled.compareTo(BIGNUMERIC_MAX) > 0 || unscaled.compareTo(BIGNUMERIC_MIN) < 0) {
      throw outOfRange(text, "BIGNUMERIC");
    }
    return Values.canonical(value);
  }

  private static BigDecimal scaled(String text, String type, int wholeDigits, int scale)
      throws DecodeException {
    BigDecimal value = decimal(text, type);
    if (value.signum() == 0) {
      return BigDecimal.ZERO;
    }
    // Before the digits are written out: an exponent of a billion is not a number of a billion
    // digits.
    long whole = value.precision() - (long) value.scale();
    if (whole > wholeDigits) {
      throw outOfRange(text, type);
    }
    return whole < -scale
        ? BigDecimal.ZERO.setScale(scale)
        : value.setScale(scale, RoundingMode.HALF_UP);
  }

  private static BigDecimal decimal(String text, String type) throws DecodeException {
    if (text.length() > 1000 || !DECIMAL.matcher(text).matches()) {
      throw wrong(text, type.equals("INT64") ? "an" : "a", type);
    }
    return new BigDecimal(text);
  }

  /** true and false in any case. */
  static boolean bool(String text) throws DecodeException {
    if (text.equalsIgnoreCase("true")) {
      return true;
    }
    if (text.equalsIgnoreCase("false")) {
      return false;
    }
    throw wrong(text, "a", "BOOL");
  }

  /** Base64 of RFC 4648. */
  static ByteString bytes(String text) throws DecodeException {
    try {
      return ByteString.copyFrom(Base64.getDecoder().decode(text));
    } catch (IllegalArgumentException e) {
      throw new DecodeException(WRONG_TYPE, quote(text) + " is not base64 (BYTES)");
    }
  }

  /** BigQuery's canonical form: {@code [-]Y-M [-]D [-]H:M:S[.F]}. */
  static IntervalValue interval(String text) throws DecodeException {
    Matcher m = INTERVAL.matcher(text);
    if (!m.matches()) {
      throw wrong(text, "an", "INTERVAL");
    }
    long months = Long.parseLong(m.group(2)) * 12 + Long.parseLong(m.group(3));
    String fraction = m.group(9) == null ? "" : m.group(9);
    long micros =
        ((Long.parseLong(m.group(6)) * 60 + Long.parseLong(m.group(7))) * 60
                    + Long.parseLong(m.group(8)))
                * TemporalText.MICROS_PER_SECOND
            + Long.parseLong((fraction + "000000").substring(0, 6));
    return new IntervalValue(
        m.group(1).equals("-") ? -months : months,
        Long.parseLong(m.group(4)),
        m.group(5).equals("-") ? -micros : micros);
  }

  /** The value of any type without parts but JSON. */
  static Object parse(ScalarType type, String text) throws DecodeException {
    return switch (type) {
      case STRING -> text;
      case BYTES -> bytes(text);
      case INT64 -> int64(text);
      case FLOAT64 -> float64(text);
      case NUMERIC -> numeric(text);
      case BIGNUMERIC -> bignumeric(text);
      case BOOL -> bool(text);
      case TIMESTAMP -> TemporalText.timestamp(text);
      case DATETIME -> TemporalText.datetime(text);
      case DATE -> TemporalText.date(text);
      case TIME -> TemporalText.time(text);
      case INTERVAL -> interval(text);
      case JSON -> throw new IllegalArgumentException("JSON is not parsed here");
    };
  }

  static DecodeException wrong(String text, String article, String type) {
    return new DecodeException(WRONG_TYPE, quote(text) + " is not " + article + " " + type);
  }

  static DecodeException outOfRange(String text, String type) {
    return new DecodeException(OUT_OF_RANGE, quote(text) + " is out of range for " + type);
  }
}
