package dev.beamline.io.format;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;

/** Avro's object container files, in blocks compressed by Snappy. */
final class AvroWriter implements RecordWriter {

  private final List<Column> columns;
  private final org.apache.avro.Schema schema;
  private final DataFileWriter<GenericRecord> writer;

  AvroWriter(Schema schema, OutputStream out) throws IOException {
    this.columns = schema.columns();
    this.schema = AvroSchemas.record("Row", columns);
    this.writer = new DataFileWriter<>(new GenericDatumWriter<>(this.schema));
    writer.setCodec(CodecFactory.snappyCodec());
    writer.create(this.schema, new Unclosed(out));
  }

  @Override
  public void write(Tuple row) throws IOException {
    writer.append(AvroRecords.record(schema, columns, row));
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }

  private static final class Unclosed extends FilterOutputStream {
    Unclosed(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }
}
