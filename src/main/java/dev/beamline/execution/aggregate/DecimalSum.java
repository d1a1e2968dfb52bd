package dev.beamline.execution.aggregate;

import dev.beamline.execution.row.ByteReader;
import dev.beamline.execution.row.ByteWriter;
import java.math.BigDecimal;
import java.math.BigInteger;

/** A sum of decimals of any size. */
final class DecimalSum {

  private BigDecimal sum = BigDecimal.ZERO;
  private long count;

  void add(BigDecimal value) {
    sum = sum.add(value);
    count++;
  }

  void remove(BigDecimal value) {
    sum = sum.subtract(value);
    count--;
  }

  void add(DecimalSum other) {
    sum = sum.add(other.sum);
    count += other.count;
  }

  BigDecimal sum() {
    return sum;
  }

  long count() {
    return count;
  }

  enum Format implements AccumulatorFormat<DecimalSum> {
    INSTANCE;

    @Override
    public void write(DecimalSum sum, ByteWriter out) {
      out.writeVarLong(sum.count);
      out.writeVarLong(sum.sum.scale());
      out.writeBytes(sum.sum.unscaledValue().toByteArray());
    }

    @Override
    public DecimalSum read(ByteReader in) {
      DecimalSum sum = new DecimalSum();
      sum.count = in.readVarLong();
      int scale = (int) in.readVarLong();
      sum.sum = new BigDecimal(new BigInteger(in.readBytes()), scale);
      return sum;
    }
  }
}
