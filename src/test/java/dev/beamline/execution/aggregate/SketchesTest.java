package dev.beamline.execution.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.zetasketch.HyperLogLogPlusPlus;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import dev.beamline.execution.expression.EvaluationException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SketchesTest {

  @Test
  void aStringIsHashedAsBigQueryDoes() {
    HyperLogLogPlusPlus<String> theirs = new HyperLogLogPlusPlus.Builder().buildForStrings();
    theirs.add("ä");
    theirs.add("blue");
    ByteString ours =
        (ByteString) run(TestCall.of("HLL_COUNT.INIT", ScalarType.STRING), List.of("ä", "blue"));
    // Only the count of additions and the kind of values stand before the same data.
    assertEquals(
        HexFormat.of().formatHex(theirs.serializeToByteArray()).replaceFirst("^.*?82", "82"),
        HexFormat.of().formatHex(ours.toByteArray()).replaceFirst("^.*?82", "82"));
  }

  @Test
  void sketchesMergeAcrossPrecisionsAndNotAcrossTypes() {
    List<@Nullable Object> sketches = new ArrayList<>();
    sketches.add(sketch(ScalarType.INT64, 15, 1L, 2L, 3L, 4L, 5L));
    sketches.add(sketch(ScalarType.INT64, 16, 4L, 5L, 6L));
    sketches.add(null);
    sketches.add(sketch(ScalarType.INT64, 17, 6L, 7L, 8L, 9L, 10L));
    assertEquals(10L, run(TestCall.of("HLL_COUNT.MERGE", ScalarType.BYTES), sketches));
    Collections.reverse(sketches);
    assertEquals(10L, run(TestCall.of("HLL_COUNT.MERGE", ScalarType.BYTES), sketches));
    ByteString merged =
        (ByteString) run(TestCall.of("HLL_COUNT.MERGE_PARTIAL", ScalarType.BYTES), sketches);
    assertEquals(10, HllSketches.extract(merged));
    sketches.add(sketch(ScalarType.STRING, 15, "foo"));
    EvaluationException e =
        assertThrows(
            EvaluationException.class,
            () -> run(TestCall.of("HLL_COUNT.MERGE", ScalarType.BYTES), sketches));
    assertEquals("Invalid or incompatible sketch in HLL_COUNT.MERGE", e.getMessage());
  }

  @Test
  void estimatesAreNear() {
    List<@Nullable Object> values = new ArrayList<>();
    LongStream.range(0, 100_000).forEach(values::add);
    long estimate = (Long) run(TestCall.of("APPROX_COUNT_DISTINCT", ScalarType.INT64), values);
    assertEquals(100_000, estimate, 3_000);
    for (int n : new int[] {1, 100, 1000, 1024}) {
      assertEquals(
          (long) n,
          run(TestCall.of("APPROX_COUNT_DISTINCT", ScalarType.INT64), values.subList(0, n)));
    }
  }

  /** The rank of each boundary is near to what was asked for, whatever the distribution. */
  @Test
  void quantilesAreNear() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    List<List<@Nullable Object>> distributions = new ArrayList<>();
    for (int kind = 0; kind < 6; kind++) {
      List<@Nullable Object> values = new ArrayList<>();
      for (int i = 0; i < 100_000; i++) {
        values.add(
            switch (kind) {
              case 0 -> random.nextDouble();
              case 1 -> random.nextGaussian();
              case 2 -> Math.exp(3 * random.nextGaussian());
              case 3 -> 1.7e15 + random.nextInt(1_000_000_000);
              case 4 -> random.nextInt(10) == 0 ? random.nextDouble() * 1e9 : random.nextDouble();
              default -> (double) random.nextInt(50);
            });
      }
      distributions.add(values);
    }
    for (List<@Nullable Object> values : distributions) {
      TestCall call =
          TestCall.of("APPROX_QUANTILES", ScalarType.FLOAT64).literal(20L, ScalarType.INT64);
      List<?> boundaries = (List<?>) run(call, values);
      double[] sorted = values.stream().mapToDouble(v -> (Double) v).sorted().toArray();
      assertEquals(sorted[0], boundaries.get(0));
      assertEquals(sorted[sorted.length - 1], boundaries.get(20));
      for (int i = 1; i < 20; i++) {
        double boundary = (Double) boundaries.get(i);
        int at = Arrays.binarySearch(sorted, boundary);
        assertTrue(at >= 0, "a boundary is one of the values");
        int first = at;
        while (first > 0 && sorted[first - 1] == boundary) {
          first--;
        }
        int last = at;
        while (last + 1 < sorted.length && sorted[last + 1] == boundary) {
          last++;
        }
        double wanted = i / 20.0 * sorted.length;
        double off = Math.max(0, Math.max(first - wanted, wanted - last - 1));
        assertTrue(off < 0.005 * sorted.length, () -> "rank off by " + off + ", seed " + seed);
      }
    }
  }

  @Test
  void topCountsSurviveManyValues() {
    List<@Nullable Object> values = new ArrayList<>();
    for (long i = 0; i < 400_000; i++) {
      values.add(i % 4 == 0 ? i % 12 / 4 - 3 : (Long) i);
    }
    TestCall call = TestCall.of("APPROX_TOP_COUNT", ScalarType.INT64).literal(3L, ScalarType.INT64);
    List<?> top = (List<?>) run(call, values);
    assertEquals(List.of(Tuple.of(-3L, 33334L), Tuple.of(-2L, 33333L), Tuple.of(-1L, 33333L)), top);
  }

  @Test
  void arraysAreConcatenatedInTheirOwnOrder() {
    Type array = Type.array(ScalarType.INT64);
    List<@Nullable Object> arrays = new ArrayList<>();
    arrays.add(List.of(7L, 8L));
    arrays.add(null);
    arrays.add(List.of());
    arrays.add(Arrays.asList(null, 1L));
    arrays.add(List.of(5L));
    assertEquals(
        Arrays.asList(null, 1L, 5L, 7L, 8L), run(TestCall.of("ARRAY_CONCAT_AGG", array), arrays));
    assertEquals(
        Arrays.asList(null, 1L), run(TestCall.of("ARRAY_CONCAT_AGG", array).limit(2), arrays));
    assertNull(run(TestCall.of("ARRAY_CONCAT_AGG", array), Collections.singletonList(null)));
    assertEquals(List.of(), run(TestCall.of("ARRAY_CONCAT_AGG", array), List.of(List.of())));
  }

  private static ByteString sketch(Type type, long precision, Object... values) {
    TestCall call = TestCall.of("HLL_COUNT.INIT", type).literal(precision, ScalarType.INT64);
    Object sketch = run(call, Arrays.asList(values));
    return (ByteString) java.util.Objects.requireNonNull(sketch);
  }

  private static @Nullable Object run(TestCall call, List<@Nullable Object> values) {
    return run(AggregatorFactory.create(call.build()), values);
  }

  private static <A> @Nullable Object run(Aggregator<A> aggregator, List<@Nullable Object> values) {
    A accumulator = aggregator.create();
    for (Object value : values) {
      accumulator = aggregator.add(accumulator, Tuple.of(value));
    }
    return aggregator.result(accumulator);
  }
}
