package dev.beamline.io.format;

import dev.beamline.catalog.Schema;
import java.io.IOException;
import java.io.OutputStream;

/** Opens writers of each format. */
public final class RecordWriters {

  private RecordWriters() {}

  /** A writer of rows of that schema; compression is the stream's matter. */
  public static RecordWriter open(FileFormat format, Schema schema, OutputStream out)
      throws IOException {
    return switch (format) {
      case JSON -> new JsonWriter(schema, out);
      case CSV -> new CsvWriter(schema, out);
      case AVRO -> new AvroWriter(schema, out);
      case PARQUET -> new ParquetRowWriter(schema, out);
    };
  }
}
