package dev.beamline.execution.aggregate;

import dev.beamline.execution.expression.Evaluator;
import dev.beamline.execution.expression.ExpressionCompiler;
import dev.beamline.plan.AggregateCall;
import dev.beamline.plan.Expression;
import java.util.function.Function;

/** Makes aggregators of a plan's calls. */
public final class AggregatorFactory {

  private AggregatorFactory() {}

  /** An aggregator over the rows that the call's expressions refer to. */
  public static Aggregator<?> create(AggregateCall call) {
    return create(call, ExpressionCompiler::compile);
  }

  /**
   * The same with a compiler that knows more, such as subqueries.
   *
   * @throws IllegalArgumentException where the call is not what the catalog accepts
   */
  public static Aggregator<?> create(AggregateCall call, Function<Expression, Evaluator> compiler) {
    return make(call, compiler, false);
  }

  /**
   * @param arrival whether the rows come in an order that arrays and texts without an ORDER BY of
   *     their own keep: over a window, not in a group
   */
  static FormattedAggregator<?> make(
      AggregateCall call, Function<Expression, Evaluator> compiler, boolean arrival) {
    CompiledCall compiled =
        new CompiledCall(
            call,
            call.arguments().stream().map(compiler).toList(),
            call.orderBy().stream().map(k -> compiler.apply(k.expression())).toList(),
            arrival);
    FormattedAggregator<?> aggregator =
        AggregateCatalog.get(call.function()).maker().make(compiled);
    AggregateCall.Having having = call.having();
    if (having != null) {
      aggregator =
          new HavingAggregator<>(
              compiler.apply(having.value()), having.value().type(), having.max(), aggregator);
    }
    Expression filter = call.filter();
    return filter == null ? aggregator : filtered(compiler.apply(filter), aggregator);
  }

  private static <A> FormattedAggregator<A> filtered(
      Evaluator filter, FormattedAggregator<A> aggregator) {
    return new FilteredAggregator<>(filter, aggregator);
  }
}
