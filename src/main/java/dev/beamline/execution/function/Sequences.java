package dev.beamline.execution.function;

import static dev.beamline.catalog.ScalarType.BIGNUMERIC;
import static dev.beamline.catalog.ScalarType.DATE;
import static dev.beamline.catalog.ScalarType.FLOAT64;
import static dev.beamline.catalog.ScalarType.INT64;
import static dev.beamline.catalog.ScalarType.INTERVAL;
import static dev.beamline.catalog.ScalarType.NUMERIC;
import static dev.beamline.catalog.ScalarType.TIMESTAMP;
import static dev.beamline.execution.function.Parameter.of;
import static dev.beamline.execution.function.Parameter.optional;

import dev.beamline.catalog.IntervalValue;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Type;
import dev.beamline.catalog.Values;
import dev.beamline.execution.expression.EvaluationException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code GENERATE_ARRAY GENERATE_DATE_ARRAY GENERATE_TIMESTAMP_ARRAY}: from the start, step by
 * step, to the end, which is included.
 */
final class Sequences {

  /** So that a slip in a query does not fill the memory. */
  private static final int MAX_SIZE = 1_048_575;

  private static final IntervalValue ONE_DAY = new IntervalValue(0, 1, 0);

  private Sequences() {}

  /**
   * The next value.
   *
   * @param <T> values
   */
  private interface Next<T> {
    /**
     * @param count of values so far, the start included
     */
    T after(T value, long count);
  }

  static void register(Registry registry) {
    registry
        .add("GENERATE_ARRAY")
        .takes(of(INT64), of(INT64), optional(INT64))
        .returns(Type.array(INT64))
        .strictAll(a -> longs((Long) a[0], (Long) a[1], a.length > 2 ? (Long) a[2] : 1L))
        .takes(of(NUMERIC), of(NUMERIC), optional(NUMERIC))
        .returns(Type.array(NUMERIC))
        .strictAll(a -> decimals(a, NUMERIC))
        .takes(of(BIGNUMERIC), of(BIGNUMERIC), optional(BIGNUMERIC))
        .returns(Type.array(BIGNUMERIC))
        .strictAll(a -> decimals(a, BIGNUMERIC))
        .takes(of(FLOAT64), of(FLOAT64), optional(FLOAT64))
        .returns(Type.array(FLOAT64))
        .strictAll(a -> doubles((Double) a[0], (Double) a[1], a.length > 2 ? (Double) a[2] : 1.0));
    registry
        .add("GENERATE_DATE_ARRAY")
        .checked(call -> DateArithmetic.checkInterval(call, 2))
        .takes(of(DATE), of(DATE), optional(INTERVAL))
        .returns(Type.array(DATE))
        .strictAll(
            a ->
                dates(
                    (Long) a[0],
                    (Long) a[1],
                    a.length > 2 ? (IntervalValue) a[2] : ONE_DAY,
                    CivilMath::addToDate));
    registry
        .add("GENERATE_TIMESTAMP_ARRAY")
        .checked(call -> DateArithmetic.checkInterval(call, 2))
        .takes(of(TIMESTAMP), of(TIMESTAMP), of(INTERVAL))
        .returns(Type.array(TIMESTAMP))
        .strict(
            (Long start, Long end, IntervalValue step) ->
                dates(start, end, step, CivilMath::addToTimestamp));
  }

  private static List<@Nullable Object> longs(long start, long end, long step) {
    return generate(start, end, Long.signum(step), (v, n) -> Math.addExact(v, step), Long::compare);
  }

  private static List<@Nullable Object> doubles(double start, double end, double step) {
    if (Double.isNaN(start) || Double.isNaN(end) || Double.isNaN(step)) {
      throw new EvaluationException("Sequence start, end, and step cannot be NaN.");
    }
    if (Double.isInfinite(step)) {
      throw new EvaluationException("Sequence step cannot be +/-inf.");
    }
    return generate(
        start,
        end,
        (int) Math.signum(step),
        (v, n) -> start + n * step,
        // Zero is zero, whatever its sign.
        (a, b) -> Double.compare(a + 0.0, b + 0.0));
  }

  private static List<@Nullable Object> decimals(Object[] arguments, ScalarType type) {
    BigDecimal step = arguments.length > 2 ? (BigDecimal) arguments[2] : BigDecimal.ONE;
    return generate(
        (BigDecimal) arguments[0],
        (BigDecimal) arguments[1],
        step.signum(),
        (v, n) -> Numerics.fit(Values.canonical(v.add(step)), type, "GENERATE_ARRAY"),
        Comparator.naturalOrder());
  }

  private static List<@Nullable Object> dates(
      long start, long end, IntervalValue step, DateArithmetic.Addition addition) {
    long sum = Ordering.micros(step);
    return generate(start, end, Long.signum(sum), (v, n) -> addition.add(v, step), Long::compare);
  }

  /**
   * @param direction of the step, as a sign
   */
  private static <T> List<@Nullable Object> generate(
      T start, T end, int direction, Next<T> next, Comparator<T> order) {
    if (direction == 0) {
      throw new EvaluationException("Sequence step cannot be 0.");
    }
    List<@Nullable Object> values = new ArrayList<>();
    T value = start;
    while (order.compare(value, end) * direction <= 0) {
      if (values.size() == MAX_SIZE) {
        throw new EvaluationException(
            "Cannot generate arrays with more than " + MAX_SIZE + " elements.");
      }
      values.add(value);
      if (order.compare(value, end) == 0) {
        break;
      }
      try {
        value = next.after(value, values.size());
      } catch (ArithmeticException | EvaluationException e) {
        // What lies outside of the type's range lies behind the end, too.
        break;
      }
    }
    return Collections.unmodifiableList(values);
  }
}
