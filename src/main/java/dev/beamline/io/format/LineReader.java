package dev.beamline.io.format;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Cuts a stream into lines without copying them: the line is a slice of {@link #buffer()}, valid
 * until the next call. A line ends with LF, which is no part of it, or with the stream.
 */
final class LineReader {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long LOW_BITS = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final long NEWLINES = 0x0A0A0A0A0A0A0A0AL;

  private static final int INITIAL_BUFFER = 256 * 1024;

  private final InputStream in;
  private final int maxLine;
  private byte[] buffer = new byte[INITIAL_BUFFER];
  private int limit;
  private int next;
  private boolean ended;

  private int start;
  private int length;
  private boolean tooLong;
  private long consumed;
  private long position;

  /**
   * @param position of the stream's first byte, to be counted on
   * @param maxLine bytes; of a longer line only so many are kept
   */
  LineReader(InputStream in, long position, int maxLine) {
    this.in = in;
    this.maxLine = maxLine;
    this.consumed = position;
  }

  byte[] buffer() {
    return buffer;
  }

  int start() {
    return start;
  }

  int length() {
    return length;
  }

  /** Whether the line was cut at the limit. */
  boolean tooLong() {
    return tooLong;
  }

  /** What was read of the current line before reading failed. */
  byte[] partial() {
    return Arrays.copyOfRange(buffer, start, Math.min(limit, start + maxLine));
  }

  /** Position of the line's first byte. */
  long position() {
    return position;
  }

  /** Position of the byte that the next line begins with. */
  long nextPosition() {
    return consumed;
  }

  /**
   * Moves to the next line.
   *
   * @return false at the end
   */
  boolean next() throws IOException {
    tooLong = false;
    position = consumed;
    start = next;
    int scanned = next;
    while (true) {
      int newline = indexOfNewline(scanned);
      if (newline >= 0) {
        length = newline - start;
        next = newline + 1;
        consumed += length + 1L;
        return true;
      }
      scanned = limit;
      if (limit - start > maxLine) {
        return skipRest();
      }
      int kept = limit - start;
      if (!fill()) {
        length = kept;
        next = limit;
        consumed += kept;
        return kept > 0;
      }
      scanned = start + kept;
    }
  }

  /** Keeps the first bytes of a line that is too long, and goes past its end. */
  private boolean skipRest() throws IOException {
    tooLong = true;
    byte[] kept = Arrays.copyOfRange(buffer, start, start + maxLine);
    consumed += limit - start;
    start = limit;
    next = limit;
    while (true) {
      limit = 0;
      start = 0;
      next = 0;
      if (!fill()) {
        break;
      }
      int newline = indexOfNewline(0);
      if (newline >= 0) {
        consumed += newline + 1L;
        next = newline + 1;
        break;
      }
      consumed += limit;
    }
    // What follows the newline stays in the buffer, behind the line's kept part.
    byte[] joined = new byte[Math.max(maxLine + (limit - next), INITIAL_BUFFER)];
    System.arraycopy(kept, 0, joined, 0, maxLine);
    System.arraycopy(buffer, next, joined, maxLine, limit - next);
    limit = maxLine + (limit - next);
    buffer = joined;
    start = 0;
    length = maxLine;
    next = maxLine;
    return true;
  }

  /** Reads more behind {@link #limit}, moving the current line to the front where room is short. */
  private boolean fill() throws IOException {
    if (ended) {
      return false;
    }
    if (limit == buffer.length) {
      if (start > 0) {
        System.arraycopy(buffer, start, buffer, 0, limit - start);
        limit -= start;
        start = 0;
      } else {
        buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, INITIAL_BUFFER));
      }
    }
    int read = in.read(buffer, limit, buffer.length - limit);
    if (read <= 0) {
      ended = true;
      return false;
    }
    limit += read;
    return true;
  }

  private int indexOfNewline(int from) {
    int i = from;
    for (; i + 8 <= limit; i += 8) {
      long different = (long) LONGS.get(buffer, i) ^ NEWLINES;
      long zeros = (different - LOW_BITS) & ~different & HIGH_BITS;
      if (zeros != 0) {
        return i + (Long.numberOfTrailingZeros(zeros) >>> 3);
      }
    }
    for (; i < limit; i++) {
      if (buffer[i] == '\n') {
        return i;
      }
    }
    return -1;
  }
}
