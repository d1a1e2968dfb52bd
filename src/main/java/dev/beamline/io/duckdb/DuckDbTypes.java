package dev.beamline.io.duckdb;

import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Type;
import java.util.ArrayList;
import java.util.List;

/**
 * BigQuery's types as DuckDB's. TIMESTAMP is an instant and becomes TIMESTAMP WITH TIME ZONE
 * (DuckDB shows it in the session's zone), DATETIME becomes TIMESTAMP. BIGNUMERIC is wider than any
 * decimal of DuckDB, so its exact text is kept.
 */
final class DuckDbTypes {

  private DuckDbTypes() {}

  /** The type of a column that keeps values of this type. */
  static String ddl(Type type) {
    return ddl(type, false);
  }

  /**
   * The same with text in place of what JSON cannot say or JDBC cannot hand over whole: a value of
   * this type casts to and from {@link #ddl(Type)} exactly.
   */
  static String textual(Type type) {
    return ddl(type, true);
  }

  private static String ddl(Type type, boolean textual) {
    if (type instanceof ArrayType array) {
      return ddl(array.element(), textual) + "[]";
    }
    if (type instanceof StructType struct) {
      List<String> fields = new ArrayList<>();
      for (int i = 0; i < struct.fields().size(); i++) {
        fields.add(quote(fieldName(struct, i)) + " " + ddl(struct.fields().get(i).type(), textual));
      }
      return "STRUCT(" + String.join(", ", fields) + ")";
    }
    return switch ((ScalarType) type) {
      case STRING, BIGNUMERIC -> "VARCHAR";
      case JSON -> "JSON";
      case INT64 -> "BIGINT";
      case FLOAT64 -> "DOUBLE";
      case BOOL -> "BOOLEAN";
      case NUMERIC -> "DECIMAL(38,9)";
      case BYTES -> textual ? "VARCHAR" : "BLOB";
      case TIMESTAMP -> textual ? "VARCHAR" : "TIMESTAMP WITH TIME ZONE";
      case DATETIME -> textual ? "VARCHAR" : "TIMESTAMP";
      case DATE -> textual ? "VARCHAR" : "DATE";
      case TIME -> textual ? "VARCHAR" : "TIME";
      case INTERVAL -> textual ? "VARCHAR" : "INTERVAL";
    };
  }

  /** A field without a name gets one by its place, for DuckDB wants them all or none. */
  static String fieldName(StructType struct, int index) {
    Column field = struct.fields().get(index);
    return field.name().isEmpty() ? "_field_" + (index + 1) : field.name();
  }

  /** A name in SQL, whatever is in it. */
  static String quote(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** A text in SQL. */
  static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
