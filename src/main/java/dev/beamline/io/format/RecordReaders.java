package dev.beamline.io.format;

import java.io.IOException;
import java.io.InputStream;

/** Opens readers over streams of bytes that are no longer compressed. */
public final class RecordReaders {

  private RecordReaders() {}

  /** All records of the stream, which the reader closes. */
  public static RecordReader whole(
      InputStream in, FileFormat format, CsvOptions csv, RowShape shape) throws IOException {
    return switch (format) {
      case JSON -> new LineRecordReader(in, 0, Long.MAX_VALUE, new JsonDecoder(shape));
      case CSV, AVRO, PARQUET -> throw new IOException("not yet: " + format);
    };
  }

  /**
   * The records of a line each that begin in a range.
   *
   * @param position of the stream's first byte: the range's start, or the byte before it
   * @param start where it lies behind {@code position}, the line that has begun there is skipped
   * @param end records that begin here or behind are left to others
   */
  public static RecordReader lines(
      InputStream in, long position, long start, long end, FileFormat format, RowShape shape)
      throws IOException {
    LineRecordReader reader = new LineRecordReader(in, position, end, new JsonDecoder(shape));
    if (start > position) {
      reader.skipLine();
    }
    return reader;
  }
}
