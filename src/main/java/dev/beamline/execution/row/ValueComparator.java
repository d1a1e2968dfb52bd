package dev.beamline.execution.row;

import com.fasterxml.jackson.databind.JsonNode;
import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.IntervalValue;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import dev.beamline.execution.function.Ordering;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Orders of values. SQL's own is {@link Ordering}; here it is completed to one that tells any two
 * different values of any type apart, so that what SQL leaves open (ties, ANY_VALUE, arrays without
 * ORDER BY) is always decided in the same way.
 */
public final class ValueComparator {

  private ValueComparator() {}

  /** NULL first, then SQL's order, then whatever tells unequal values apart. */
  public static Comparator<@Nullable Object> total(Type type) {
    Comparator<Object> values = totalOfValues(type);
    return (a, b) -> {
      if (a == null || b == null) {
        return a == b ? 0 : a == null ? -1 : 1;
      }
      return values.compare(a, b);
    };
  }

  /** All columns, from the first to the last. */
  public static Comparator<Tuple> rows(Schema schema) {
    return tuples(schema.columns().stream().map(c -> total(c.type())).toList());
  }

  private static Comparator<Tuple> tuples(List<Comparator<@Nullable Object>> fields) {
    return (a, b) -> {
      for (int i = 0; i < fields.size(); i++) {
        int order = fields.get(i).compare(a.get(i), b.get(i));
        if (order != 0) {
          return order;
        }
      }
      return 0;
    };
  }

  /** The order by which MAX chooses: NaN above all, and 0.0 above -0.0. */
  public static Comparator<Object> forMax(Type type) {
    if (type == ScalarType.FLOAT64) {
      return (a, b) -> Double.compare((Double) a, (Double) b);
    }
    return totalOfValues(type);
  }

  /** The order by which MIN chooses: NaN below all, and -0.0 below 0.0. */
  public static Comparator<Object> forMin(Type type) {
    return totalOfValues(type);
  }

  private static Comparator<Object> totalOfValues(Type type) {
    if (type instanceof ArrayType array) {
      Comparator<@Nullable Object> element = total(array.element());
      return (a, b) -> compareLists((List<?>) a, (List<?>) b, element);
    }
    if (type instanceof StructType struct) {
      Comparator<Tuple> fields =
          tuples(struct.fields().stream().map(f -> total(f.type())).toList());
      return (a, b) -> fields.compare((Tuple) a, (Tuple) b);
    }
    if (type == ScalarType.JSON) {
      return Comparator.comparing(a -> ((JsonNode) a).toString(), Ordering::compare);
    }
    Comparator<Object> sql = Ordering.of(type);
    if (type == ScalarType.FLOAT64) {
      return (a, b) -> {
        int order = sql.compare(a, b);
        return order != 0 ? order : Double.compare((Double) a, (Double) b);
      };
    }
    if (type == ScalarType.INTERVAL) {
      return sql.thenComparing(a -> ((IntervalValue) a).months())
          .thenComparing(a -> ((IntervalValue) a).days());
    }
    return sql;
  }

  private static int compareLists(List<?> a, List<?> b, Comparator<@Nullable Object> element) {
    int shorter = Math.min(a.size(), b.size());
    for (int i = 0; i < shorter; i++) {
      int order = element.compare(a.get(i), b.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(a.size(), b.size());
  }
}
