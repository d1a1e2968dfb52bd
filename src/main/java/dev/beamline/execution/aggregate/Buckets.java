package dev.beamline.execution.aggregate;

import com.google.protobuf.ByteString;
import dev.beamline.catalog.IntervalValue;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Type;
import dev.beamline.execution.row.Keys;
import dev.beamline.execution.row.ValueComparator;
import java.util.Comparator;

/**
 * Divides the values of a type into neighbours, the more coarsely the higher the level: numbers by
 * the leading bits of their FLOAT64 form, so with a relative error, texts by their first
 * characters. Each bucket of a level lies within one of the next. Level 0 keeps every value apart.
 */
abstract class Buckets {

  private final Comparator<Object> order;

  private Buckets(Comparator<Object> order) {
    this.order = order;
  }

  final Comparator<Object> order() {
    return order;
  }

  /** What the values of one bucket have in common. */
  abstract Object key(Object value, int level);

  /** The highest level. */
  abstract int levels();

  static Buckets of(Type type) {
    Comparator<Object> order = ValueComparator.forMin(type);
    if (type == ScalarType.STRING || type == ScalarType.BYTES) {
      return new Prefixes(order);
    }
    return new Numbers(order);
  }

  private static final class Numbers extends Buckets {
    Numbers(Comparator<Object> order) {
      super(order);
    }

    @Override
    Object key(Object value, int level) {
      if (level == 0) {
        Object key = Keys.normalize(value);
        return key == null ? value : key;
      }
      double number;
      if (value instanceof Number n) {
        number = n.doubleValue();
      } else if (value instanceof Boolean b) {
        number = b ? 1 : 0;
      } else {
        IntervalValue interval = (IntervalValue) value;
        number =
            (interval.months() * 30.0 + interval.days()) * 86_400_000_000.0 + interval.micros();
      }
      if (Double.isNaN(number)) {
        return Long.MIN_VALUE;
      }
      // Adding 0.0 makes one zero of the two.
      long bits = Double.doubleToLongBits(number + 0.0);
      // Makes the bits ascend with the number, also where it is negative.
      long ascending = bits ^ ((bits >> 63) & Long.MAX_VALUE);
      return ascending >> (level - 1);
    }

    @Override
    int levels() {
      return 63;
    }
  }

  private static final class Prefixes extends Buckets {
    private static final int[] LENGTHS = {64, 48, 32, 24, 16, 12, 10, 8, 7, 6, 5, 4, 3, 2, 1, 0};

    Prefixes(Comparator<Object> order) {
      super(order);
    }

    @Override
    Object key(Object value, int level) {
      if (level == 0) {
        return value;
      }
      int length = LENGTHS[level - 1];
      if (value instanceof String text) {
        return text.length() <= length ? text : text.substring(0, length);
      }
      ByteString bytes = (ByteString) value;
      return bytes.size() <= length ? bytes : bytes.substring(0, length);
    }

    @Override
    int levels() {
      return LENGTHS.length;
    }
  }
}
