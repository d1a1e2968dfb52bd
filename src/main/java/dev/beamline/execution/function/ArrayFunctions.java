package dev.beamline.execution.function;

import static dev.beamline.catalog.ScalarType.BIGNUMERIC;
import static dev.beamline.catalog.ScalarType.BOOL;
import static dev.beamline.catalog.ScalarType.BYTES;
import static dev.beamline.catalog.ScalarType.FLOAT64;
import static dev.beamline.catalog.ScalarType.INT64;
import static dev.beamline.catalog.ScalarType.NUMERIC;
import static dev.beamline.catalog.ScalarType.STRING;
import static dev.beamline.execution.function.Parameter.Constraint.EQUATABLE;
import static dev.beamline.execution.function.Parameter.Constraint.ORDERABLE;
import static dev.beamline.execution.function.Parameter.anyArray;
import static dev.beamline.execution.function.Parameter.arrayOfT;
import static dev.beamline.execution.function.Parameter.of;
import static dev.beamline.execution.function.Parameter.t;

import com.google.protobuf.ByteString;
import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Type;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.expression.Evaluator;
import dev.beamline.plan.Expression;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code ARRAY_LENGTH ARRAY_CONCAT} (also {@code ||}) {@code ARRAY_REVERSE ARRAY_TO_STRING
 * ARRAY_FIRST ARRAY_LAST ARRAY_SLICE ARRAY_INCLUDES ARRAY_INCLUDES_ANY ARRAY_INCLUDES_ALL
 * ARRAY_IS_DISTINCT ARRAY_MIN ARRAY_MAX ARRAY_SUM ARRAY_AVG}; access as {@code ARRAY_OFFSET
 * ARRAY_SAFE_OFFSET ARRAY_ORDINAL ARRAY_SAFE_ORDINAL}.
 */
final class ArrayFunctions {

  private ArrayFunctions() {}

  static void register(Registry registry) {
    registry
        .add("ARRAY_LENGTH")
        .takes(anyArray())
        .returns(INT64)
        .strict((List<?> array) -> (long) array.size());
    registry
        .add("ARRAY_CONCAT")
        .takes(arrayOfT(), arrayOfT().repeatedly())
        .returnsOfT(Type::array)
        .strictAll(ArrayFunctions::concat);
    registry
        .add("ARRAY_REVERSE")
        .takes(arrayOfT())
        .returnsOfT(Type::array)
        .strict(
            (List<?> array) -> {
              List<@Nullable Object> reversed = new ArrayList<>(array);
              Collections.reverse(reversed);
              return Collections.unmodifiableList(reversed);
            });
    registry
        .add("ARRAY_FIRST")
        .takes(arrayOfT())
        .returnsT()
        .strict((List<?> array) -> notEmpty(array, "ARRAY_FIRST").get(0));
    registry
        .add("ARRAY_LAST")
        .takes(arrayOfT())
        .returnsT()
        .strict((List<?> array) -> notEmpty(array, "ARRAY_LAST").get(array.size() - 1));
    registry
        .add("ARRAY_SLICE")
        .takes(arrayOfT(), of(INT64), of(INT64))
        .returnsOfT(Type::array)
        .strict((List<?> array, Long start, Long end) -> slice(array, start, end));
    registry
        .add("ARRAY_TO_STRING")
        .takes(of(Type.array(STRING)), of(STRING))
        .returns(STRING)
        .strict((List<?> array, String delimiter) -> join(array, delimiter, null))
        .takes(of(Type.array(STRING)), of(STRING), of(STRING))
        .returns(STRING)
        .strict((List<?> array, String delimiter, String nulls) -> join(array, delimiter, nulls))
        .takes(of(Type.array(BYTES)), of(BYTES))
        .returns(BYTES)
        .strict((List<?> array, ByteString delimiter) -> joinBytes(array, delimiter, null))
        .takes(of(Type.array(BYTES)), of(BYTES), of(BYTES))
        .returns(BYTES)
        .strict(
            (List<?> array, ByteString delimiter, ByteString nulls) ->
                joinBytes(array, delimiter, nulls));
    search(registry);
    aggregates(registry);
    access(registry, "ARRAY_OFFSET", 0, false);
    access(registry, "ARRAY_SAFE_OFFSET", 0, true);
    access(registry, "ARRAY_ORDINAL", 1, false);
    access(registry, "ARRAY_SAFE_ORDINAL", 1, true);
  }

  private static List<@Nullable Object> concat(Object[] arrays) {
    List<@Nullable Object> all = new ArrayList<>();
    for (Object array : arrays) {
      all.addAll((List<?>) array);
    }
    return Collections.unmodifiableList(all);
  }

  private static List<?> notEmpty(List<?> array, String function) {
    if (array.isEmpty()) {
      throw new EvaluationException(function + " cannot get the element of an empty array");
    }
    return array;
  }

  private static List<?> slice(List<?> array, long start, long end) {
    int size = array.size();
    long from = Math.max(0, start < 0 ? start + size : start);
    long to = Math.min(size - 1L, end < 0 ? end + size : end);
    return from > to ? List.of() : array.subList((int) from, (int) to + 1);
  }

  private static String join(List<?> array, String delimiter, @Nullable String nulls) {
    StringBuilder joined = new StringBuilder();
    boolean first = true;
    for (Object element : array) {
      Object text = element == null ? nulls : element;
      if (text != null) {
        joined.append(first ? "" : delimiter).append(text);
        first = false;
      }
    }
    return joined.toString();
  }

  private static ByteString joinBytes(
      List<?> array, ByteString delimiter, @Nullable ByteString nulls) {
    ByteString joined = ByteString.EMPTY;
    boolean first = true;
    for (Object element : array) {
      ByteString bytes = element == null ? nulls : (ByteString) element;
      if (bytes != null) {
        joined = first ? bytes : joined.concat(delimiter).concat(bytes);
        first = false;
      }
    }
    return joined;
  }

  private static void search(Registry registry) {
    registry
        .add("ARRAY_INCLUDES")
        .takes(arrayOfT(EQUATABLE), t(EQUATABLE))
        .returns(BOOL)
        .compiled(
            (call, arguments) -> {
              Equality equality = Equality.of(call.arguments().get(1).type());
              return both(arguments, (array, value) -> includes(array, value, equality));
            });
    registry
        .add("ARRAY_INCLUDES_ANY")
        .takes(arrayOfT(EQUATABLE), arrayOfT(EQUATABLE))
        .returns(BOOL)
        .compiled(
            (call, arguments) -> {
              Equality equality = Equality.of(element(call, 0));
              return both(
                  arguments,
                  (array, values) ->
                      ((List<?>) values).stream().anyMatch(v -> includes(array, v, equality)));
            });
    registry
        .add("ARRAY_INCLUDES_ALL")
        .takes(arrayOfT(EQUATABLE), arrayOfT(EQUATABLE))
        .returns(BOOL)
        .compiled(
            (call, arguments) -> {
              Equality equality = Equality.of(element(call, 0));
              return both(
                  arguments,
                  (array, values) ->
                      ((List<?>) values).stream().allMatch(v -> includes(array, v, equality)));
            });
    registry
        .add("ARRAY_IS_DISTINCT")
        .takes(arrayOfT(EQUATABLE))
        .returns(BOOL)
        .compiled(
            (call, arguments) -> {
              Equality same = Equality.grouping(element(call, 0));
              return row ->
                  arguments.get(0).evaluate(row) instanceof List<?> array
                      ? isDistinct(array, same)
                      : null;
            });
  }

  /** A function of an array and another value. */
  private interface OfArray {
    @Nullable Object apply(List<?> array, Object value);
  }

  private static Evaluator both(List<Evaluator> arguments, OfArray function) {
    return row -> {
      Object array = arguments.get(0).evaluate(row);
      Object value = array == null ? null : arguments.get(1).evaluate(row);
      return array == null || value == null ? null : function.apply((List<?>) array, value);
    };
  }

  private static Type element(Expression.Call call, int index) {
    return ((ArrayType) call.arguments().get(index).type()).element();
  }

  private static boolean includes(List<?> array, @Nullable Object value, Equality equality) {
    for (Object element : array) {
      if (Boolean.TRUE.equals(equality.test(element, value))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isDistinct(List<?> array, Equality same) {
    for (int i = 0; i < array.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (Boolean.TRUE.equals(same.test(array.get(i), array.get(j)))) {
          return false;
        }
      }
    }
    return true;
  }

  private static void aggregates(Registry registry) {
    for (boolean max : new boolean[] {false, true}) {
      registry
          .add(max ? "ARRAY_MAX" : "ARRAY_MIN")
          .takes(arrayOfT(ORDERABLE))
          .returnsT()
          .compiled(
              (call, arguments) -> {
                Comparator<Object> order = Ordering.of(element(call, 0));
                Comparator<Object> wanted = max ? order : order.reversed();
                return row ->
                    arguments.get(0).evaluate(row) instanceof List<?> array
                        ? greatest(array, wanted)
                        : null;
              });
    }
    registry
        .add("ARRAY_SUM")
        .takes(Type.array(INT64))
        .returns(INT64)
        .strict((List<?> array) -> sumOfLongs(array))
        .takes(Type.array(FLOAT64))
        .returns(FLOAT64)
        .strict((List<?> array) -> sumOfDoubles(array))
        .takes(Type.array(NUMERIC))
        .returns(NUMERIC)
        .strict((List<?> array) -> sumOfDecimals(array, NUMERIC))
        .takes(Type.array(BIGNUMERIC))
        .returns(BIGNUMERIC)
        .strict((List<?> array) -> sumOfDecimals(array, BIGNUMERIC));
    registry
        .add("ARRAY_AVG")
        .takes(Type.array(FLOAT64))
        .returns(FLOAT64)
        .strict(
            (List<?> array) -> {
              Double sum = sumOfDoubles(array);
              return sum == null ? null : (Double) (sum / count(array));
            })
        .takes(Type.array(INT64))
        .returns(FLOAT64)
        .strict(
            (List<?> array) -> {
              BigDecimal sum = exactSum(array);
              return sum == null ? null : (Double) (sum.doubleValue() / count(array));
            })
        .takes(Type.array(NUMERIC))
        .returns(NUMERIC)
        .strict((List<?> array) -> averageOfDecimals(array, NUMERIC))
        .takes(Type.array(BIGNUMERIC))
        .returns(BIGNUMERIC)
        .strict((List<?> array) -> averageOfDecimals(array, BIGNUMERIC));
  }

  /** Of NaN and numbers it is NaN, as of MIN and MAX. */
  private static @Nullable Object greatest(List<?> array, Comparator<Object> order) {
    Object greatest = null;
    for (Object element : array) {
      if (element instanceof Double number && number.isNaN()) {
        return element;
      }
      if (element != null && (greatest == null || order.compare(element, greatest) > 0)) {
        greatest = element;
      }
    }
    return greatest;
  }

  private static long count(List<?> array) {
    return array.stream().filter(e -> e != null).count();
  }

  private static @Nullable Long sumOfLongs(List<?> array) {
    BigDecimal sum = exactSum(array);
    if (sum != null && sum.toBigInteger().bitLength() >= Long.SIZE) {
      throw new EvaluationException("int64 overflow in ARRAY_SUM");
    }
    return sum == null ? null : (Long) sum.longValue();
  }

  private static @Nullable Double sumOfDoubles(List<?> array) {
    Double sum = null;
    boolean finite = true;
    for (Object element : array) {
      if (element instanceof Double number) {
        sum = sum == null ? number : (Double) (sum + number);
        finite &= Double.isFinite(number);
      }
    }
    if (sum != null && finite && !Double.isFinite(sum)) {
      throw new EvaluationException("float64 overflow in ARRAY_SUM");
    }
    return sum;
  }

  private static @Nullable BigDecimal exactSum(List<?> array) {
    BigDecimal sum = null;
    for (Object element : array) {
      if (element != null) {
        BigDecimal value =
            element instanceof Long number ? BigDecimal.valueOf(number) : (BigDecimal) element;
        sum = sum == null ? value : sum.add(value);
      }
    }
    return sum;
  }

  private static @Nullable BigDecimal sumOfDecimals(List<?> array, ScalarType type) {
    BigDecimal sum = exactSum(array);
    return sum == null ? null : Numerics.fit(sum, type, "ARRAY_SUM");
  }

  private static @Nullable BigDecimal averageOfDecimals(List<?> array, ScalarType type) {
    BigDecimal sum = exactSum(array);
    return sum == null
        ? null
        : Numerics.fit(
            Checked.divide(sum, BigDecimal.valueOf(count(array)), type), type, "ARRAY_AVG");
  }

  private static void access(Registry registry, String name, int first, boolean safe) {
    registry
        .operator(name, "[]")
        .takes(arrayOfT(), of(INT64))
        .returnsT()
        .strict(
            (List<?> array, Long index) -> {
              if (index >= first && index - first < array.size()) {
                return array.get((int) (index - first));
              } else if (safe) {
                return null;
              }
              throw new EvaluationException(
                  "Array index " + index + " is out of bounds of an array of " + array.size());
            });
  }
}
