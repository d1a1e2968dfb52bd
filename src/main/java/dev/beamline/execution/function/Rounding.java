package dev.beamline.execution.function;

import static dev.beamline.catalog.ScalarType.BIGNUMERIC;
import static dev.beamline.catalog.ScalarType.FLOAT64;
import static dev.beamline.catalog.ScalarType.INT64;
import static dev.beamline.catalog.ScalarType.NUMERIC;
import static dev.beamline.catalog.ScalarType.STRING;

import dev.beamline.catalog.ScalarType;
import dev.beamline.execution.expression.EvaluationException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;

/** ROUND, TRUNC, CEIL and FLOOR. Halves go away from zero where ROUND is not told otherwise. */
final class Rounding {

  /** Beyond these numbers of digits a FLOAT64 is kept whole, or nothing is left of it. */
  private static final long MOST_DOUBLE_DIGITS = 323;

  private static final long LEAST_DOUBLE_DIGITS = -308;

  private static final int FAST_DIGITS = 15;
  private static final double FAST_LIMIT = 1e15;
  private static final double[] POWERS = powers();

  private Rounding() {}

  static void register(Registry registry) {
    registry
        .add("ROUND")
        .takes(FLOAT64)
        .returns(FLOAT64)
        .strict((Double a) -> round(a))
        .takes(FLOAT64, INT64)
        .returns(FLOAT64)
        .strict((Double a, Long digits) -> round(a, digits));
    registry
        .add("TRUNC")
        .takes(FLOAT64)
        .returns(FLOAT64)
        .strict((Double a) -> a < 0 ? Math.ceil(a) : Math.floor(a))
        .takes(FLOAT64, INT64)
        .returns(FLOAT64)
        .strict((Double a, Long digits) -> truncate(a, digits));
    registry
        .add("CEIL")
        .alias("CEILING")
        .takes(FLOAT64)
        .returns(FLOAT64)
        .strict((Double a) -> Math.ceil(a));
    registry.add("FLOOR").takes(FLOAT64).returns(FLOAT64).strict((Double a) -> Math.floor(a));
    registry.add("ROUND").checkedText(2, Rounding::mode);
    for (ScalarType type : List.of(NUMERIC, BIGNUMERIC)) {
      decimals(registry, "ROUND", type, RoundingMode.HALF_UP);
      registry
          .add("ROUND")
          .takes(type, INT64, STRING)
          .returns(type)
          .strict((BigDecimal a, Long digits, String mode) -> round(a, digits, mode(mode), type));
      decimals(registry, "TRUNC", type, RoundingMode.DOWN);
      registry
          .add("CEIL")
          .takes(type)
          .returns(type)
          .strict((BigDecimal a) -> round(a, 0, RoundingMode.CEILING, type));
      registry
          .add("FLOOR")
          .takes(type)
          .returns(type)
          .strict((BigDecimal a) -> round(a, 0, RoundingMode.FLOOR, type));
    }
  }

  private static void decimals(Registry registry, String name, ScalarType type, RoundingMode mode) {
    registry
        .add(name)
        .takes(type)
        .returns(type)
        .strict((BigDecimal a) -> round(a, 0, mode, type))
        .takes(type, INT64)
        .returns(type)
        .strict((BigDecimal a, Long digits) -> round(a, digits, mode, type));
  }

  private static RoundingMode mode(String name) {
    return switch (name.toUpperCase(Locale.ROOT)) {
      case "ROUND_HALF_AWAY_FROM_ZERO" -> RoundingMode.HALF_UP;
      case "ROUND_HALF_EVEN" -> RoundingMode.HALF_EVEN;
      default ->
          throw new EvaluationException(
              "Invalid rounding mode: "
                  + Shown.quoted(name)
                  + "; it is ROUND_HALF_AWAY_FROM_ZERO or ROUND_HALF_EVEN");
    };
  }

  private static BigDecimal round(
      BigDecimal value, long digits, RoundingMode mode, ScalarType type) {
    if (digits >= value.scale()) {
      return value;
    } else if (digits < -2L * Numerics.BIGNUMERIC_SCALE) {
      return BigDecimal.ZERO;
    }
    return Numerics.fit(
        value.setScale((int) digits, mode),
        type,
        "rounding " + Shown.decimal(value) + " to " + digits + " digits");
  }

  private static double round(double value) {
    double whole = Math.floor(Math.abs(value));
    return Math.copySign(Math.abs(value) - whole >= 0.5 ? whole + 1 : whole, value);
  }

  /** Of the number that the FLOAT64 exactly is: 2.675 is a little less, so 2 digits are 2.67. */
  private static double round(double value, long digits) {
    if (!Double.isFinite(value) || digits > MOST_DOUBLE_DIGITS) {
      return value;
    } else if (digits < LEAST_DOUBLE_DIGITS) {
      return 0;
    }
    if (digits >= 0
        && digits <= FAST_DIGITS
        && Math.abs(value) * POWERS[(int) digits] < FAST_LIMIT) {
      double power = POWERS[(int) digits];
      double scaled = Math.abs(value) * power;
      double whole = Math.floor(scaled);
      double rest = scaled - whole;
      // Away from a half, the error of the product does not matter; and the quotient of two
      // numbers that are exact is the nearest FLOAT64 to the decimal.
      if (Math.abs(rest - 0.5) > scaled * 0x1p-50) {
        return Math.copySign((rest > 0.5 ? whole + 1 : whole) / power, value);
      }
    }
    double rounded =
        new BigDecimal(value).setScale((int) digits, RoundingMode.HALF_UP).doubleValue();
    if (Double.isInfinite(rounded)) {
      throw new EvaluationException(
          "Floating point overflow in function: ROUND("
              + Floats.toText(value)
              + ", "
              + digits
              + ")");
    }
    return Math.copySign(rounded, value);
  }

  private static double truncate(double value, long digits) {
    if (!Double.isFinite(value) || digits > MOST_DOUBLE_DIGITS) {
      return value;
    } else if (digits < LEAST_DOUBLE_DIGITS) {
      return 0;
    }
    double truncated =
        new BigDecimal(value).setScale((int) digits, RoundingMode.DOWN).doubleValue();
    return Math.copySign(truncated, value);
  }

  private static double[] powers() {
    double[] powers = new double[FAST_DIGITS + 1];
    double power = 1;
    for (int i = 0; i < powers.length; i++) {
      powers[i] = power;
      power *= 10;
    }
    return powers;
  }
}
