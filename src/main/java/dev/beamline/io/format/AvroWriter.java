package dev.beamline.io.format;

import com.google.protobuf.ByteString;
import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

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
    writer.append(record(schema, columns, row));
  }

  private static GenericRecord record(
      org.apache.avro.Schema schema, List<Column> columns, Tuple row) {
    GenericRecord record = new GenericData.Record(schema);
    for (int i = 0; i < columns.size(); i++) {
      Type type = columns.get(i).type();
      record.put(i, value(notNull(schema.getFields().get(i).schema()), type, row.get(i)));
    }
    return record;
  }

  private static org.apache.avro.Schema notNull(org.apache.avro.Schema schema) {
    return schema.isUnion() ? schema.getTypes().get(1) : schema;
  }

  private static @Nullable Object value(
      org.apache.avro.Schema schema, Type type, @Nullable Object value) {
    if (type instanceof ArrayType array) {
      List<@Nullable Object> elements = new ArrayList<>();
      if (value != null) {
        for (Object element : (List<?>) value) {
          elements.add(value(schema.getElementType(), array.element(), element));
        }
      }
      return elements;
    }
    if (value == null) {
      return null;
    }
    if (type instanceof StructType struct) {
      return record(schema, AvroSchemas.named(struct), (Tuple) value);
    }
    return switch ((ScalarType) type) {
      case STRING, INT64, FLOAT64, BOOL, TIMESTAMP, DATETIME, TIME -> value;
      case BYTES -> ByteBuffer.wrap(((ByteString) value).toByteArray());
      case NUMERIC -> unscaled((BigDecimal) value, 9);
      case BIGNUMERIC -> unscaled((BigDecimal) value, 38);
      case DATE -> Math.toIntExact((Long) value);
      case JSON, INTERVAL -> ValueText.text(type, value);
    };
  }

  private static ByteBuffer unscaled(BigDecimal value, int scale) {
    return ByteBuffer.wrap(value.setScale(scale).unscaledValue().toByteArray());
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
