package dev.beamline.execution.function;

import com.google.protobuf.ByteString;
import dev.beamline.execution.expression.EvaluationException;
import java.util.function.LongBinaryOperator;

/** Bit operations on BYTES, which keep their length. */
final class Bits {

  private Bits() {}

  /** A count of places to shift. */
  static long count(long places, String operator) {
    if (places < 0) {
      throw new EvaluationException(
          "Bitwise shift operator " + operator + " does not take a negative count: " + places);
    }
    return places;
  }

  static ByteString not(ByteString value) {
    byte[] result = new byte[value.size()];
    for (int i = 0; i < result.length; i++) {
      result[i] = (byte) ~value.byteAt(i);
    }
    return ByteString.copyFrom(result);
  }

  static ByteString combine(
      ByteString a, ByteString b, String operator, LongBinaryOperator operation) {
    if (a.size() != b.size()) {
      throw new EvaluationException(
          "Bitwise operator "
              + operator
              + " requires bytes of equal length, not "
              + a.size()
              + " and "
              + b.size());
    }
    byte[] result = new byte[a.size()];
    for (int i = 0; i < result.length; i++) {
      result[i] = (byte) operation.applyAsLong(a.byteAt(i), b.byteAt(i));
    }
    return ByteString.copyFrom(result);
  }

  static ByteString shiftLeft(ByteString value, long places) {
    int size = value.size();
    byte[] result = new byte[size];
    if (places < 8L * size) {
      int whole = (int) (places / 8);
      int rest = (int) (places % 8);
      for (int i = 0; i + whole < size; i++) {
        int high = (value.byteAt(i + whole) & 0xff) << rest;
        int low = i + whole + 1 < size ? (value.byteAt(i + whole + 1) & 0xff) >> (8 - rest) : 0;
        result[i] = (byte) (high | low);
      }
    }
    return ByteString.copyFrom(result);
  }

  static ByteString shiftRight(ByteString value, long places) {
    int size = value.size();
    byte[] result = new byte[size];
    if (places < 8L * size) {
      int whole = (int) (places / 8);
      int rest = (int) (places % 8);
      for (int i = whole; i < size; i++) {
        int low = (value.byteAt(i - whole) & 0xff) >> rest;
        int high = i - whole > 0 ? (value.byteAt(i - whole - 1) & 0xff) << (8 - rest) : 0;
        result[i] = (byte) (high | low);
      }
    }
    return ByteString.copyFrom(result);
  }
}
