package dev.beamline.io.format;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * CSV whose records may go over several lines. Where a quote is missing only the line that lacks it
 * is refused: reading goes on with the next line, so that one bad quote does not eat the file.
 */
final class CsvRecordReader extends BasicRecordReader {

  /** A record over more bytes than that lacks a quote. */
  private static final int MOST_BYTES_OVER_LINES = 8 << 20;

  private final InputStream in;
  private final LineReader lines;
  private final RowShape shape;
  private final CsvOptions options;
  private final Deque<byte[]> pushedBack = new ArrayDeque<>();
  private @Nullable CsvDecoder decoder;
  private long line;
  private long recordLine;

  private byte[] bytes = new byte[0];
  private int start;
  private int length;

  CsvRecordReader(InputStream in, RowShape shape, CsvOptions options) {
    this.in = in;
    this.lines = new LineReader(in, 0, LineRecordReader.MAX_RECORD_BYTES);
    this.shape = shape;
    this.options = options;
    this.decoder = options.header() ? null : CsvDecoder.ofDeclared(shape, options);
  }

  @Override
  public boolean next() throws IOException {
    forget();
    try {
      while (!ended && nextLine()) {
        if (LineRecordReader.isBlank(bytes, start, length)
            && (decoder == null || !decoder.takes(length))) {
          continue;
        }
        recordLine = line;
        if (decoder == null) {
          readHeader();
          if (bad != null) {
            return true;
          }
          continue;
        }
        number++;
        decode(decoder);
        return true;
      }
    } catch (DamagedFileException e) {
      ended = true;
      number++;
      recordLine = line + 1;
      byte[] partial = lines.partial();
      bad = BadRecord.of(e.asDecodeException(), partial, 0, partial.length, recordLine, number);
      return true;
    }
    return false;
  }

  private void readHeader() throws IOException {
    CsvFields fields = new CsvFields(options.delimiter());
    CsvFields.Outcome outcome = gather(fields);
    if (outcome == CsvFields.Outcome.WHOLE && Utf8.firstInvalid(bytes, start, length) < 0) {
      decoder = new CsvDecoder(shape, options, fields.texts());
    } else {
      // Without names nothing can be read.
      ended = true;
      number++;
      refuse(
          new DecodeException(
              DecodeErrorCode.INVALID_CSV, "the header is not CSV, so the file cannot be read"));
    }
  }

  private void decode(CsvDecoder by) throws IOException {
    if (lines.tooLong() && pushedBack.isEmpty()) {
      refuse(
          new DecodeException(
              DecodeErrorCode.RECORD_TOO_LARGE,
              "the record has more than " + length + " bytes; its first bytes are shown"));
      return;
    }
    CsvFields.Outcome outcome = gather(by.fields());
    try {
      if (outcome == CsvFields.Outcome.WHOLE) {
        row = by.decodeCut(bytes, start, length);
      } else {
        // Cut again, the one line that is left gives the reason.
        row = by.decode(bytes, start, length);
      }
    } catch (DecodeException e) {
      refuse(e);
    }
  }

  private void refuse(DecodeException e) {
    int shown = length > 0 && bytes[start + length - 1] == '\r' ? length - 1 : length;
    bad = BadRecord.of(e, bytes, start, Math.min(shown, 1 << 20), recordLine, number);
  }

  /** Adds lines to the current one while a quote is open. What does not fit is put back. */
  private CsvFields.Outcome gather(CsvFields fields) throws IOException {
    CsvFields.Outcome outcome = fields.cut(bytes, start, length);
    if (outcome != CsvFields.Outcome.OPEN) {
      return outcome;
    }
    byte[] first = Arrays.copyOfRange(bytes, start, start + length);
    byte[] joined = Arrays.copyOf(first, first.length * 2 + 256);
    int size = first.length;
    List<byte[]> added = new ArrayList<>();
    while (outcome == CsvFields.Outcome.OPEN && size < MOST_BYTES_OVER_LINES && nextLine()) {
      added.add(Arrays.copyOfRange(bytes, start, start + length));
      if (size + 1 + length > joined.length) {
        joined = Arrays.copyOf(joined, (size + 1 + length) * 2);
      }
      joined[size] = '\n';
      System.arraycopy(bytes, start, joined, size + 1, length);
      size += 1 + length;
      // Without a quote in it a line cannot end the field.
      if (hasQuote(bytes, start, length)) {
        outcome = fields.cut(joined, 0, size);
      }
    }
    if (outcome == CsvFields.Outcome.WHOLE) {
      bytes = joined;
      start = 0;
      length = size;
      return outcome;
    }
    for (int i = added.size() - 1; i >= 0; i--) {
      pushedBack.addFirst(added.get(i));
    }
    line -= added.size();
    bytes = first;
    start = 0;
    length = first.length;
    return outcome;
  }

  private static boolean hasQuote(byte[] bytes, int start, int length) {
    for (int i = start; i < start + length; i++) {
      if (bytes[i] == '"') {
        return true;
      }
    }
    return false;
  }

  private boolean nextLine() throws IOException {
    byte[] back = pushedBack.pollFirst();
    if (back != null) {
      bytes = back;
      start = 0;
      length = back.length;
    } else if (lines.next()) {
      bytes = lines.buffer();
      start = lines.start();
      length = lines.length();
      if (lines.position() == 0 && LineRecordReader.startsWithByteOrderMark(bytes, start, length)) {
        start += 3;
        length -= 3;
      }
    } else {
      return false;
    }
    line++;
    return true;
  }

  @Override
  public long line() {
    return recordLine;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
