package dev.beamline.io.format;

import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Type;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/**
 * Avro's schema for columns, in the forms that BigQuery loads with logical types: decimals in
 * bytes, times in microseconds, JSON and INTERVAL as text with a {@code sqlType}.
 */
final class AvroSchemas {

  private AvroSchemas() {}

  static Schema record(String name, List<Column> columns) {
    List<Schema.Field> fields = new ArrayList<>();
    for (Column column : columns) {
      String field = safeName(column.name());
      Schema type = of(name + "_" + field, column.type());
      boolean nullable = !(column.type() instanceof ArrayType);
      Schema schema = nullable ? Schema.createUnion(Schema.create(Schema.Type.NULL), type) : type;
      fields.add(
          new Schema.Field(
              field,
              schema,
              column.description(),
              nullable ? Schema.Field.NULL_DEFAULT_VALUE : null));
    }
    return Schema.createRecord(name, null, "beamline", false, fields);
  }

  private static Schema of(String path, Type type) {
    if (type instanceof ArrayType array) {
      return Schema.createArray(of(path, array.element()));
    }
    if (type instanceof StructType struct) {
      return record(path, named(struct));
    }
    return switch ((ScalarType) type) {
      case STRING -> Schema.create(Schema.Type.STRING);
      case BYTES -> Schema.create(Schema.Type.BYTES);
      case INT64 -> Schema.create(Schema.Type.LONG);
      case FLOAT64 -> Schema.create(Schema.Type.DOUBLE);
      case BOOL -> Schema.create(Schema.Type.BOOLEAN);
      case NUMERIC -> LogicalTypes.decimal(38, 9).addToSchema(Schema.create(Schema.Type.BYTES));
      case BIGNUMERIC -> LogicalTypes.decimal(77, 38).addToSchema(Schema.create(Schema.Type.BYTES));
      case TIMESTAMP -> LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG));
      case DATETIME ->
          LogicalTypes.localTimestampMicros().addToSchema(Schema.create(Schema.Type.LONG));
      case DATE -> LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT));
      case TIME -> LogicalTypes.timeMicros().addToSchema(Schema.create(Schema.Type.LONG));
      case INTERVAL, JSON -> {
        Schema text = Schema.create(Schema.Type.STRING);
        text.addProp("sqlType", type.sql());
        yield text;
      }
    };
  }

  /** Fields without a name get one by their place. */
  static List<Column> named(StructType struct) {
    List<Column> fields = new ArrayList<>();
    for (int i = 0; i < struct.fields().size(); i++) {
      Column field = struct.fields().get(i);
      fields.add(
          field.name().isEmpty()
              ? new Column("_field_" + (i + 1), field.type(), field.required(), null)
              : field);
    }
    return fields;
  }

  /** Letters, digits and underscores, which is all that names in Avro may have. */
  static String safeName(String name) {
    String safe = name.replaceAll("[^A-Za-z0-9_]", "_");
    return safe.isEmpty() || Character.isDigit(safe.charAt(0)) ? "_" + safe : safe;
  }
}
