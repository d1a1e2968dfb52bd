package dev.beamline.testing;

import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whether two values are the same. FLOAT64 may differ by a billionth of its size, since people
 * write 0.3 for 0.1 + 0.2; all else is exact, and NULL is the same as NULL.
 */
final class SameValues {

  private static final double CLOSE = 1e-9;

  private SameValues() {}

  static boolean same(Type type, @Nullable Object a, @Nullable Object b) {
    if (a == null || b == null) {
      return a == b;
    }
    if (type instanceof ArrayType array) {
      List<?> left = (List<?>) a;
      List<?> right = (List<?>) b;
      boolean same = left.size() == right.size();
      for (int i = 0; same && i < left.size(); i++) {
        same = same(array.element(), left.get(i), right.get(i));
      }
      return same;
    }
    if (type instanceof StructType struct) {
      boolean same = true;
      for (int i = 0; same && i < struct.fields().size(); i++) {
        same = same(struct.fields().get(i).type(), ((Tuple) a).get(i), ((Tuple) b).get(i));
      }
      return same;
    }
    return type == ScalarType.FLOAT64 ? close((Double) a, (Double) b) : Objects.equals(a, b);
  }

  private static boolean close(double a, double b) {
    return a == b
        || (Double.isNaN(a) && Double.isNaN(b))
        || (Double.isFinite(a)
            && Double.isFinite(b)
            && Math.abs(a - b) <= CLOSE * Math.max(Math.abs(a), Math.abs(b)));
  }
}
