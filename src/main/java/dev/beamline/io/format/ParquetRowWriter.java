package dev.beamline.io.format;

import com.google.protobuf.ByteString;
import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.jspecify.annotations.Nullable;

/** Parquet files in pages compressed by Snappy. */
final class ParquetRowWriter implements RecordWriter {

  private final ParquetWriter<Tuple> writer;

  ParquetRowWriter(Schema schema, OutputStream out) throws IOException {
    this.writer =
        new Builder(new StreamFile(out), schema.columns())
            .withConf(new PlainParquetConfiguration())
            .withCodecFactory(new ParquetCodecs())
            .withCompressionCodec(CompressionCodecName.SNAPPY)
            .withRowGroupSize(32L << 20)
            .build();
  }

  @Override
  public void write(Tuple row) throws IOException {
    writer.write(row);
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }

  private static final class Builder extends ParquetWriter.Builder<Tuple, Builder> {
    private final List<Column> columns;

    Builder(OutputFile file, List<Column> columns) {
      super(file);
      this.columns = columns;
    }

    @Override
    protected Builder self() {
      return this;
    }

    @SuppressWarnings("deprecation") // Abstract, so it has to be there.
    @Override
    protected WriteSupport<Tuple> getWriteSupport(Configuration configuration) {
      return new Support(columns);
    }

    @Override
    protected WriteSupport<Tuple> getWriteSupport(ParquetConfiguration configuration) {
      return new Support(columns);
    }
  }

  private static final class Support extends WriteSupport<Tuple> {
    private final List<Column> columns;
    private @Nullable RecordConsumer prepared;

    Support(List<Column> columns) {
      this.columns = columns;
    }

    @SuppressWarnings("deprecation") // Abstract, so it has to be there.
    @Override
    public WriteContext init(Configuration configuration) {
      return new WriteContext(ParquetSchemas.message(columns), Map.of());
    }

    @Override
    public WriteContext init(ParquetConfiguration configuration) {
      return new WriteContext(ParquetSchemas.message(columns), Map.of());
    }

    @Override
    public void prepareForWrite(RecordConsumer recordConsumer) {
      prepared = recordConsumer;
    }

    @Override
    public void write(Tuple row) {
      RecordConsumer consumer = Objects.requireNonNull(prepared, "prepared");
      consumer.startMessage();
      fields(consumer, columns, row);
      consumer.endMessage();
    }

    private static void fields(RecordConsumer consumer, List<Column> fields, Tuple row) {
      for (int i = 0; i < fields.size(); i++) {
        Column field = fields.get(i);
        Object value = row.get(i);
        if (value == null && field.type() instanceof ArrayType) {
          value = List.of();
        }
        if (value != null) {
          consumer.startField(field.name(), i);
          value(consumer, field.type(), value);
          consumer.endField(field.name(), i);
        }
      }
    }

    private static void value(RecordConsumer consumer, Type type, Object value) {
      if (type instanceof ArrayType array) {
        consumer.startGroup();
        List<?> elements = (List<?>) value;
        if (!elements.isEmpty()) {
          consumer.startField("list", 0);
          for (Object element : elements) {
            consumer.startGroup();
            consumer.startField("element", 0);
            value(consumer, array.element(), element);
            consumer.endField("element", 0);
            consumer.endGroup();
          }
          consumer.endField("list", 0);
        }
        consumer.endGroup();
      } else if (type instanceof StructType struct) {
        consumer.startGroup();
        fields(consumer, AvroSchemas.named(struct), (Tuple) value);
        consumer.endGroup();
      } else {
        scalar(consumer, (ScalarType) type, value);
      }
    }

    private static void scalar(RecordConsumer consumer, ScalarType type, Object value) {
      switch (type) {
        case STRING, JSON, INTERVAL ->
            consumer.addBinary(Binary.fromString(ValueText.text(type, value)));
        case BYTES ->
            consumer.addBinary(Binary.fromConstantByteArray(((ByteString) value).toByteArray()));
        case INT64, TIMESTAMP, DATETIME, TIME -> consumer.addLong((Long) value);
        case DATE -> consumer.addInteger(Math.toIntExact((Long) value));
        case FLOAT64 -> consumer.addDouble((Double) value);
        case BOOL -> consumer.addBoolean((Boolean) value);
        case NUMERIC ->
            consumer.addBinary(
                Binary.fromConstantByteArray(
                    fixed(unscaled((BigDecimal) value, 9), ParquetSchemas.NUMERIC_BYTES)));
        case BIGNUMERIC ->
            consumer.addBinary(Binary.fromConstantByteArray(unscaled((BigDecimal) value, 38)));
      }
    }

    private static byte[] unscaled(BigDecimal value, int scale) {
      return value.setScale(scale).unscaledValue().toByteArray();
    }

    /** Two's complement in so many bytes, the sign extended. */
    private static byte[] fixed(byte[] bytes, int length) {
      byte[] fixed = new byte[length];
      Arrays.fill(fixed, 0, length - bytes.length, (byte) (bytes[0] < 0 ? -1 : 0));
      System.arraycopy(bytes, 0, fixed, length - bytes.length, bytes.length);
      return fixed;
    }
  }

  private record StreamFile(OutputStream out) implements OutputFile {
    @Override
    public PositionOutputStream create(long blockSizeHint) {
      return new Counted(out);
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) {
      return create(blockSizeHint);
    }

    @Override
    public boolean supportsBlockSize() {
      return false;
    }

    @Override
    public long defaultBlockSize() {
      return 0;
    }
  }

  private static final class Counted extends PositionOutputStream {
    private final OutputStream out;
    private long position;

    Counted(OutputStream out) {
      this.out = out;
    }

    @Override
    public long getPos() {
      return position;
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
      position++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      position += length;
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }

    @Override
    public void close() throws IOException {
      // The stream belongs to whoever opened it.
      out.flush();
    }
  }
}
