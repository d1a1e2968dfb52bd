package dev.beamline.execution.expression;

import dev.beamline.catalog.Tuple;
import dev.beamline.execution.function.FunctionCatalog;
import dev.beamline.execution.function.ScalarFunction;
import dev.beamline.plan.Expression;
import java.util.List;

/** Replaces what is the same for every row by its value. */
public final class ConstantFolding {

  private static final Tuple NO_ROW = Tuple.of();

  private ConstantFolding() {}

  /**
   * Evaluates deterministic calls over literals, from the inside out. A call that fails stays: it
   * must only fail where it is evaluated, which may be never. Subqueries stay as they are.
   */
  public static Expression fold(Expression expression) {
    if (expression instanceof Expression.Field field) {
      Expression struct = fold(field.struct());
      if (struct instanceof Expression.Literal literal) {
        Object value = literal.value() instanceof Tuple tuple ? tuple.get(field.index()) : null;
        return new Expression.Literal(value, field.type());
      }
      return new Expression.Field(struct, field.index(), field.type());
    }
    if (!(expression instanceof Expression.Call call)) {
      return expression;
    }
    List<Expression> arguments = call.arguments().stream().map(ConstantFolding::fold).toList();
    Expression.Call folded =
        new Expression.Call(call.function(), arguments, call.type(), call.safe(), call.place());
    boolean deterministic =
        FunctionCatalog.standard()
            .get(call.function())
            .filter(ScalarFunction::deterministic)
            .isPresent();
    if (!deterministic || !arguments.stream().allMatch(a -> a instanceof Expression.Literal)) {
      return folded;
    }
    try {
      return new Expression.Literal(
          ExpressionCompiler.compile(folded).evaluate(NO_ROW), call.type());
    } catch (EvaluationException e) {
      return folded;
    }
  }
}
