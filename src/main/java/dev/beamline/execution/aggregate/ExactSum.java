package dev.beamline.execution.aggregate;

import dev.beamline.execution.row.ByteReader;
import dev.beamline.execution.row.ByteWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * A sum of FLOAT64 values, or of products of two, without any rounding on the way. So the result
 * does not depend on the order of the values or on how they were divided into bundles, and values
 * can be taken back.
 *
 * <p>The sum is a number in base 2^32 whose digits ("limbs") are signed and may be larger than the
 * base until they carry; only the limbs that the values reach exist.
 */
final class ExactSum {

  /** Bits of weight below 2^0: the lowest bit of a product of the smallest two values. */
  private static final int BIAS = 2148;

  private static final long LIMB = 0xFFFFFFFFL;
  private static final long MANTISSA = (1L << 52) - 1;

  /** Limbs are less than 2^31 when carried, and each value adds less than 2^32. */
  private static final int ADDS_UNTIL_CARRY = 1 << 30;

  private long[] limbs = new long[0];
  private int base;
  private int pending;
  private long count;
  private long nans;
  private long infinities;
  private long negativeInfinities;

  void add(double value) {
    count++;
    put(value, 1);
  }

  void remove(double value) {
    count--;
    put(value, -1);
  }

  private void put(double value, int times) {
    long bits = Double.doubleToRawLongBits(value);
    int exponent = (int) (bits >>> 52) & 0x7FF;
    if (exponent == 0x7FF) {
      putSpecial(value, times);
      return;
    }
    long mantissa = bits & MANTISSA;
    if (exponent == 0) {
      exponent = 1;
    } else {
      mantissa |= 1L << 52;
    }
    put(mantissa, exponent - 1075 + BIAS, (bits < 0) != (times < 0));
  }

  /** Adds {@code a * b}, exactly. */
  void addProduct(double a, double b) {
    count++;
    putProduct(a, b, 1);
  }

  void removeProduct(double a, double b) {
    count--;
    putProduct(a, b, -1);
  }

  private void putProduct(double a, double b, int times) {
    long aBits = Double.doubleToRawLongBits(a);
    long bBits = Double.doubleToRawLongBits(b);
    int aExponent = (int) (aBits >>> 52) & 0x7FF;
    int bExponent = (int) (bBits >>> 52) & 0x7FF;
    if (aExponent == 0x7FF || bExponent == 0x7FF) {
      putSpecial(a * b, times);
      return;
    }
    long aMantissa = aBits & MANTISSA;
    long bMantissa = bBits & MANTISSA;
    if (aExponent == 0) {
      aExponent = 1;
    } else {
      aMantissa |= 1L << 52;
    }
    if (bExponent == 0) {
      bExponent = 1;
    } else {
      bMantissa |= 1L << 52;
    }
    int position = aExponent + bExponent - 2150 + BIAS;
    boolean negative = ((aBits ^ bBits) < 0) != (times < 0);
    put(aMantissa * bMantissa, position, negative);
    long high = Math.multiplyHigh(aMantissa, bMantissa);
    if (high != 0) {
      put(high, position + 64, negative);
    }
  }

  private void putSpecial(double value, int times) {
    if (Double.isNaN(value)) {
      nans += times;
    } else if (value > 0) {
      infinities += times;
    } else {
      negativeInfinities += times;
    }
  }

  /** Adds 64 bits without a sign at a place counted from the lowest bit. */
  private void put(long bits, int position, boolean negative) {
    if (bits == 0) {
      return;
    }
    int limb = (position >> 5) - base;
    if (limb < 0 || limb + 3 > limbs.length) {
      reach(position >> 5);
      limb = (position >> 5) - base;
    }
    int shift = position & 31;
    long low = (bits << shift) & LIMB;
    long middle = (bits >>> (32 - shift)) & LIMB;
    long high = (bits >>> 1) >>> (63 - shift);
    if (negative) {
      limbs[limb] -= low;
      limbs[limb + 1] -= middle;
      limbs[limb + 2] -= high;
    } else {
      limbs[limb] += low;
      limbs[limb + 1] += middle;
      limbs[limb + 2] += high;
    }
    if (++pending >= ADDS_UNTIL_CARRY) {
      carry();
    }
  }

  /** Makes room for the limb and the two above it. */
  private void reach(int first) {
    int newBase = limbs.length == 0 ? first : Math.min(base, first);
    int end = limbs.length == 0 ? first + 3 : Math.max(base + limbs.length, first + 3);
    long[] larger = new long[end - newBase];
    System.arraycopy(limbs, 0, larger, limbs.length == 0 ? 0 : base - newBase, limbs.length);
    limbs = larger;
    base = newBase;
  }

  /** Brings all limbs but the highest, which keeps the sign, into 0 to 2^32 - 1. */
  private void carry() {
    pending = 0;
    int last = limbs.length - 1;
    for (int i = 0; i < last; i++) {
      limbs[i + 1] += limbs[i] >> 32;
      limbs[i] &= LIMB;
    }
    if (last >= 0 && limbs[last] != (int) limbs[last]) {
      limbs = Arrays.copyOf(limbs, limbs.length + 1);
      limbs[last + 1] = limbs[last] >> 32;
      limbs[last] &= LIMB;
    }
  }

  void add(ExactSum other) {
    count += other.count;
    nans += other.nans;
    infinities += other.infinities;
    negativeInfinities += other.negativeInfinities;
    if (other.limbs.length == 0) {
      return;
    }
    if (limbs.length == 0 || other.base < base || other.end() > end()) {
      int newBase = limbs.length == 0 ? other.base : Math.min(base, other.base);
      int newEnd = limbs.length == 0 ? other.end() : Math.max(end(), other.end());
      long[] larger = new long[newEnd - newBase];
      System.arraycopy(limbs, 0, larger, limbs.length == 0 ? 0 : base - newBase, limbs.length);
      limbs = larger;
      base = newBase;
    }
    if (pending + (long) other.pending + 1 >= ADDS_UNTIL_CARRY) {
      carry();
    }
    int offset = other.base - base;
    for (int i = 0; i < other.limbs.length; i++) {
      limbs[offset + i] += other.limbs[i];
    }
    pending += other.pending + 1;
  }

  private int end() {
    return base + limbs.length;
  }

  /** How many values were added. */
  long count() {
    return count;
  }

  /** Whether a value was NaN or infinite, so that there is no exact sum. */
  boolean special() {
    return nans != 0 || infinities != 0 || negativeInfinities != 0;
  }

  /** The sum as IEEE has it where values are NaN or infinite. */
  private double specialSum() {
    if (nans != 0 || (infinities != 0 && negativeInfinities != 0)) {
      return Double.NaN;
    }
    return infinities != 0 ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
  }

  /** The nearest FLOAT64; infinite where the sum is too large. */
  double sum() {
    return special() ? specialSum() : Rounding.toDouble(integer(), exponent());
  }

  /** The nearest FLOAT64 to the sum over the count. */
  double average() {
    return special()
        ? specialSum()
        : Rounding.divide(integer(), exponent(), BigInteger.valueOf(count));
  }

  /** The exact sum, where no value was {@link #special}. */
  BigDecimal exact() {
    BigInteger integer = integer();
    if (integer.signum() == 0) {
      return BigDecimal.ZERO;
    }
    int zeros = integer.getLowestSetBit();
    integer = integer.shiftRight(zeros);
    int exponent = exponent() + zeros;
    return exponent >= 0
        ? new BigDecimal(integer.shiftLeft(exponent))
        : new BigDecimal(integer.multiply(BigInteger.valueOf(5).pow(-exponent)), -exponent);
  }

  private int exponent() {
    return 32 * base - BIAS;
  }

  private BigInteger integer() {
    BigInteger result = BigInteger.ZERO;
    for (int i = limbs.length - 1; i >= 0; i--) {
      result = result.shiftLeft(32).add(BigInteger.valueOf(limbs[i]));
    }
    return result;
  }

  void write(ByteWriter out) {
    carry();
    int first = 0;
    while (first < limbs.length && limbs[first] == 0) {
      first++;
    }
    int end = limbs.length;
    while (end > first && limbs[end - 1] == 0) {
      end--;
    }
    out.writeVarLong((count << 1) | (special() ? 1 : 0));
    if (special()) {
      out.writeVarLong(nans);
      out.writeVarLong(infinities);
      out.writeVarLong(negativeInfinities);
    }
    out.writeVarLong(end - first);
    if (end > first) {
      out.writeVarLong(base + (long) first);
      for (int i = first; i < end - 1; i++) {
        out.writeFixed32(limbs[i]);
      }
      out.writeZigZag(limbs[end - 1]);
    }
  }

  static ExactSum read(ByteReader in) {
    ExactSum sum = new ExactSum();
    long head = in.readVarLong();
    sum.count = head >>> 1;
    if ((head & 1) != 0) {
      sum.nans = in.readVarLong();
      sum.infinities = in.readVarLong();
      sum.negativeInfinities = in.readVarLong();
    }
    int length = in.readLength();
    if (length > 0) {
      sum.base = (int) in.readVarLong();
      sum.limbs = new long[length];
      for (int i = 0; i < length - 1; i++) {
        sum.limbs[i] = in.readFixed32();
      }
      sum.limbs[length - 1] = in.readZigZag();
      sum.pending = 1;
    }
    return sum;
  }

  enum Format implements AccumulatorFormat<ExactSum> {
    INSTANCE;

    @Override
    public void write(ExactSum sum, ByteWriter out) {
      sum.write(out);
    }

    @Override
    public ExactSum read(ByteReader in) {
      return ExactSum.read(in);
    }
  }
}
