package dev.beamline.execution.function;

import dev.beamline.execution.expression.Evaluator;
import dev.beamline.plan.Expression;
import java.util.List;

/** Makes the evaluator of one call; its arguments have the types of the overload. */
@FunctionalInterface
public interface CallCompiler {
  Evaluator compile(Expression.Call call, List<Evaluator> arguments);
}
