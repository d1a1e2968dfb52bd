package dev.beamline.execution.aggregate;

import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Type;

/** What can be done with the values of a type. */
final class Kinds {

  private Kinds() {}

  /** Whether values can be grouped and told apart by DISTINCT. */
  static boolean groupable(Type type) {
    if (type instanceof ArrayType array) {
      return groupable(array.element());
    }
    if (type instanceof StructType struct) {
      return struct.fields().stream().allMatch(f -> groupable(f.type()));
    }
    return type != ScalarType.JSON;
  }

  /** Whether ORDER BY, MIN and MAX take it. */
  static boolean orderable(Type type) {
    return type instanceof ScalarType && type != ScalarType.JSON;
  }

  static boolean decimal(Type type) {
    return type == ScalarType.NUMERIC || type == ScalarType.BIGNUMERIC;
  }

  static boolean numeric(Type type) {
    return decimal(type) || type == ScalarType.INT64 || type == ScalarType.FLOAT64;
  }
}
