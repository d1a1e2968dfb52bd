package dev.beamline.execution.kernel;

import dev.beamline.catalog.IntervalValue;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Type;
import dev.beamline.execution.function.Ordering;
import dev.beamline.execution.row.RowOrder.Keyed;
import dev.beamline.plan.AnalyticCall.Bound;
import dev.beamline.plan.AnalyticCall.Frame;
import dev.beamline.plan.SortKey;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The frame of each row of a sorted partition: from {@code start[i]} (inclusive) to {@code end[i]}
 * (exclusive), empty where the end is not after the start. Neither ever goes back as i grows.
 */
record Frames(int[] start, int[] end) {

  private static final long MICROS_PER_DAY = 86_400_000_000L;

  static Frames of(Frame frame, List<SortKey> orderBy, List<Keyed> rows, Peers peers) {
    int n = rows.size();
    int[] start = new int[n];
    int[] end = new int[n];
    if (frame.rows()) {
      for (int i = 0; i < n; i++) {
        start[i] = rowsStart(frame.start(), i, n);
        end[i] = Math.max(start[i], rowsEnd(frame.end(), i, n));
      }
      return new Frames(start, end);
    }
    bounds(frame.start(), true, orderBy, rows, peers, start);
    bounds(frame.end(), false, orderBy, rows, peers, end);
    for (int i = 0; i < n; i++) {
      end[i] = Math.max(start[i], end[i]);
    }
    return new Frames(start, end);
  }

  /** All rows for each row. */
  static Frames whole(int n) {
    int[] end = new int[n];
    Arrays.fill(end, n);
    return new Frames(new int[n], end);
  }

  private static int rowsStart(Bound bound, int i, int n) {
    return switch (bound.kind()) {
      case UNBOUNDED_PRECEDING -> 0;
      case PRECEDING -> (int) Math.max(0, i - offset(bound));
      case CURRENT_ROW -> i;
      case FOLLOWING -> (int) Math.min(n, i + Math.min(offset(bound), n));
      case UNBOUNDED_FOLLOWING -> n;
    };
  }

  private static int rowsEnd(Bound bound, int i, int n) {
    return switch (bound.kind()) {
      case UNBOUNDED_PRECEDING -> 0;
      case PRECEDING -> (int) Math.max(0, i - offset(bound) + 1);
      case CURRENT_ROW -> i + 1;
      case FOLLOWING -> (int) Math.min(n, i + 1 + Math.min(offset(bound), n));
      case UNBOUNDED_FOLLOWING -> n;
    };
  }

  private static long offset(Bound bound) {
    if (bound.offset() instanceof Long rows && rows >= 0) {
      return rows;
    }
    throw new IllegalArgumentException("not a number of rows: " + bound.offset());
  }

  private static void bounds(
      Bound bound,
      boolean first,
      List<SortKey> orderBy,
      List<Keyed> rows,
      Peers peers,
      int[] result) {
    int n = rows.size();
    switch (bound.kind()) {
      case UNBOUNDED_PRECEDING -> Arrays.fill(result, 0);
      case UNBOUNDED_FOLLOWING -> Arrays.fill(result, n);
      case CURRENT_ROW -> {
        for (int i = 0; i < n; i++) {
          result[i] = first ? peers.first(i) : peers.end(i);
        }
      }
      case PRECEDING, FOLLOWING -> distances(bound, first, orderBy, rows, peers, result);
    }
  }

  /** Bounds by a distance on the only sort key; a NULL is near to NULLs alone. */
  private static void distances(
      Bound bound,
      boolean first,
      List<SortKey> orderBy,
      List<Keyed> rows,
      Peers peers,
      int[] result) {
    if (orderBy.size() != 1) {
      throw new IllegalArgumentException("RANGE with a distance needs exactly one sort key");
    }
    SortKey key = orderBy.get(0);
    Type type = key.expression().type();
    boolean up = (bound.kind() == Bound.Kind.FOLLOWING) != key.descending();
    Object distance = distance(bound, type);
    Comparator<Object> ascending = Ordering.of(type);
    Comparator<Object> order = key.descending() ? ascending.reversed() : ascending;
    int n = rows.size();
    int firstValue = 0;
    while (firstValue < n && rows.get(firstValue).keys()[0] == null) {
      firstValue++;
    }
    int endValue = n;
    while (endValue > firstValue && rows.get(endValue - 1).keys()[0] == null) {
      endValue--;
    }
    int at = firstValue;
    for (int i = 0; i < n; i++) {
      Object value = rows.get(i).keys()[0];
      if (value == null) {
        result[i] = first ? peers.first(i) : peers.end(i);
        continue;
      }
      Object limit = shift(value, distance, up, type);
      // Beyond the type's numbers: behind the last of them, or before the first.
      boolean before = limit == null ? bound.kind() == Bound.Kind.PRECEDING : first;
      Object reached = limit == null ? last(type, up) : limit;
      while (at < endValue && isBefore(rows.get(at).keys()[0], reached, order, before)) {
        at++;
      }
      result[i] = at;
    }
  }

  private static boolean isBefore(
      @Nullable Object value, Object limit, Comparator<Object> order, boolean first) {
    if (value == null) {
      return false;
    }
    int compared = order.compare(value, limit);
    return first ? compared < 0 : compared <= 0;
  }

  private static Object distance(Bound bound, Type type) {
    Object offset = bound.offset();
    if (offset instanceof IntervalValue interval) {
      if (interval.months() != 0) {
        throw new IllegalArgumentException("RANGE with a distance of months");
      }
      return type == ScalarType.DATE
          ? interval.days()
          : interval.days() * MICROS_PER_DAY + interval.micros();
    }
    if (offset == null) {
      throw new IllegalArgumentException("RANGE without a distance");
    }
    if (type == ScalarType.FLOAT64) {
      return ((Number) offset).doubleValue();
    }
    if (offset instanceof Long number
        && (type == ScalarType.NUMERIC || type == ScalarType.BIGNUMERIC)) {
      return BigDecimal.valueOf(number);
    }
    return offset;
  }

  /** The greatest finite number of the type, or the least. */
  private static Object last(Type type, boolean greatest) {
    if (type == ScalarType.FLOAT64) {
      return greatest ? Double.MAX_VALUE : -Double.MAX_VALUE;
    }
    return greatest ? Long.MAX_VALUE : Long.MIN_VALUE;
  }

  /** The value plus or minus the distance; null where that is beyond the numbers of the type. */
  private static @Nullable Object shift(Object value, Object distance, boolean up, Type type) {
    if (type == ScalarType.FLOAT64) {
      double v = (Double) value;
      double d = (Double) distance;
      if (Double.isInfinite(v)) {
        return v;
      }
      double moved = up ? v + d : v - d;
      return Double.isInfinite(moved) ? null : moved;
    }
    if (value instanceof BigDecimal decimal) {
      BigDecimal d = (BigDecimal) distance;
      return up ? decimal.add(d) : decimal.subtract(d);
    }
    long v = (Long) value;
    long d = (Long) distance;
    if (up) {
      return v > Long.MAX_VALUE - d ? null : v + d;
    }
    return v < Long.MIN_VALUE + d ? null : v - d;
  }
}
