package dev.beamline.sql.analyzer;

import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Type;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.sql.ast.SqlType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Types as written, and what may be done with types. */
final class Types {

  /** BigQuery's aliases, and those of Beam, Calcite and Flink that can mean but one type. */
  private static final Map<String, ScalarType> ALIASES =
      Map.ofEntries(
          Map.entry("INT", ScalarType.INT64),
          Map.entry("INTEGER", ScalarType.INT64),
          Map.entry("BIGINT", ScalarType.INT64),
          Map.entry("SMALLINT", ScalarType.INT64),
          Map.entry("TINYINT", ScalarType.INT64),
          Map.entry("BYTEINT", ScalarType.INT64),
          Map.entry("BOOLEAN", ScalarType.BOOL),
          Map.entry("DOUBLE", ScalarType.FLOAT64),
          Map.entry("DOUBLE PRECISION", ScalarType.FLOAT64),
          Map.entry("VARCHAR", ScalarType.STRING),
          Map.entry("DECIMAL", ScalarType.NUMERIC),
          Map.entry("BIGDECIMAL", ScalarType.BIGNUMERIC));

  /** What other systems call BigQuery's types: for hints only. */
  private static final Map<String, String> ELSEWHERE =
      Map.ofEntries(
          Map.entry("CHAR", "STRING"),
          Map.entry("CHARACTER", "STRING"),
          Map.entry("TEXT", "STRING"),
          Map.entry("FLOAT", "FLOAT64"),
          Map.entry("FLOAT32", "FLOAT64"),
          Map.entry("REAL", "FLOAT64"),
          Map.entry("INT32", "INT64"),
          Map.entry("UINT64", "INT64"),
          Map.entry("LONG", "INT64"),
          Map.entry("BINARY", "BYTES"),
          Map.entry("VARBINARY", "BYTES"),
          Map.entry("BLOB", "BYTES"),
          Map.entry("NUMBER", "NUMERIC"));

  private Types() {}

  /** The type; null where there is no such type, which is reported then. */
  static @Nullable Type of(SqlType type, Compilation compilation) {
    if (type instanceof SqlType.Array array) {
      Type element = of(array.element(), compilation);
      if (element instanceof ArrayType) {
        compilation.error(
            DiagnosticCode.SQL_WRONG_TYPE,
            array.place(),
            "an array cannot hold arrays",
            "write ARRAY<STRUCT<a " + element.sql() + ">>");
        return null;
      }
      return element == null ? null : Type.array(element);
    } else if (type instanceof SqlType.Struct struct) {
      List<Column> fields = new ArrayList<>();
      boolean known = true;
      for (SqlType.Field field : struct.fields()) {
        Type fieldType = of(field.type(), compilation);
        known &= fieldType != null;
        if (fieldType != null) {
          String name = field.name();
          fields.add(Column.of(name == null ? "" : name, fieldType));
        }
      }
      return known ? new StructType(fields) : null;
    }
    return of((SqlType.Named) type, compilation);
  }

  private static @Nullable Type of(SqlType.Named named, Compilation compilation) {
    String name = named.name().toUpperCase(Locale.ROOT);
    ScalarType found = ALIASES.get(name);
    for (ScalarType scalar : ScalarType.values()) {
      if (scalar.name().equals(name)) {
        found = scalar;
      }
    }
    if (found == null) {
      String elsewhere = ELSEWHERE.get(name);
      compilation.error(
          DiagnosticCode.SQL_WRONG_TYPE,
          named.place(),
          "there is no type " + named.name(),
          elsewhere != null
              ? "write " + elsewhere
              : Compilation.nearest(
                  named.name(), Arrays.stream(ScalarType.values()).map(ScalarType::name).toList()));
      return null;
    }
    if (!named.parameters().isEmpty()) {
      compilation.error(
          DiagnosticCode.SQL_UNSUPPORTED,
          named.place(),
          "types with parameters are not supported: " + named.name() + named.parameters(),
          "write " + found.name() + ", and ROUND or SUBSTR where the value is to be cut");
      return null;
    }
    return found;
  }

  /** Whether values can be told apart for GROUP BY, DISTINCT and PARTITION BY. */
  static boolean groupable(Type type) {
    if (type instanceof StructType struct) {
      return struct.fields().stream().allMatch(f -> groupable(f.type()));
    } else if (type instanceof ArrayType array) {
      return groupable(array.element());
    }
    return type != ScalarType.JSON;
  }

  /** Whether values have an order. */
  static boolean orderable(Type type) {
    return type instanceof ScalarType && type != ScalarType.JSON;
  }
}
