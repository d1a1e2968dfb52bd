package dev.beamline.io.bigquery.server;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** Rows in Avro, as Storage Read sends them. */
final class AvroRows {

  private AvroRows() {}

  static Schema schema(List<Field> fields) {
    return record("__root__", fields);
  }

  private static Schema record(String name, List<Field> fields) {
    List<Schema.Field> avro = new ArrayList<>();
    for (Field field : fields) {
      Schema type = type(name + "_" + field.name(), field);
      Schema whole =
          field.repeated()
              ? Schema.createArray(type)
              : field.required() ? type : Schema.createUnion(Schema.create(Schema.Type.NULL), type);
      avro.add(new Schema.Field(field.name(), whole, null, null));
    }
    return Schema.createRecord(name, null, null, false, avro);
  }

  private static Schema type(String path, Field field) {
    return switch (field.type()) {
      case "STRUCT" -> record(path, field.fields());
      case "INT64" -> Schema.create(Schema.Type.LONG);
      case "FLOAT64" -> Schema.create(Schema.Type.DOUBLE);
      case "BOOL" -> Schema.create(Schema.Type.BOOLEAN);
      case "BYTES" -> Schema.create(Schema.Type.BYTES);
      case "NUMERIC" -> LogicalTypes.decimal(38, 9).addToSchema(Schema.create(Schema.Type.BYTES));
      case "BIGNUMERIC" ->
          LogicalTypes.decimal(77, 38).addToSchema(Schema.create(Schema.Type.BYTES));
      case "TIMESTAMP" ->
          LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG));
      case "DATE" -> LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT));
      case "TIME" -> LogicalTypes.timeMicros().addToSchema(Schema.create(Schema.Type.LONG));
      case "DATETIME" -> text("logicalType", "datetime");
      case "JSON", "GEOGRAPHY" -> text("sqlType", field.type());
      default -> Schema.create(Schema.Type.STRING);
    };
  }

  private static Schema text(String property, String value) {
    Schema text = Schema.create(Schema.Type.STRING);
    text.addProp(property, value);
    return text;
  }

  static ByteString encode(List<Field> fields, List<Map<String, Object>> rows) {
    Schema schema = schema(fields);
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
      GenericDatumWriter<GenericRecord> writer = new GenericDatumWriter<>(schema);
      for (Map<String, Object> row : rows) {
        writer.write(of(schema, fields, row), encoder);
      }
      encoder.flush();
      return ByteString.copyFrom(out.toByteArray());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static GenericRecord of(Schema schema, List<Field> fields, Map<String, Object> row) {
    GenericRecord record = new GenericData.Record(schema);
    for (Field field : fields) {
      Schema type = schema.getField(field.name()).schema();
      Object value = row.get(field.name());
      if (field.repeated()) {
        List<Object> elements = new ArrayList<>();
        if (value != null) {
          ((List<?>) value).forEach(e -> elements.add(of(type.getElementType(), field, e)));
        }
        record.put(field.name(), elements);
      } else {
        record.put(
            field.name(),
            value == null
                ? null
                : of(field.required() ? type : type.getTypes().get(1), field, value));
      }
    }
    return record;
  }

  @SuppressWarnings("unchecked")
  private static Object of(Schema schema, Field field, Object value) {
    return switch (field.type()) {
      case "STRUCT" -> of(schema, field.fields(), (Map<String, Object>) value);
      case "NUMERIC" -> unscaled((BigDecimal) value, 9);
      case "BIGNUMERIC" -> unscaled((BigDecimal) value, 38);
      case "BYTES" -> ((ByteString) value).asReadOnlyByteBuffer();
      case "DATE" -> (int) LocalDate.parse((String) value).toEpochDay();
      case "TIME" -> LocalTime.parse((String) value).toNanoOfDay() / 1000;
      default -> value;
    };
  }

  private static ByteBuffer unscaled(BigDecimal value, int scale) {
    return ByteBuffer.wrap(value.setScale(scale).unscaledValue().toByteArray());
  }
}
