package dev.beamline.execution.aggregate;

import dev.beamline.execution.expression.Evaluator;
import dev.beamline.execution.row.ByteReader;
import dev.beamline.execution.row.ByteWriter;
import org.jspecify.annotations.Nullable;

/** BIT_AND, BIT_OR, BIT_XOR of INT64; LOGICAL_AND and LOGICAL_OR as the same on one bit. */
final class BitAggregator extends UnaryAggregator<BitAggregator.Bits> {

  /** How two values become one. */
  enum Operation {
    AND,
    OR,
    XOR
  }

  private final Operation operation;
  private final boolean logical;

  BitAggregator(Evaluator argument, Operation operation, boolean logical) {
    super(argument);
    this.operation = operation;
    this.logical = logical;
  }

  @Override
  public Bits create() {
    return new Bits();
  }

  @Override
  void accept(Bits accumulator, Object value) {
    put(accumulator, logical ? ((Boolean) value ? 1 : 0) : (Long) value);
  }

  private void put(Bits accumulator, long bits) {
    if (!accumulator.any) {
      accumulator.any = true;
      accumulator.bits = bits;
      return;
    }
    accumulator.bits =
        switch (operation) {
          case AND -> accumulator.bits & bits;
          case OR -> accumulator.bits | bits;
          case XOR -> accumulator.bits ^ bits;
        };
  }

  @Override
  public Bits merge(Bits accumulator, Bits other) {
    if (other.any) {
      put(accumulator, other.bits);
    }
    return accumulator;
  }

  @Override
  public @Nullable Object result(Bits accumulator) {
    if (!accumulator.any) {
      return null;
    }
    return logical ? (Object) (accumulator.bits != 0) : (Object) accumulator.bits;
  }

  @Override
  boolean small() {
    return true;
  }

  @Override
  AccumulatorFormat<Bits> format() {
    return Format.INSTANCE;
  }

  /** What was combined so far. */
  static final class Bits {
    private boolean any;
    private long bits;
  }

  private enum Format implements AccumulatorFormat<Bits> {
    INSTANCE;

    @Override
    public void write(Bits bits, ByteWriter out) {
      out.writeByte(bits.any ? 1 : 0);
      if (bits.any) {
        out.writeZigZag(bits.bits);
      }
    }

    @Override
    public Bits read(ByteReader in) {
      Bits bits = new Bits();
      bits.any = in.readByte() != 0;
      if (bits.any) {
        bits.bits = in.readZigZag();
      }
      return bits;
    }
  }
}
