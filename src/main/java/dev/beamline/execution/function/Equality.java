package dev.beamline.execution.function;

import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.IntervalValue;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * SQL's = with its three values: NULL where either side is; NaN equals nothing; -0.0 equals 0.0.
 */
@FunctionalInterface
public interface Equality {

  /** Null where it is not known. */
  @Nullable Boolean test(@Nullable Object a, @Nullable Object b);

  /** The equality of a type's values; structs by their fields. */
  static Equality of(Type type) {
    if (type == ScalarType.FLOAT64) {
      return (a, b) ->
          a == null || b == null
              ? null
              : (Boolean) (((Double) a).doubleValue() == ((Double) b).doubleValue());
    } else if (type == ScalarType.INTERVAL) {
      return (a, b) ->
          a == null || b == null
              ? null
              : (Boolean)
                  (Ordering.micros((IntervalValue) a) == Ordering.micros((IntervalValue) b));
    } else if (type instanceof StructType struct) {
      return ofStruct(struct.fields().stream().map(f -> of(f.type())).toList());
    }
    return (a, b) -> a == null || b == null ? null : (Boolean) a.equals(b);
  }

  private static Equality ofStruct(List<Equality> fields) {
    return (a, b) -> {
      if (a == null || b == null) {
        return null;
      }
      Boolean result = true;
      for (int i = 0; i < fields.size(); i++) {
        Boolean equal = fields.get(i).test(((Tuple) a).get(i), ((Tuple) b).get(i));
        if (equal == null) {
          result = null;
        } else if (!equal) {
          return false;
        }
      }
      return result;
    };
  }

  /**
   * Whether two values fall into one group, as GROUP BY, DISTINCT and IS NOT DISTINCT FROM see it:
   * NULL with NULL, NaN with NaN, -0.0 with 0.0. Never gives null.
   */
  static Equality grouping(Type type) {
    if (type == ScalarType.FLOAT64) {
      return (a, b) ->
          a == null || b == null
              ? a == b
              : ((Double) a).doubleValue() == ((Double) b).doubleValue()
                  || (((Double) a).isNaN() && ((Double) b).isNaN());
    } else if (type instanceof StructType struct) {
      List<Equality> fields = struct.fields().stream().map(f -> grouping(f.type())).toList();
      return (a, b) -> {
        if (a == null || b == null) {
          return a == b;
        }
        for (int i = 0; i < fields.size(); i++) {
          if (!Boolean.TRUE.equals(fields.get(i).test(((Tuple) a).get(i), ((Tuple) b).get(i)))) {
            return false;
          }
        }
        return true;
      };
    } else if (type instanceof ArrayType array) {
      Equality element = grouping(array.element());
      return (a, b) -> {
        if (a == null || b == null) {
          return a == b;
        }
        List<?> left = (List<?>) a;
        List<?> right = (List<?>) b;
        boolean same = left.size() == right.size();
        for (int i = 0; same && i < left.size(); i++) {
          same = Boolean.TRUE.equals(element.test(left.get(i), right.get(i)));
        }
        return same;
      };
    }
    Equality plain = of(type);
    return (a, b) -> a == null || b == null ? (Boolean) (a == b) : plain.test(a, b);
  }
}
