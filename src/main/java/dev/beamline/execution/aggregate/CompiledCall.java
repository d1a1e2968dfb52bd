package dev.beamline.execution.aggregate;

import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import dev.beamline.execution.expression.Evaluator;
import dev.beamline.plan.AggregateCall;
import dev.beamline.plan.AggregateCall.Nulls;
import dev.beamline.plan.Expression;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call with the evaluators of its arguments and of its ORDER BY.
 *
 * @param arrival whether the rows come in an order that arrays keep
 */
record CompiledCall(
    AggregateCall call, List<Evaluator> arguments, List<Evaluator> orderBy, boolean arrival) {

  Evaluator argument(int index) {
    return arguments.get(index);
  }

  Type type(int index) {
    return call.arguments().get(index).type();
  }

  int size() {
    return arguments.size();
  }

  /** The value of an argument that must be a constant. */
  @Nullable Object constant(int index) {
    if (!(call.arguments().get(index) instanceof Expression.Literal)) {
      throw new IllegalArgumentException(
          call.function() + " needs a constant as argument " + (index + 1));
    }
    return arguments.get(index).evaluate(Tuple.of());
  }

  int constantNumber(int index) {
    if (constant(index) instanceof Long number && number > 0 && number <= Integer.MAX_VALUE) {
      return number.intValue();
    }
    throw new IllegalArgumentException(
        call.function() + " needs a positive number as argument " + (index + 1));
  }

  boolean respectsNulls(boolean byDefault) {
    return call.nulls() == Nulls.DEFAULT ? byDefault : call.nulls() == Nulls.RESPECT;
  }
}
