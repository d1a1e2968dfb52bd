package dev.beamline.execution.aggregate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import dev.beamline.catalog.Values;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.row.RandomValues;
import dev.beamline.plan.AggregateCall;
import dev.beamline.plan.AggregateCall.Nulls;
import dev.beamline.plan.Expression;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.util.SerializableUtils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every function gives one result however the rows are ordered, divided into bundles, encoded on
 * the way and merged.
 */
class OrderIndependenceTest {

  private static final int BOOL_COLUMN = 2;
  private static final int FLOAT_COLUMN = 3;

  @TestFactory
  Stream<DynamicTest> everyFunction() {
    Map<String, TestCall> calls = calls();
    long seed = new Random().nextLong();
    return calls.entrySet().stream()
        .map(
            call ->
                DynamicTest.dynamicTest(
                    call.getKey() + " seed " + seed,
                    () -> check(call.getKey(), call.getValue().build(), seed)));
  }

  private static Map<String, TestCall> calls() {
    Map<String, TestCall> calls = new LinkedHashMap<>();
    Expression filter = new Expression.InputColumn(BOOL_COLUMN, ScalarType.BOOL);
    put(calls, "COUNT(*)", TestCall.of("COUNT"));
    put(calls, "COUNT(*) FILTER", TestCall.of("COUNT").filter(filter));
    put(calls, "COUNTIF", TestCall.of("COUNTIF").column(BOOL_COLUMN, ScalarType.BOOL));
    put(calls, "LOGICAL_AND", TestCall.of("LOGICAL_AND").column(BOOL_COLUMN, ScalarType.BOOL));
    put(calls, "LOGICAL_OR", TestCall.of("LOGICAL_OR").column(BOOL_COLUMN, ScalarType.BOOL));
    for (Type type : types()) {
      String of = "(" + type.sql() + ")";
      put(calls, "COUNT" + of, TestCall.of("COUNT", type));
      put(calls, "ANY_VALUE" + of, TestCall.of("ANY_VALUE", type));
      put(calls, "MAX_BY" + of, TestCall.of("MAX_BY", type).column(1, ScalarType.INT64));
      put(
          calls,
          "ARRAY_AGG" + of,
          type instanceof ScalarType || type instanceof StructType
              ? TestCall.of("ARRAY_AGG", type)
              : TestCall.of("ARRAY_CONCAT_AGG", type));
      if (Kinds.groupable(type)) {
        put(calls, "COUNT DISTINCT" + of, TestCall.of("COUNT", type).distinct());
        put(
            calls,
            "APPROX_TOP_COUNT" + of,
            TestCall.of("APPROX_TOP_COUNT", type).literal(3L, ScalarType.INT64));
        put(
            calls,
            "APPROX_TOP_SUM" + of,
            TestCall.of("APPROX_TOP_SUM", type)
                .column(FLOAT_COLUMN, ScalarType.FLOAT64)
                .literal(3L, ScalarType.INT64));
      }
      if (Kinds.orderable(type)) {
        orderable(calls, type, of);
      }
      if (Kinds.numeric(type) || type == ScalarType.INTERVAL) {
        for (String name : List.of("SUM", "AVG")) {
          put(calls, name + of, TestCall.of(name, type));
          put(calls, name + " FILTER" + of, TestCall.of(name, type).filter(filter));
          put(calls, name + " DISTINCT" + of, TestCall.of(name, type).distinct());
        }
      }
      if (Kinds.decimal(type) || type == ScalarType.FLOAT64) {
        for (String name : List.of("STDDEV", "STDDEV_POP", "VARIANCE", "VAR_POP")) {
          put(calls, name + of, TestCall.of(name, type));
        }
        put(calls, "STDDEV DISTINCT" + of, TestCall.of("STDDEV", type).distinct());
        for (String name : List.of("CORR", "COVAR_POP", "COVAR_SAMP")) {
          put(
              calls,
              name + of,
              TestCall.of(name, type).column(type == ScalarType.FLOAT64 ? FLOAT_COLUMN : 0, type));
        }
      }
    }
    for (String name : List.of("BIT_AND", "BIT_OR", "BIT_XOR")) {
      put(calls, name, TestCall.of(name, ScalarType.INT64));
      put(calls, name + " DISTINCT", TestCall.of(name, ScalarType.INT64).distinct());
    }
    for (Type type : List.of(ScalarType.INT64, ScalarType.STRING, ScalarType.BYTES)) {
      put(calls, "HLL_COUNT.INIT(" + type + ")", TestCall.of("HLL_COUNT.INIT", type));
    }
    for (Type type : List.of(ScalarType.STRING, ScalarType.BYTES)) {
      put(calls, "STRING_AGG(" + type + ")", TestCall.of("STRING_AGG", type));
      put(
          calls,
          "STRING_AGG DISTINCT(" + type + ")",
          TestCall.of("STRING_AGG", type).distinct().orderBy(0, type, true).limit(4));
    }
    return calls;
  }

  private static void orderable(Map<String, TestCall> calls, Type type, String of) {
    put(calls, "MIN" + of, TestCall.of("MIN", type));
    put(calls, "MAX" + of, TestCall.of("MAX", type));
    put(calls, "MIN_BY" + of, TestCall.of("MIN_BY").column(1, ScalarType.INT64).column(0, type));
    put(calls, "APPROX_COUNT_DISTINCT" + of, TestCall.of("APPROX_COUNT_DISTINCT", type));
    put(
        calls,
        "APPROX_QUANTILES" + of,
        TestCall.of("APPROX_QUANTILES", type).literal(5L, ScalarType.INT64).nulls(Nulls.RESPECT));
    put(
        calls,
        "PERCENTILE_DISC" + of,
        TestCall.of("PERCENTILE_DISC", type).literal(0.3, ScalarType.FLOAT64));
    put(
        calls,
        "ARRAY_AGG ordered" + of,
        TestCall.of("ARRAY_AGG")
            .column(1, ScalarType.INT64)
            .nulls(Nulls.IGNORE)
            .orderBy(0, type, true)
            .limit(5));
    put(calls, "ARRAY_AGG DISTINCT" + of, TestCall.of("ARRAY_AGG", type).distinct().limit(3));
  }

  private static List<Type> types() {
    List<Type> types = new ArrayList<>(List.of(ScalarType.values()));
    types.add(Type.array(ScalarType.FLOAT64));
    types.add(
        new StructType(
            List.of(Column.of("a", ScalarType.STRING), Column.of("b", ScalarType.FLOAT64))));
    return types;
  }

  private static void put(Map<String, TestCall> calls, String name, TestCall call) {
    if (calls.put(name, call) != null) {
      throw new IllegalStateException(name);
    }
  }

  @Test
  void manyValues() throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    List<Tuple> rows = new ArrayList<>();
    for (int i = 0; i < 30_000; i++) {
      rows.add(
          Tuple.of(
              (long) (random.nextGaussian() * 1e6),
              random.nextGaussian() * 1e3,
              Long.toString(random.nextLong(), 36)));
    }
    List<Type> types = List.of(ScalarType.INT64, ScalarType.FLOAT64, ScalarType.STRING);
    for (int i = 0; i < types.size(); i++) {
      for (String name : List.of("APPROX_QUANTILES", "APPROX_TOP_COUNT")) {
        TestCall call = TestCall.of(name).column(i, types.get(i)).literal(10L, ScalarType.INT64);
        checkRows(AggregatorFactory.create(call.build()), rows, random, () -> "seed " + seed);
      }
      TestCall call = TestCall.of("APPROX_COUNT_DISTINCT").column(i, types.get(i));
      checkRows(AggregatorFactory.create(call.build()), rows, random, () -> "seed " + seed);
    }
  }

  private static void check(String name, AggregateCall call, long seed) throws Exception {
    RandomValues values = new RandomValues(seed + name.hashCode());
    Random random = new Random(seed);
    Type first =
        call.arguments().isEmpty() ? ScalarType.INT64 : firstColumn(call, ScalarType.INT64);
    for (int round = 0; round < 12; round++) {
      List<Tuple> rows = new ArrayList<>();
      int n = round == 0 ? 0 : round == 11 ? 3000 : random.nextInt(120);
      for (int i = 0; i < n; i++) {
        rows.add(
            Tuple.of(
                round % 2 == 0 ? small(values.nullable(first)) : values.nullable(first),
                random.nextInt(4) == 0 ? null : (Long) (long) random.nextInt(10),
                values.nullable(ScalarType.BOOL),
                random.nextInt(9) == 0 ? null : (Double) Math.abs(random.nextGaussian())));
      }
      checkRows(AggregatorFactory.create(call), rows, random, () -> name + " seed " + seed);
    }
  }

  /** Keeps sums in range. */
  private static @Nullable Object small(@Nullable Object value) {
    if (value instanceof Long number) {
      return number % 1000;
    } else if (value instanceof BigDecimal decimal) {
      return Values.canonical(
          decimal.remainder(BigDecimal.TEN).setScale(9, java.math.RoundingMode.DOWN));
    }
    return value;
  }

  private static Type firstColumn(AggregateCall call, Type otherwise) {
    List<Expression> all = new ArrayList<>(call.arguments());
    call.orderBy().forEach(k -> all.add(k.expression()));
    return all.stream()
        .filter(e -> e instanceof Expression.InputColumn c && c.index() == 0)
        .map(Expression::type)
        .findFirst()
        .orElse(otherwise);
  }

  private static <A> void checkRows(
      Aggregator<A> aggregator,
      List<Tuple> rows,
      Random random,
      java.util.function.Supplier<String> message)
      throws Exception {
    A all = aggregator.create();
    for (Tuple row : rows) {
      all = aggregator.add(all, row);
    }
    Object expected = result(aggregator, all);
    assertEquals(expected, result(aggregator, all), message);
    for (int division = 0; division < 4; division++) {
      List<Tuple> shuffled = new ArrayList<>(rows);
      Collections.shuffle(shuffled, random);
      List<A> parts = new ArrayList<>();
      int bundles = 1 + random.nextInt(6);
      for (int i = 0; i < bundles; i++) {
        parts.add(aggregator.create());
      }
      for (Tuple row : shuffled) {
        int at = random.nextInt(bundles);
        parts.set(at, aggregator.add(parts.get(at), row));
      }
      while (parts.size() > 1) {
        A left = copy(aggregator, parts.remove(random.nextInt(parts.size())));
        A right = parts.remove(random.nextInt(parts.size()));
        byte[] before = CoderUtils.encodeToByteArray(aggregator.coder(), right);
        A merged = aggregator.merge(left, right);
        assertArrayEquals(before, CoderUtils.encodeToByteArray(aggregator.coder(), right), message);
        parts.add(merged);
      }
      assertEquals(expected, result(aggregator, copy(aggregator, parts.get(0))), message);
    }
  }

  private static <A> A copy(Aggregator<A> aggregator, A accumulator) throws Exception {
    org.apache.beam.sdk.coders.Coder<A> coder = aggregator.coder();
    assertEquals(coder, SerializableUtils.ensureSerializable(coder));
    return CoderUtils.decodeFromByteArray(coder, CoderUtils.encodeToByteArray(coder, accumulator));
  }

  private static <A> @Nullable Object result(Aggregator<A> aggregator, A accumulator) {
    try {
      return aggregator.result(accumulator);
    } catch (EvaluationException e) {
      return e.getMessage();
    }
  }
}
