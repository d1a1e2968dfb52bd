package dev.beamline.sql.fuzz;

import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Type;

/** The types of the generated queries. */
enum Ty {
  INT(ScalarType.INT64, "BIGINT"),
  FLOAT(ScalarType.FLOAT64, "DOUBLE"),
  NUMERIC(ScalarType.NUMERIC, "DECIMAL(38,9)"),
  STRING(ScalarType.STRING, "VARCHAR"),
  BOOL(ScalarType.BOOL, "BOOLEAN"),
  DATE(ScalarType.DATE, "DATE"),
  TIMESTAMP(ScalarType.TIMESTAMP, "TIMESTAMP"),
  INTS(Type.array(ScalarType.INT64), "BIGINT[]"),
  STRINGS(Type.array(ScalarType.STRING), "VARCHAR[]");

  private final Type type;
  private final String duck;

  Ty(Type type, String duck) {
    this.type = type;
    this.duck = duck;
  }

  Type type() {
    return type;
  }

  boolean isArray() {
    return this == INTS || this == STRINGS;
  }

  /** The type of an array's elements. */
  Ty element() {
    return this == INTS ? INT : STRING;
  }

  String name(Dialect dialect) {
    return dialect == Dialect.GOOGLE ? type.sql() : duck;
  }
}
