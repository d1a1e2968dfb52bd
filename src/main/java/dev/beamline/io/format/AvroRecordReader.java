package dev.beamline.io.format;

import dev.beamline.catalog.Column;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * Avro's object container files. Only the fields that are read are decoded; the rest is skipped by
 * Avro's own schema resolution. A file that is cut into ranges is cut at its sync marks.
 */
final class AvroRecordReader extends BinaryRecordReader {

  private final long start;
  private final long end;
  private @Nullable DataFileReader<GenericRecord> file;
  private AvroValues.@Nullable Fields fields;
  private @Nullable GenericRecord reused;

  /**
   * The blocks whose sync mark lies in the range.
   *
   * @param alsoClose what to close at the end besides the channel
   */
  AvroRecordReader(
      SeekableByteChannel channel, Closeable alsoClose, long start, long end, RowShape shape) {
    super(channel, alsoClose, shape);
    this.start = start;
    this.end = end;
  }

  @Override
  public boolean next() throws IOException {
    forget();
    if (ended) {
      return false;
    }
    try {
      if (file == null) {
        file = open();
      }
      // Avro adds to the end that it is asked for: it must not overflow.
      if (file.pastSync(Math.min(end, channel.size()))) {
        ended = true;
        return false;
      }
      if (!file.hasNext()) {
        if (file.previousSync() >= channel.size()) {
          ended = true;
          return false;
        }
        // Avro takes a block that is cut for the end.
        endsBad(
            DecodeErrorCode.TRUNCATED_FILE,
            "the file ends too early; the records before this place were used");
        return true;
      }
      number++;
      reused = file.next(reused);
    } catch (AvroRuntimeException | IOException e) {
      if (e instanceof IOException fault && !(e instanceof DamagedFileException) && !isAvros(e)) {
        throw fault;
      }
      endsCorrupt(e);
      return true;
    }
    decode();
    return true;
  }

  private void decode() {
    if (fields == null || reused == null) {
      throw new IllegalStateException("not opened");
    }
    try {
      row = fields.read(reused);
    } catch (DecodeException e) {
      refuse(e, GenericData.get().toString(reused));
    }
  }

  /** Avro throws plain IOExceptions for what is wrong in a file's bytes. */
  private static boolean isAvros(Exception e) {
    StackTraceElement[] trace = e.getStackTrace();
    return trace.length > 0 && trace[0].getClassName().startsWith("org.apache.avro.");
  }

  private DataFileReader<GenericRecord> open() throws IOException {
    GenericDatumReader<GenericRecord> datums = new GenericDatumReader<>();
    DataFileReader<GenericRecord> opened = new DataFileReader<>(new AvroChannel(channel), datums);
    Schema written = opened.getSchema();
    if (written.getType() != Schema.Type.RECORD) {
      throw new AvroRuntimeException("its schema is not a record");
    }
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < shape.read().size(); i++) {
      Column column = shape.read().column(i);
      columns.add(
          new Column(column.name(), column.type(), shape.required(i), column.description()));
    }
    datums.setExpected(AvroProjection.of(written, columns, shape.requiredOnly()));
    fields = new AvroValues.Fields(written, columns, shape.requiredOnly());
    opened.sync(start);
    return opened;
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
    super.close();
  }
}
