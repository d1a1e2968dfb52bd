package dev.beamline.pipeline;

import static dev.beamline.pipeline.TestPlans.MINUTE;
import static dev.beamline.pipeline.TestPlans.windowing;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import dev.beamline.execution.aggregate.Aggregator;
import dev.beamline.execution.aggregate.AggregatorFactory;
import dev.beamline.execution.aggregate.TestCall;
import dev.beamline.execution.expression.ExpressionCompiler;
import dev.beamline.plan.QueryPlan;
import dev.beamline.transform.ErrorRecord;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Sketches of one group that cannot be merged, and meet where no row can be refused any more. */
final class IncompatibleSketchesTest {

  private static <A> ByteString add(Aggregator<A> aggregator, Object value) {
    return (ByteString)
        Objects.requireNonNull(
            aggregator.result(aggregator.add(aggregator.create(), Tuple.of(value))));
  }

  private static String sketch(Type type, Object value) {
    ByteString bytes =
        add(
            AggregatorFactory.create(
                TestCall.of("HLL_COUNT.INIT", type).build(), ExpressionCompiler::compile),
            value);
    return "FROM_HEX('" + HexFormat.of().formatHex(bytes.toByteArray()) + "')";
  }

  private static Tuple row(String user, long score) {
    return Tuple.of("t", user, score, null, 0.5, List.of(), 5 * MINUTE);
  }

  /** Rows in bundles of their own are summed by themselves. */
  @Test
  void theGroupIsAnError() {
    QueryPlan plan =
        SqlQueries.compile(
            "merged",
            "SELECT user, HLL_COUNT.MERGE(IF(score = 1, "
                + sketch(ScalarType.INT64, 1L)
                + ", "
                + sketch(ScalarType.STRING, "x")
                + ")) AS n FROM events GROUP BY user, TUMBLE(ts, INTERVAL 1 HOUR)",
            true);
    QueryJob job = TestPlans.job(plan, windowing(Duration.ZERO, null, null));
    Runs run =
        Runs.of(
            List.of(job),
            MemorySource.of(
                "events",
                SqlQueries.EVENTS,
                new Script(SqlQueries.EVENTS, SqlQueries.TIME)
                    .rows(row("ann", 1), row("bob", 1))
                    .rows(row("ann", 2))
                    .rows(row("bob", 1))
                    .end()));
    List<Tuple> table = run.table(job);
    assertEquals(1, table.size(), table.toString());
    assertEquals("bob", table.get(0).get(0));
    assertEquals(1L, table.get(0).get(1));
    List<ErrorRecord> errors = run.sinks.errors("merged");
    assertEquals(1, errors.size(), errors.toString());
    assertEquals(
        "merged.sql:1:14: Invalid or incompatible sketch in HLL_COUNT.MERGE",
        errors.get(0).message());
    assertEquals(1, run.counter("failed_results:merged"));
  }
}
