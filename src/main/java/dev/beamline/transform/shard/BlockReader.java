package dev.beamline.transform.shard;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.apache.beam.sdk.coders.Coder;

/** Reads the values of a block in the order in which they were added. */
public final class BlockReader<T> {

  private final Coder<T> coder;
  private final Bytes in;

  public BlockReader(Coder<T> coder, byte[] block) {
    this.coder = coder;
    this.in = new Bytes(block);
  }

  public boolean hasNext() {
    return in.at < in.bytes.length;
  }

  /** The next value; there must be one. */
  public T next() {
    try {
      return coder.decode(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A stream over an array, without the locks of the JDK's own. */
  private static final class Bytes extends InputStream {
    private final byte[] bytes;
    private int at;

    Bytes(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public int read() {
      return at < bytes.length ? bytes[at++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] to, int offset, int length) {
      if (at == bytes.length) {
        return length == 0 ? 0 : -1;
      }
      int count = Math.min(length, bytes.length - at);
      System.arraycopy(bytes, at, to, offset, count);
      at += count;
      return count;
    }

    @Override
    public int readNBytes(byte[] to, int offset, int length) {
      return Math.max(0, read(to, offset, length));
    }
  }
}
