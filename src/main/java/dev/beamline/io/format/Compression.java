package dev.beamline.io.format;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** How a file is compressed as a whole. */
public enum Compression {
  NONE,
  GZIP,
  ZSTD;

  /** Bytes that {@link #ofMagic} looks at. */
  public static final int MAGIC_LENGTH = 4;

  private static final int BUFFER = 64 * 1024;

  /** By the name's ending: .gz, .gzip, .zst, .zstd. */
  public static Compression ofName(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.endsWith(".gz") || lower.endsWith(".gzip")) {
      return GZIP;
    }
    return lower.endsWith(".zst") || lower.endsWith(".zstd") ? ZSTD : NONE;
  }

  /** By the first bytes, whatever the name says. */
  public static Compression ofMagic(byte[] first, int length) {
    if (length >= 2 && (first[0] & 0xFF) == 0x1F && (first[1] & 0xFF) == 0x8B) {
      return GZIP;
    }
    if (length >= 4
        && (first[0] & 0xFF) == 0x28
        && (first[1] & 0xFF) == 0xB5
        && (first[2] & 0xFF) == 0x2F
        && (first[3] & 0xFF) == 0xFD) {
      return ZSTD;
    }
    return NONE;
  }

  /** The name without the compression's ending. */
  public static String stripEnding(String name) {
    return ofName(name) == NONE ? name : name.substring(0, name.lastIndexOf('.'));
  }

  /**
   * Looks at the first bytes and decompresses what is compressed. Reading from the result throws
   * {@link DamagedFileException} where the data ends too early or is no such data.
   */
  public static InputStream decompress(InputStream in) throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(in, BUFFER);
    buffered.mark(MAGIC_LENGTH);
    byte[] first = buffered.readNBytes(MAGIC_LENGTH);
    buffered.reset();
    return switch (ofMagic(first, first.length)) {
      case NONE -> buffered;
      case GZIP -> new Decompressed(buffered, GZIP);
      case ZSTD -> new Decompressed(buffered, ZSTD);
    };
  }

  /** Compresses as this says. */
  public OutputStream compress(OutputStream out) throws IOException {
    return switch (this) {
      case NONE -> out;
      case GZIP -> new GZIPOutputStream(out, BUFFER);
      case ZSTD -> new ZstdOutputStream(out);
    };
  }

  /** Tells damage from other failures: the latter may pass when read again, the former not. */
  private static final class Decompressed extends InputStream {
    private final Source source;
    private final Compression compression;
    private @Nullable InputStream in;

    Decompressed(InputStream compressed, Compression compression) {
      this.source = new Source(compressed);
      this.compression = compression;
    }

    private InputStream open() throws IOException {
      return compression == GZIP
          ? new GZIPInputStream(source, BUFFER)
          : new ZstdInputStream(source);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      int read = read(one, 0, 1);
      return read < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        if (in == null) {
          in = open();
        }
        return in.read(bytes, offset, length);
      } catch (IOException e) {
        throw told(e);
      }
    }

    private IOException told(IOException e) {
      if (source.failed) {
        return e;
      }
      return e instanceof EOFException || source.ended
          ? new DamagedFileException(
              DecodeErrorCode.TRUNCATED_FILE,
              "the compressed file ends too early; the records before this place were used",
              e)
          : new DamagedFileException(
              DecodeErrorCode.CORRUPT_FILE,
              "the compressed file is damaged ("
                  + e.getMessage()
                  + "); the records before this place were used",
              e);
    }

    @Override
    public void close() throws IOException {
      if (in != null) {
        in.close();
      }
      source.close();
    }
  }

  /** Remembers whether it was the bytes' source that failed, and whether it ended. */
  private static final class Source extends FilterInputStream {
    private boolean failed;
    private boolean ended;

    Source(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      try {
        int read = super.read();
        ended |= read < 0;
        return read;
      } catch (IOException e) {
        failed = true;
        throw e;
      }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        int read = super.read(bytes, offset, length);
        ended |= read < 0;
        return read;
      } catch (IOException e) {
        failed = true;
        throw e;
      }
    }
  }
}
