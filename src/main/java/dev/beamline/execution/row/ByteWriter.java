package dev.beamline.execution.row;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing array that values are written to; cheaper than a stream, which locks on each byte. */
public final class ByteWriter {

  private byte[] bytes = new byte[256];
  private int size;

  public int size() {
    return size;
  }

  void reset() {
    size = 0;
  }

  int capacity() {
    return bytes.length;
  }

  private void ensure(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), bytes.length * 2));
    }
  }

  public void writeByte(int value) {
    ensure(1);
    bytes[size++] = (byte) value;
  }

  /** Seven bits a byte, the lowest first; small when the value is small and not negative. */
  public void writeVarLong(long value) {
    ensure(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  /** Small when the value is near to zero on either side. */
  public void writeZigZag(long value) {
    writeVarLong((value << 1) ^ (value >> 63));
  }

  /** Eight bytes, the highest first. */
  public void writeFixed64(long value) {
    ensure(8);
    for (int shift = 56; shift >= 0; shift -= 8) {
      bytes[size++] = (byte) (value >>> shift);
    }
  }

  /** The lowest four bytes, the highest first. */
  public void writeFixed32(long value) {
    ensure(4);
    for (int shift = 24; shift >= 0; shift -= 8) {
      bytes[size++] = (byte) (value >>> shift);
    }
  }

  /** The bits, with one form for every NaN. */
  public void writeDouble(double value) {
    writeFixed64(Double.doubleToLongBits(value));
  }

  public void writeString(String value) {
    writeBytes(value.getBytes(StandardCharsets.UTF_8));
  }

  /** The length, then the bytes. */
  public void writeBytes(byte[] value) {
    writeVarLong(value.length);
    writeRaw(value, 0, value.length);
  }

  /** The bytes alone. */
  public void writeRaw(byte[] value, int offset, int length) {
    ensure(length);
    System.arraycopy(value, offset, bytes, size, length);
    size += length;
  }

  /** The length, then the bytes. */
  void writeByteString(ByteString value) {
    int length = value.size();
    writeVarLong(length);
    ensure(length);
    value.copyTo(bytes, size);
    size += length;
  }

  /** Leaves zero bytes to be filled later by {@link #setBit}; returns where they are. */
  int skipZeros(int count) {
    ensure(count);
    int at = size;
    Arrays.fill(bytes, at, at + count, (byte) 0);
    size += count;
    return at;
  }

  void setBit(int at, int bit) {
    bytes[at + (bit >> 3)] |= (byte) (1 << (bit & 7));
  }

  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  void writeTo(OutputStream out) throws IOException {
    out.write(bytes, 0, size);
  }
}
