package dev.beamline.execution.row;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.CustomCoder;
import org.jspecify.annotations.Nullable;

/**
 * A coder whose values are blocks with their length in front, so that reading and writing touch the
 * stream twice a value and not once a byte. Subclasses must be deterministic, and say in equals and
 * hashCode what their bytes depend on, with a version where the format may change.
 */
public abstract class BlockCoder<T> extends CustomCoder<T> {

  private static final long serialVersionUID = 1L;

  /** Buffers larger than this are not kept. */
  private static final int KEEP = 1 << 20;

  private static final ThreadLocal<@Nullable ByteWriter> WRITER = new ThreadLocal<>();
  private static final ThreadLocal<byte @Nullable []> READ_BUFFER = new ThreadLocal<>();

  protected abstract void write(T value, ByteWriter out);

  protected abstract T read(ByteReader in);

  @Override
  public final void encode(T value, OutputStream out) throws IOException {
    if (value == null) {
      throw new CoderException("cannot encode null");
    }
    ByteWriter writer = WRITER.get();
    if (writer == null) {
      writer = new ByteWriter();
    } else {
      WRITER.remove();
    }
    write(value, writer);
    writeLength(writer.size(), out);
    writer.writeTo(out);
    if (writer.capacity() <= KEEP) {
      writer.reset();
      WRITER.set(writer);
    }
  }

  @Override
  public final T decode(InputStream in) throws IOException {
    int length = readLength(in);
    byte[] buffer = READ_BUFFER.get();
    if (length > KEEP) {
      buffer = in.readNBytes(length);
      if (buffer.length < length) {
        throw new EOFException("the value ends too early");
      }
    } else {
      if (buffer == null || buffer.length < length) {
        buffer = new byte[Math.max(256, Integer.highestOneBit(Math.max(1, length)) << 1)];
        READ_BUFFER.set(buffer);
      }
      if (in.readNBytes(buffer, 0, length) < length) {
        throw new EOFException("the value ends too early");
      }
    }
    try {
      ByteReader reader = new ByteReader(buffer, 0, length);
      T value = read(reader);
      if (reader.remaining() != 0) {
        throw new CoderException(reader.remaining() + " bytes are left after the value");
      }
      return value;
    } catch (IllegalArgumentException e) {
      throw new CoderException("not a value of this coder: " + e.getMessage(), e);
    }
  }

  @Override
  public void verifyDeterministic() {}

  private static void writeLength(int length, OutputStream out) throws IOException {
    int rest = length;
    while ((rest & ~0x7F) != 0) {
      out.write((rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
  }

  private static int readLength(InputStream in) throws IOException {
    int length = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("the stream ends before a value");
      }
      length |= (next & 0x7F) << shift;
      if (next < 0x80) {
        if (length < 0) {
          break;
        }
        return length;
      }
    }
    throw new CoderException("not the length of a value");
  }
}
