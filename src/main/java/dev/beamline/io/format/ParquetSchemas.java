package dev.beamline.io.format;

import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Type;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;

/** Parquet's schema for columns, in the forms that BigQuery loads. */
final class ParquetSchemas {

  /** Bytes that hold any NUMERIC. */
  static final int NUMERIC_BYTES = 16;

  private ParquetSchemas() {}

  static MessageType message(List<Column> columns) {
    return new MessageType("Row", fields(columns));
  }

  private static List<org.apache.parquet.schema.Type> fields(List<Column> columns) {
    List<org.apache.parquet.schema.Type> fields = new ArrayList<>();
    for (Column column : columns) {
      boolean array = column.type() instanceof ArrayType;
      fields.add(
          field(column.name(), column.type(), array ? Repetition.REQUIRED : Repetition.OPTIONAL));
    }
    return fields;
  }

  private static org.apache.parquet.schema.Type field(
      String name, Type type, Repetition repetition) {
    if (type instanceof ArrayType array) {
      GroupType list =
          new GroupType(
              Repetition.REPEATED, "list", field("element", array.element(), Repetition.REQUIRED));
      return Types.buildGroup(repetition)
          .as(LogicalTypeAnnotation.listType())
          .addField(list)
          .named(name);
    }
    if (type instanceof StructType struct) {
      return new GroupType(repetition, name, fields(AvroSchemas.named(struct)));
    }
    return switch ((ScalarType) type) {
      case STRING, INTERVAL ->
          Types.primitive(PrimitiveTypeName.BINARY, repetition)
              .as(LogicalTypeAnnotation.stringType())
              .named(name);
      case JSON ->
          Types.primitive(PrimitiveTypeName.BINARY, repetition)
              .as(LogicalTypeAnnotation.jsonType())
              .named(name);
      case BYTES -> Types.primitive(PrimitiveTypeName.BINARY, repetition).named(name);
      case INT64 -> Types.primitive(PrimitiveTypeName.INT64, repetition).named(name);
      case FLOAT64 -> Types.primitive(PrimitiveTypeName.DOUBLE, repetition).named(name);
      case BOOL -> Types.primitive(PrimitiveTypeName.BOOLEAN, repetition).named(name);
      case NUMERIC ->
          Types.primitive(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY, repetition)
              .length(NUMERIC_BYTES)
              .as(LogicalTypeAnnotation.decimalType(9, 38))
              .named(name);
      case BIGNUMERIC ->
          Types.primitive(PrimitiveTypeName.BINARY, repetition)
              .as(LogicalTypeAnnotation.decimalType(38, 77))
              .named(name);
      case TIMESTAMP, DATETIME ->
          Types.primitive(PrimitiveTypeName.INT64, repetition)
              .as(
                  LogicalTypeAnnotation.timestampType(
                      type == ScalarType.TIMESTAMP, LogicalTypeAnnotation.TimeUnit.MICROS))
              .named(name);
      case DATE ->
          Types.primitive(PrimitiveTypeName.INT32, repetition)
              .as(LogicalTypeAnnotation.dateType())
              .named(name);
      case TIME ->
          Types.primitive(PrimitiveTypeName.INT64, repetition)
              .as(LogicalTypeAnnotation.timeType(false, LogicalTypeAnnotation.TimeUnit.MICROS))
              .named(name);
    };
  }
}
