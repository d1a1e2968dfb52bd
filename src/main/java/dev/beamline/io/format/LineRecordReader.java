package dev.beamline.io.format;

import java.io.IOException;
import java.io.InputStream;

/**
 * Records of a line each. Blank lines are no records; a byte order mark is no part of the first.
 */
public final class LineRecordReader extends BasicRecordReader {

  /** BigQuery takes JSON rows up to 100 MB; what is larger is not kept in memory. */
  public static final int MAX_RECORD_BYTES = 100 * 1024 * 1024;

  /** Of a record that is too large the error record shows so much. */
  private static final int SHOWN_OF_TOO_LARGE = 1024 * 1024;

  private final InputStream in;
  private final LineReader lines;
  private final RecordDecoder decoder;
  private final long end;
  private final long firstRecord;
  private long line;

  /**
   * @param position of the stream's first byte in the file
   * @param end records that begin at this position or behind it belong to somebody else
   */
  public LineRecordReader(InputStream in, long position, long end, RecordDecoder decoder) {
    this(in, position, end, 0, decoder);
  }

  /**
   * @param firstRecord lines that begin before this position are no records: a header
   */
  LineRecordReader(
      InputStream in, long position, long end, long firstRecord, RecordDecoder decoder) {
    this(in, position, end, firstRecord, decoder, MAX_RECORD_BYTES);
  }

  LineRecordReader(
      InputStream in,
      long position,
      long end,
      long firstRecord,
      RecordDecoder decoder,
      int maxRecordBytes) {
    this.in = in;
    this.lines = new LineReader(in, position, maxRecordBytes);
    this.decoder = decoder;
    this.end = end;
    this.firstRecord = firstRecord;
  }

  /** Goes past a line that is somebody else's. It does not count. */
  void skipLine() throws IOException {
    lines.next();
  }

  @Override
  public boolean next() throws IOException {
    forget();
    while (!ended && lines.nextPosition() < end) {
      boolean more;
      try {
        more = lines.next();
      } catch (DamagedFileException e) {
        ended = true;
        line++;
        number++;
        bad = damaged(e);
        return true;
      }
      if (!more) {
        break;
      }
      line++;
      int start = lines.start();
      int length = lines.length();
      if (lines.position() == 0 && startsWithByteOrderMark(lines.buffer(), start, length)) {
        start += 3;
        length -= 3;
      }
      if (lines.position() < firstRecord || isNoRecord(start, length)) {
        continue;
      }
      number++;
      decode(start, length);
      return true;
    }
    ended = true;
    return false;
  }

  private boolean isNoRecord(int start, int length) {
    return isBlank(lines.buffer(), start, length)
        && !(decoder instanceof CsvDecoder csv && csv.takes(length));
  }

  private void decode(int start, int length) {
    byte[] buffer = lines.buffer();
    if (lines.tooLong()) {
      DecodeException e =
          new DecodeException(
              DecodeErrorCode.RECORD_TOO_LARGE,
              "the record has more than " + length + " bytes; its first bytes are shown");
      bad = BadRecord.of(e, buffer, start, Math.min(length, SHOWN_OF_TOO_LARGE), line, number);
      return;
    }
    try {
      row = decoder.decode(buffer, start, length);
    } catch (DecodeException e) {
      int shown = length > 0 && buffer[start + length - 1] == '\r' ? length - 1 : length;
      bad = BadRecord.of(e, buffer, start, shown, line, number);
    }
  }

  private BadRecord damaged(DamagedFileException e) {
    byte[] partial = lines.partial();
    return BadRecord.of(e.asDecodeException(), partial, 0, partial.length, line, number);
  }

  static boolean startsWithByteOrderMark(byte[] bytes, int start, int length) {
    return length >= 3
        && bytes[start] == (byte) 0xEF
        && bytes[start + 1] == (byte) 0xBB
        && bytes[start + 2] == (byte) 0xBF;
  }

  static boolean isBlank(byte[] bytes, int start, int length) {
    for (int i = start; i < start + length; i++) {
      if (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\r') {
        return false;
      }
    }
    return true;
  }

  @Override
  public long line() {
    return line;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
