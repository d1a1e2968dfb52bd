package dev.beamline.execution.aggregate;

import java.math.BigInteger;

/** Exact numbers to the nearest FLOAT64, halves to even. */
final class Rounding {

  private static final int MANTISSA_BITS = 53;
  private static final int LOWEST_EXPONENT = -1074;

  private Rounding() {}

  /** {@code value * 2^exponent}; infinite where it is too large. */
  static double toDouble(BigInteger value, int exponent) {
    int sign = value.signum();
    if (sign == 0) {
      return 0.0;
    }
    BigInteger magnitude = value.abs();
    int drop = Math.max(magnitude.bitLength() - MANTISSA_BITS, LOWEST_EXPONENT - exponent);
    if (drop <= 0) {
      return sign * Math.scalb((double) magnitude.longValue(), exponent);
    }
    BigInteger kept = magnitude.shiftRight(drop);
    if (magnitude.testBit(drop - 1)
        && (kept.testBit(0) || magnitude.getLowestSetBit() < drop - 1)) {
      kept = kept.add(BigInteger.ONE);
    }
    return sign * Math.scalb((double) kept.longValue(), exponent + drop);
  }

  /** {@code value * 2^exponent / divisor}, the divisor positive. */
  static double divide(BigInteger value, int exponent, BigInteger divisor) {
    if (value.signum() == 0) {
      return 0.0;
    }
    int shift = Math.max(0, MANTISSA_BITS + 11 + divisor.bitLength() - value.bitLength());
    BigInteger[] parts = value.abs().shiftLeft(shift).divideAndRemainder(divisor);
    // One more bit says whether anything is left, which is all that rounding needs to know.
    BigInteger quotient = parts[0].shiftLeft(1);
    if (parts[1].signum() != 0) {
      quotient = quotient.setBit(0);
    }
    double result = toDouble(quotient, exponent - shift - 1);
    return value.signum() < 0 ? -result : result;
  }
}
