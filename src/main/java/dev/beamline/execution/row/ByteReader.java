package dev.beamline.execution.row;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads what {@link ByteWriter} wrote. Bytes that nobody wrote end in an {@link
 * IllegalArgumentException}, never in a huge allocation.
 */
public final class ByteReader {

  private final byte[] bytes;
  private final int end;
  private int at;

  public ByteReader(byte[] bytes, int offset, int length) {
    this.bytes = bytes;
    this.at = offset;
    this.end = offset + length;
  }

  public ByteReader(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  public int remaining() {
    return end - at;
  }

  public int readByte() {
    require(1);
    return bytes[at++];
  }

  public long readVarLong() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      require(1);
      byte next = bytes[at++];
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("a number is longer than 10 bytes");
  }

  public long readZigZag() {
    long value = readVarLong();
    return (value >>> 1) ^ -(value & 1);
  }

  public long readFixed64() {
    require(8);
    long value = 0;
    for (int i = 0; i < 8; i++) {
      value = (value << 8) | (bytes[at++] & 0xFF);
    }
    return value;
  }

  /** Four bytes, without a sign. */
  public long readFixed32() {
    require(4);
    long value = 0;
    for (int i = 0; i < 4; i++) {
      value = (value << 8) | (bytes[at++] & 0xFF);
    }
    return value;
  }

  public double readDouble() {
    return Double.longBitsToDouble(readFixed64());
  }

  public String readString() {
    int length = readLength();
    String value = new String(bytes, at, length, StandardCharsets.UTF_8);
    at += length;
    return value;
  }

  public byte[] readBytes() {
    int length = readLength();
    byte[] value = Arrays.copyOfRange(bytes, at, at + length);
    at += length;
    return value;
  }

  /** A count of bytes that are there, or of things of at least one bit each. */
  public int readLength() {
    long length = readVarLong();
    if (length < 0 || length > remaining()) {
      throw new IllegalArgumentException("length " + length + " of " + remaining() + " bytes");
    }
    return (int) length;
  }

  ByteString readByteString() {
    int length = readLength();
    ByteString value = ByteString.copyFrom(bytes, at, length);
    at += length;
    return value;
  }

  /** Passes over a bitmap; returns where it is. */
  int skip(int count) {
    require(count);
    int start = at;
    at += count;
    return start;
  }

  boolean bit(int start, int bit) {
    return (bytes[start + (bit >> 3)] & (1 << (bit & 7))) != 0;
  }

  private void require(int count) {
    if (end - at < count) {
      throw new IllegalArgumentException("the bytes end too early");
    }
  }
}
