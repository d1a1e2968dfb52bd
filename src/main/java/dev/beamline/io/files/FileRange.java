package dev.beamline.io.files;

import dev.beamline.io.format.Compression;
import dev.beamline.io.format.FileFormat;
import dev.beamline.io.format.JsonDecoder;
import dev.beamline.io.format.RecordReader;
import dev.beamline.io.format.RecordReaders;
import dev.beamline.io.format.RowShape;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a file that one worker reads: the records that begin at {@code start} or behind and
 * before {@code end}, so that ranges that touch give each record once, wherever they are cut.
 *
 * @param end {@link Long#MAX_VALUE} for the rest of the file
 */
record FileRange(InputFile file, long start, long end) implements Serializable {

  /** The whole file. */
  static FileRange whole(InputFile file) {
    return new FileRange(file, 0, Long.MAX_VALUE);
  }

  /** Cuts what can be cut: all but compressed files, and CSV whose records go over lines. */
  static List<FileRange> cut(InputFile file, FilesSource source, long bytes) throws IOException {
    if ((source.format() == FileFormat.CSV && source.csv().multiline())
        || !file.seekable()
        || file.size() <= bytes
        || file.compression() != Compression.NONE) {
      return List.of(whole(file));
    }
    List<FileRange> ranges = new ArrayList<>();
    for (long start = 0; start < file.size(); start += bytes) {
      long end = start + bytes >= file.size() ? Long.MAX_VALUE : start + bytes;
      ranges.add(new FileRange(file, start, end));
    }
    return ranges;
  }

  RecordReader open(FilesSource source, RowShape shape) throws IOException {
    boolean binary = source.format() == FileFormat.AVRO || source.format() == FileFormat.PARQUET;
    if (binary && file.seekable() && file.compression() == Compression.NONE) {
      ReadableByteChannel channel = file.channel();
      if (channel instanceof SeekableByteChannel seekable) {
        return RecordReaders.range(seekable, start, end, source.format(), shape);
      }
      channel.close();
    }
    if (start == 0 && end == Long.MAX_VALUE) {
      return RecordReaders.whole(file.open(), source.format(), source.csv(), shape);
    }
    // From one byte before: that may be the end of the line before.
    long from = Math.max(0, start - 1);
    if (source.format() == FileFormat.JSON) {
      return RecordReaders.lines(file.openAt(from), from, start, end, new JsonDecoder(shape));
    }
    RecordReaders.CsvHeader header;
    try (InputStream beginning = file.openAt(0)) {
      header = RecordReaders.csvHeader(beginning, source.csv(), shape);
    }
    return RecordReaders.csvLines(file.openAt(from), from, start, end, header, source.csv(), shape);
  }

  /** Lines before the range, null where counting them costs too much. */
  @Nullable Long linesBefore() throws IOException {
    Long newlines = file.newlinesBefore(start - 1);
    if (newlines == null) {
      return null;
    }
    // The line in whose midst the range begins counts too; its end may be that very byte.
    return newlines + 1;
  }
}
