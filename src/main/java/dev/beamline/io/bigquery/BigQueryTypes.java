package dev.beamline.io.bigquery;

import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.api.services.bigquery.model.TableSchema;
import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Type;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Beamline's types and BigQuery's schemas. */
final class BigQueryTypes {

  /** What a primary key, and a clustering, may consist of. */
  static final Set<ScalarType> KEYS =
      EnumSet.of(
          ScalarType.STRING,
          ScalarType.INT64,
          ScalarType.NUMERIC,
          ScalarType.BIGNUMERIC,
          ScalarType.BOOL,
          ScalarType.DATE,
          ScalarType.DATETIME,
          ScalarType.TIMESTAMP);

  private BigQueryTypes() {}

  static TableSchema schema(Schema schema) {
    return new TableSchema().setFields(fields(schema.columns()));
  }

  /** No column is required: a withdrawn row has its key alone. */
  private static List<TableFieldSchema> fields(List<Column> columns) {
    List<TableFieldSchema> fields = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      fields.add(field(name(columns.get(i), i), columns.get(i)));
    }
    return fields;
  }

  /** A field of a struct may have no name, as a column may not. */
  static String name(Column column, int index) {
    return column.name().isEmpty() ? "_field_" + (index + 1) : column.name();
  }

  private static TableFieldSchema field(String name, Column column) {
    boolean array = column.type() instanceof ArrayType;
    Type type = column.type() instanceof ArrayType of ? of.element() : column.type();
    TableFieldSchema field =
        new TableFieldSchema()
            .setName(name)
            .setMode(array ? "REPEATED" : "NULLABLE")
            .setType(type instanceof StructType ? "RECORD" : type.sql());
    if (column.description() != null) {
      field.setDescription(column.description());
    }
    if (type instanceof StructType struct) {
      field.setFields(fields(struct.fields()));
    }
    return field;
  }

  /** One name of each type, whatever name a resource has it under. */
  static String typeName(@Nullable String type) {
    String upper = type == null ? "" : type.toUpperCase(Locale.ROOT);
    return switch (upper) {
      case "INTEGER" -> "INT64";
      case "FLOAT" -> "FLOAT64";
      case "BOOLEAN" -> "BOOL";
      case "RECORD" -> "STRUCT";
      default -> upper;
    };
  }

  /** The type as SQL writes it. */
  static String sql(TableFieldSchema field) {
    String type = typeName(field.getType());
    if (type.equals("STRUCT") && field.getFields() != null) {
      List<String> inner = new ArrayList<>();
      field.getFields().forEach(f -> inner.add(f.getName() + " " + sql(f)));
      type = "STRUCT<" + String.join(", ", inner) + ">";
    }
    return "REPEATED".equals(field.getMode()) ? "ARRAY<" + type + ">" : type;
  }
}
