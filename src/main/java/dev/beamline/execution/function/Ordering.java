package dev.beamline.execution.function;

import com.google.protobuf.ByteString;
import dev.beamline.catalog.IntervalValue;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Type;
import java.math.BigDecimal;
import java.util.Comparator;

/** The order of values that are not NULL, as ORDER BY, MIN and MAX see it. */
public final class Ordering {

  private static final long MICROS_PER_DAY = 86_400_000_000L;

  private Ordering() {}

  /**
   * Ascending: NaN before all numbers, -0.0 equal to 0.0, strings by code points, bytes unsigned,
   * FALSE before TRUE, a month of 30 days and a day of 24 hours.
   *
   * @throws IllegalArgumentException for types without an order
   */
  public static Comparator<Object> of(Type type) {
    if (!(type instanceof ScalarType scalar)) {
      throw new IllegalArgumentException(type + " has no order");
    }
    return switch (scalar) {
      case INT64, TIMESTAMP, DATETIME, DATE, TIME -> (a, b) -> Long.compare((Long) a, (Long) b);
      case FLOAT64 -> (a, b) -> compare((Double) a, (Double) b);
      case NUMERIC, BIGNUMERIC -> (a, b) -> ((BigDecimal) a).compareTo((BigDecimal) b);
      case BOOL -> (a, b) -> Boolean.compare((Boolean) a, (Boolean) b);
      case STRING -> (a, b) -> compare((String) a, (String) b);
      case BYTES -> {
        Comparator<ByteString> bytes = ByteString.unsignedLexicographicalComparator();
        yield (a, b) -> bytes.compare((ByteString) a, (ByteString) b);
      }
      case INTERVAL -> (a, b) -> Long.compare(micros((IntervalValue) a), micros((IntervalValue) b));
      case JSON -> throw new IllegalArgumentException(type + " has no order");
    };
  }

  private static int compare(double a, double b) {
    if (a < b) {
      return -1;
    } else if (a > b) {
      return 1;
    } else if (a == b) {
      return 0;
    }
    return Boolean.compare(Double.isNaN(b), Double.isNaN(a));
  }

  /** By code points, which is the order of the UTF-8 bytes; UTF-16's own order is another. */
  public static int compare(String a, String b) {
    int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      char left = a.charAt(i);
      char right = b.charAt(i);
      if (left != right) {
        return Integer.compare(rank(left), rank(right));
      }
    }
    return Integer.compare(a.length(), b.length());
  }

  /** Puts surrogates, which stand for the highest code points, after all other units. */
  private static int rank(char unit) {
    if (unit < Character.MIN_SURROGATE) {
      return unit;
    }
    return unit > Character.MAX_SURROGATE ? unit - 0x800 : unit + 0x2000;
  }

  /** The length with which intervals compare. */
  static long micros(IntervalValue interval) {
    return (interval.months() * 30 + interval.days()) * MICROS_PER_DAY + interval.micros();
  }
}
