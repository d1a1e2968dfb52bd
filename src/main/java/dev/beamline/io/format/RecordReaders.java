package dev.beamline.io.format;

import dev.beamline.transform.shard.ScratchFolder;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** Opens readers over streams of bytes that are no longer compressed. */
public final class RecordReaders {

  private RecordReaders() {}

  /**
   * All records of the stream, which the reader closes. An Avro or Parquet file is copied to a
   * temporary file first: {@link #range} reads it where it is.
   */
  public static RecordReader whole(
      InputStream in, FileFormat format, CsvOptions csv, RowShape shape) throws IOException {
    return switch (format) {
      case JSON -> new LineRecordReader(in, 0, Long.MAX_VALUE, new JsonDecoder(shape));
      case CSV -> new CsvRecordReader(in, shape, csv);
      case AVRO, PARQUET -> copied(in, format, shape);
    };
  }

  private static RecordReader copied(InputStream in, FileFormat format, RowShape shape)
      throws IOException {
    Path copy = Files.createTempFile(ScratchFolder.get(), "copy", ".records");
    boolean opened = false;
    try (in) {
      Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
      RecordReader reader =
          range(
              Files.newByteChannel(copy),
              () -> Files.deleteIfExists(copy),
              0,
              Long.MAX_VALUE,
              format,
              shape);
      opened = true;
      return reader;
    } finally {
      if (!opened) {
        Files.deleteIfExists(copy);
      }
    }
  }

  /**
   * A range of an Avro or Parquet file that is not compressed as a whole. Ranges that touch give
   * each record once.
   *
   * @param channel closed by the reader
   */
  public static RecordReader range(
      SeekableByteChannel channel, long start, long end, FileFormat format, RowShape shape)
      throws IOException {
    return range(channel, () -> {}, start, end, format, shape);
  }

  private static RecordReader range(
      SeekableByteChannel channel,
      Closeable alsoClose,
      long start,
      long end,
      FileFormat format,
      RowShape shape)
      throws IOException {
    if (channel.size() == 0) {
      channel.close();
      return new NoRecords(alsoClose);
    }
    return switch (format) {
      case AVRO -> new AvroRecordReader(channel, alsoClose, start, end, shape);
      case PARQUET -> new ParquetRecordReader(channel, alsoClose, start, end, shape);
      case JSON, CSV -> throw new IllegalArgumentException(format + " is read by lines");
    };
  }

  /**
   * The records of a line each that begin in a range of a JSON file, or of a CSV file whose fields
   * hold no line breaks.
   *
   * @param in stands at {@code position}
   * @param position of the stream's first byte: the range's start, or the byte before it
   * @param start where it lies behind {@code position}, the line that has begun there is skipped
   * @param end records that begin here or behind are left to others
   */
  public static RecordReader lines(
      InputStream in, long position, long start, long end, RecordDecoder decoder)
      throws IOException {
    return lines(in, position, start, end, 0, decoder);
  }

  /**
   * The same of a CSV file with a header.
   *
   * @param header as {@link #csvHeader} found it at the file's beginning
   */
  public static RecordReader csvLines(
      InputStream in,
      long position,
      long start,
      long end,
      CsvHeader header,
      CsvOptions csv,
      RowShape shape)
      throws IOException {
    return lines(
        in, position, start, end, header.end(), new CsvDecoder(shape, csv, header.names()));
  }

  private static RecordReader lines(
      InputStream in, long position, long start, long end, long firstRecord, RecordDecoder decoder)
      throws IOException {
    LineRecordReader reader = new LineRecordReader(in, position, end, firstRecord, decoder);
    if (start > position) {
      reader.skipLine();
    }
    return reader;
  }

  /**
   * The names of a CSV file's fields.
   *
   * @param end position behind the header's line; 0 where there is none
   */
  public record CsvHeader(List<String> names, long end) {
    public CsvHeader {
      names = List.copyOf(names);
    }
  }

  /**
   * The header of a CSV file: its first line that is not blank, or else the declared columns.
   *
   * @param beginning stands at the file's first byte
   */
  public static CsvHeader csvHeader(InputStream beginning, CsvOptions csv, RowShape shape)
      throws IOException {
    if (!csv.header()) {
      return new CsvHeader(shape.declared().names(), 0);
    }
    LineReader lines = new LineReader(beginning, 0, LineRecordReader.MAX_RECORD_BYTES);
    while (lines.next()) {
      int start = lines.start();
      int length = lines.length();
      if (lines.position() == 0
          && LineRecordReader.startsWithByteOrderMark(lines.buffer(), start, length)) {
        start += 3;
        length -= 3;
      }
      if (!LineRecordReader.isBlank(lines.buffer(), start, length)) {
        CsvFields fields = new CsvFields(csv.delimiter());
        fields.cut(lines.buffer(), start, length);
        return new CsvHeader(fields.texts(), lines.nextPosition());
      }
    }
    return new CsvHeader(List.of(), lines.nextPosition());
  }
}
