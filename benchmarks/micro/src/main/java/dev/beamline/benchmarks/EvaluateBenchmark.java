package dev.beamline.benchmarks;

import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Tuple;
import dev.beamline.diagnostic.Place;
import dev.beamline.execution.aggregate.GroupAggregator;
import dev.beamline.execution.expression.Evaluator;
import dev.beamline.execution.expression.ExpressionCompiler;
import dev.beamline.plan.AggregateCall;
import dev.beamline.plan.Expression;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a condition costs on a row, and adding a row to a sum. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class EvaluateBenchmark {

  private static final Place PLACE = Place.ofFile("benchmark.sql");

  private final Tuple row = Tuple.of("blue", "score", 7L);
  private final Expression team = new Expression.InputColumn(0, ScalarType.STRING);
  private final Expression score = new Expression.InputColumn(2, ScalarType.INT64);

  /** type = 'score' AND score > 5. */
  private final Evaluator condition =
      ExpressionCompiler.compile(
          call(
              "AND",
              call(
                  "EQ",
                  new Expression.InputColumn(1, ScalarType.STRING),
                  new Expression.Literal("score", ScalarType.STRING)),
              call("GT", score, new Expression.Literal(5L, ScalarType.INT64))));

  private final GroupAggregator sum =
      GroupAggregator.of(
          List.of(
              new AggregateCall(
                  "SUM",
                  List.of(score),
                  false,
                  null,
                  List.of(),
                  null,
                  AggregateCall.Nulls.DEFAULT,
                  ScalarType.INT64,
                  PLACE)));
  private Object[] sums = sum.create();

  private static Expression call(String function, Expression... arguments) {
    return new Expression.Call(function, List.of(arguments), ScalarType.BOOL, false, PLACE);
  }

  @Benchmark
  public Object condition() {
    return condition.evaluate(row);
  }

  @Benchmark
  public Object accumulate() {
    sums = sum.add(sums, row);
    return sums;
  }
}
