package dev.beamline.execution.row;

import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.IntervalValue;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The form of values that are grouped, joined or told apart by: as in BigQuery, 0.0 and -0.0 are
 * one value there, and so are all NaN; Java's equals then agrees with SQL's grouping.
 */
public final class Keys {

  private static final long MICROS_PER_DAY = 86_400_000_000L;
  private static final long DAYS_PER_MONTH = 30;

  private Keys() {}

  /** Whether values of the type can differ from their key form at all. */
  public static boolean needsNormalizing(Type type) {
    if (type instanceof ArrayType array) {
      return needsNormalizing(array.element());
    }
    if (type instanceof StructType struct) {
      return struct.fields().stream().anyMatch(f -> needsNormalizing(f.type()));
    }
    return type == ScalarType.FLOAT64 || type == ScalarType.INTERVAL;
  }

  /** The key form; the value itself, without allocation, where that is it already. */
  public static @Nullable Object normalize(@Nullable Object value) {
    if (value instanceof Double number) {
      double d = number;
      if (d == 0.0) {
        return Double.doubleToRawLongBits(d) == 0L ? number : (Object) 0.0;
      }
      return number;
    }
    if (value instanceof IntervalValue interval) {
      return normalize(interval);
    }
    if (value instanceof Tuple tuple) {
      return normalize(tuple);
    }
    if (value instanceof List<?> list) {
      return normalize(list);
    }
    return value;
  }

  /** Each value in its key form. */
  public static Tuple normalize(Tuple tuple) {
    @Nullable Object[] values = tuple.values();
    @Nullable Object @Nullable [] changed = null;
    for (int i = 0; i < values.length; i++) {
      Object key = normalize(values[i]);
      if (key != values[i]) {
        if (changed == null) {
          changed = values.clone();
        }
        changed[i] = key;
      }
    }
    return changed == null ? tuple : Tuple.of(changed);
  }

  private static IntervalValue normalize(IntervalValue value) {
    long micros =
        (value.months() * DAYS_PER_MONTH + value.days()) * MICROS_PER_DAY + value.micros();
    long days = micros / MICROS_PER_DAY;
    IntervalValue key =
        new IntervalValue(days / DAYS_PER_MONTH, days % DAYS_PER_MONTH, micros % MICROS_PER_DAY);
    return key.equals(value) ? value : key;
  }

  private static List<?> normalize(List<?> list) {
    List<@Nullable Object> changed = null;
    for (int i = 0; i < list.size(); i++) {
      Object key = normalize(list.get(i));
      if (key != list.get(i)) {
        if (changed == null) {
          changed = new ArrayList<>(list);
        }
        changed.set(i, key);
      }
    }
    return changed == null ? list : Collections.unmodifiableList(changed);
  }
}
