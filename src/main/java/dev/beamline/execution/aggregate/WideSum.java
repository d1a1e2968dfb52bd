package dev.beamline.execution.aggregate;

import dev.beamline.execution.row.ByteReader;
import dev.beamline.execution.row.ByteWriter;
import java.math.BigInteger;

/**
 * A sum of integers in 128 bits, so that only a final sum can be out of range, never one on the
 * way: the sum is {@code high * 2^64 + low}, both signed.
 */
final class WideSum {

  private static final long EXACT_IN_DOUBLE = 1L << 53;

  private long low;
  private long high;
  private long count;

  void add(long value) {
    addPart(value);
    count++;
  }

  void remove(long value) {
    long sum = low - value;
    if (((low ^ value) & (low ^ sum)) < 0) {
      high += low < 0 ? -1 : 1;
    }
    low = sum;
    count--;
  }

  void add(WideSum other) {
    addPart(other.low);
    high += other.high;
    count += other.count;
  }

  private void addPart(long value) {
    long sum = low + value;
    if (((low ^ sum) & (value ^ sum)) < 0) {
      high += value < 0 ? -1 : 1;
    }
    low = sum;
  }

  /** How many values were added. */
  long count() {
    return count;
  }

  boolean fitsLong() {
    return high == 0;
  }

  /** The sum, where {@link #fitsLong}. */
  long toLong() {
    return low;
  }

  BigInteger toBigInteger() {
    return BigInteger.valueOf(high).shiftLeft(Long.SIZE).add(BigInteger.valueOf(low));
  }

  /** The sum over the count, correctly rounded. */
  double average() {
    if (high == 0 && low <= EXACT_IN_DOUBLE && low >= -EXACT_IN_DOUBLE) {
      return (double) low / count;
    }
    return Rounding.divide(toBigInteger(), 0, BigInteger.valueOf(count));
  }

  void write(ByteWriter out) {
    out.writeVarLong((count << 1) | (high != 0 ? 1 : 0));
    out.writeZigZag(low);
    if (high != 0) {
      out.writeZigZag(high);
    }
  }

  static WideSum read(ByteReader in) {
    WideSum sum = new WideSum();
    long head = in.readVarLong();
    sum.count = head >>> 1;
    sum.low = in.readZigZag();
    if ((head & 1) != 0) {
      sum.high = in.readZigZag();
    }
    return sum;
  }

  enum Format implements AccumulatorFormat<WideSum> {
    INSTANCE;

    @Override
    public void write(WideSum sum, ByteWriter out) {
      sum.write(out);
    }

    @Override
    public WideSum read(ByteReader in) {
      return WideSum.read(in);
    }
  }
}
