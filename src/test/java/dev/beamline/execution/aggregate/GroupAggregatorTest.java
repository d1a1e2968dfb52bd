package dev.beamline.execution.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.plan.AggregateCall;
import dev.beamline.plan.Expression;
import java.util.List;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.util.CoderUtils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A row that one call refuses is counted by none. */
final class GroupAggregatorTest {

  private static AggregateCall top(int value, int weight, @Nullable Expression filter) {
    return TestCall.of("APPROX_TOP_SUM")
        .column(value, ScalarType.STRING)
        .column(weight, ScalarType.INT64)
        .literal(3L, ScalarType.INT64)
        .filter(filter)
        .build();
  }

  /** HAVING MAX of the sixth column. */
  private static AggregateCall ofBest(AggregateCall call) {
    return new AggregateCall(
        call.function(),
        call.arguments(),
        false,
        null,
        new AggregateCall.Having(new Expression.InputColumn(5, ScalarType.INT64), true),
        call.orderBy(),
        null,
        call.nulls(),
        call.type(),
        call.place());
  }

  private static AggregateCall merge(int column) {
    return TestCall.of("HLL_COUNT.MERGE").column(column, ScalarType.BYTES).build();
  }

  private static ByteString sketch(Type type, Object value) {
    GroupAggregator init = GroupAggregator.of(List.of(TestCall.of("HLL_COUNT.INIT", type).build()));
    return (ByteString)
        java.util.Objects.requireNonNull(
            init.result(init.add(init.create(), Tuple.of(value))).get(0));
  }

  private static void refuses(GroupAggregator calls, Object[] sums, Tuple row) {
    assertThrows(EvaluationException.class, () -> calls.add(sums, row));
  }

  @Test
  void aRowThatTheSecondCallRefusesIsNotInTheFirst() {
    Expression filter = new Expression.InputColumn(4, ScalarType.BOOL);
    GroupAggregator calls =
        GroupAggregator.of(List.of(top(0, 1, null), top(2, 3, filter), ofBest(top(2, 3, null))));
    Object[] sums = calls.create();
    sums = calls.add(sums, Tuple.of("a", 1L, "b", 2L, true, 7L));
    refuses(calls, sums, Tuple.of("a", 5L, "b", -1L, true, null));
    refuses(calls, sums, Tuple.of("a", 5L, "b", -1L, false, 7L));
    refuses(calls, sums, Tuple.of("a", 5L, "b", -1L, false, 8L));
    refuses(calls, sums, Tuple.of("a", -5L, "b", 1L, true, 8L));
    assertEquals(
        Tuple.of(
            List.of(Tuple.of("a", 1L)), List.of(Tuple.of("b", 2L)), List.of(Tuple.of("b", 2L))),
        calls.result(sums));
    refuses(calls, sums, Tuple.of("a", 5L, "b", -1L, false, 6L));
    // What is not looked at is not refused.
    sums = calls.add(sums, Tuple.of("a", 1L, "b", -1L, false, null));
    assertEquals(List.of(Tuple.of("a", 2L)), calls.result(sums).get(0));
  }

  @Test
  void whetherARowIsRefusedDoesNotDependOnTheOrder() {
    GroupAggregator calls = GroupAggregator.of(List.of(ofBest(top(2, 3, null))));
    Tuple refused = Tuple.of("a", 1L, "b", -1L, true, 6L);
    Object[] sums = calls.create();
    refuses(calls, sums, refused);
    refuses(calls, calls.add(sums, Tuple.of("a", 1L, "b", 1L, true, 7L)), refused);
  }

  @Test
  void aBrokenSketchIsInNoCall() {
    GroupAggregator calls = GroupAggregator.of(List.of(merge(0), merge(1)));
    ByteString one = sketch(ScalarType.INT64, 1L);
    ByteString two = sketch(ScalarType.INT64, 2L);
    Object[] sums = calls.create();
    refuses(calls, sums, Tuple.of(one, ByteString.copyFromUtf8("broken")));
    assertEquals(Tuple.of(0L, 0L), calls.result(sums));
    sums = calls.add(sums, Tuple.of(one, one));
    refuses(calls, sums, Tuple.of(two, ByteString.copyFromUtf8("broken")));
    assertEquals(Tuple.of(1L, 1L), calls.result(sums));
    sums = calls.add(sums, Tuple.of(two, null));
    assertEquals(Tuple.of(2L, 1L), calls.result(sums));
  }

  /** Whatever the order of the rows, and wherever they are added. */
  @Test
  void sketchesThatCannotBeMergedHaveNoResult() throws CoderException {
    GroupAggregator calls = GroupAggregator.of(List.of(merge(0)));
    ByteString one = sketch(ScalarType.INT64, 1L);
    ByteString text = sketch(ScalarType.STRING, "x");
    Object[] numbers = calls.add(calls.create(), Tuple.of(one));
    Object[] texts = calls.add(calls.create(), Tuple.of(text));
    Object[] both = CoderUtils.clone(calls.coder(), calls.merge(numbers, texts));
    Object[] all = calls.add(calls.merge(calls.create(), both), Tuple.of(one));
    Object[] oneByOne =
        calls.add(
            calls.add(calls.add(calls.create(), Tuple.of(text)), Tuple.of(one)), Tuple.of(one));
    for (Object[] sums : List.of(all, oneByOne)) {
      EvaluationException e = assertThrows(EvaluationException.class, () -> calls.result(sums));
      assertEquals("Invalid or incompatible sketch in HLL_COUNT.MERGE", e.getMessage());
    }
  }
}
