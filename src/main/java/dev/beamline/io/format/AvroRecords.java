package dev.beamline.io.format;

import com.google.api.services.bigquery.model.TableSchema;
import com.google.protobuf.ByteString;
import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.jspecify.annotations.Nullable;

/** Rows as Avro's records, in the forms that BigQuery loads with logical types. */
public final class AvroRecords {

  private AvroRecords() {}

  /** Avro's schema of the columns. */
  public static org.apache.avro.Schema schema(Schema schema) {
    return AvroSchemas.record("Row", schema.columns());
  }

  /** Gives the schema of columns wherever Beam asks for that of a table. */
  public static final class SchemaOf
      implements SerializableFunction<@Nullable TableSchema, org.apache.avro.Schema> {
    private static final long serialVersionUID = 1L;

    private final Schema columns;

    public SchemaOf(Schema columns) {
      this.columns = columns;
    }

    @Override
    public org.apache.avro.Schema apply(@Nullable TableSchema table) {
      return schema(columns);
    }
  }

  /** Reads records of one writer's schema. One thread uses it. */
  public static final class Reader {
    private final org.apache.avro.Schema written;
    private final AvroValues.Fields fields;

    /**
     * A reader.
     *
     * @param read the columns of the tuples, in order
     */
    public Reader(org.apache.avro.Schema written, Schema read) {
      this.written = written;
      this.fields = new AvroValues.Fields(written, read.columns(), List.of());
    }

    /** Whether records of that very schema can be read. */
    public boolean reads(org.apache.avro.Schema schema) {
      return written.equals(schema);
    }

    /**
     * The columns that are read.
     *
     * @throws DecodeException where the record does not keep its contract
     */
    public Tuple read(GenericRecord record) throws DecodeException {
      return fields.read(record);
    }
  }

  /** The columns of a row; what it has behind them is left out. */
  public static GenericRecord record(org.apache.avro.Schema schema, Schema columns, Tuple row) {
    return record(schema, columns.columns(), row);
  }

  static GenericRecord record(org.apache.avro.Schema schema, List<Column> columns, Tuple row) {
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
}
