package dev.beamline.execution.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Tuple;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.row.ByteReader;
import dev.beamline.execution.row.ByteWriter;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Values that are collected are bounded: there is an error then, never a part of them. */
class CollectedTest {

  private static CollectAggregator arrayOf(boolean distinct, @Nullable Long limit) {
    return new CollectAggregator(
        row -> row.get(0),
        ScalarType.INT64,
        List.of(),
        List.of(),
        new CollectAggregator.Options(distinct, true, limit, false, 100),
        Finishers::array);
  }

  private static <A> A sum(FormattedAggregator<A> aggregator, long from, long to) {
    A sum = aggregator.create();
    for (long i = from; i < to; i++) {
      sum = aggregator.add(sum, Tuple.of(i));
    }
    return sum;
  }

  private static <A> A sent(FormattedAggregator<A> aggregator, A sum) {
    ByteWriter out = new ByteWriter();
    aggregator.format().write(sum, out);
    return aggregator.format().read(new ByteReader(out.toByteArray()));
  }

  @Test
  void asManyAsAllowedAreCollected() {
    CollectAggregator all = arrayOf(false, null);
    assertEquals(100, ((List<?>) all.result(sum(all, 0, 100))).size());
  }

  @Test
  void moreAreAnErrorAlsoWhenMergedAndSent() {
    CollectAggregator all = arrayOf(false, null);
    Collected merged = all.merge(sum(all, 0, 60), sum(all, 60, 101));
    assertEquals(0, merged.entries.size(), "its memory is given back");
    Collected later = all.add(sent(all, merged), Tuple.of(5L));
    EvaluationException error = assertThrows(EvaluationException.class, () -> all.result(later));
    assertEquals(
        "more than 100 values in one group do not fit into memory: add a LIMIT to the call, or group"
            + " by one more key or a shorter window",
        error.getMessage());
    assertThrows(
        EvaluationException.class, () -> all.result(all.merge(sum(all, 0, 1), sent(all, merged))));
  }

  @Test
  void whatALimitOrDistinctLetsGoDoesNotCount() {
    CollectAggregator limited = arrayOf(false, 3L);
    assertEquals(List.of(0L, 1L, 2L), limited.result(sum(limited, 0, 10_000)));
    CollectAggregator distinct = arrayOf(true, null);
    Collected twice = distinct.merge(sum(distinct, 0, 90), sum(distinct, 0, 90));
    assertEquals(90, ((List<?>) distinct.result(twice)).size());
    CollectAggregator different = arrayOf(true, null);
    Collected tooMany = sum(different, 0, 1_000);
    assertThrows(EvaluationException.class, () -> different.result(tooMany));
  }

  @Test
  void percentilesToo() {
    PercentileAggregator median =
        new PercentileAggregator(
            row -> row.get(0), ScalarType.INT64, new BigDecimal("0.5"), false, true, 100);
    assertEquals(49L, median.result(sum(median, 0, 100)));
    Collected tooMany = sent(median, sum(median, 0, 101));
    EvaluationException error =
        assertThrows(EvaluationException.class, () -> median.result(tooMany));
    assertEquals(
        "more than 100 values in one group do not fit into memory: use APPROX_QUANTILES, or group by"
            + " one more key or a shorter window",
        error.getMessage());
  }
}
