package dev.beamline.transform.stage;

import dev.beamline.catalog.Tuple;
import dev.beamline.execution.expression.Evaluator;
import dev.beamline.execution.expression.ExpressionCompiler;
import dev.beamline.execution.function.FunctionCatalog;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Expressions;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates what several queries compute of a row once. A call that fails is evaluated by each of
 * them, so that each has its own error with its own place; and what nobody gets to is not
 * evaluated. One thread uses it.
 */
final class SharedValues {

  private final Map<Expression, Integer> uses = new HashMap<>();
  private final Map<Expression, Memo> memos = new HashMap<>();

  /** How often what is around the call that is being compiled is used. */
  private int around = 1;

  /** A value and the row that it is of. */
  private static final class Memo {
    private @Nullable Tuple row;
    private @Nullable Object value;

    @SuppressWarnings("ReferenceEquality") // The very row: others ask right behind each other.
    @Nullable Object value(Tuple wanted, Evaluator evaluator) {
      if (row != wanted) {
        value = evaluator.evaluate(wanted);
        row = wanted;
      }
      return value;
    }
  }

  /** Compiles as the given compiler, and notes what is used how often. */
  ExpressionCompiler counting(ExpressionCompiler compiler) {
    return compiler.sharing(
        (call, compiled) -> {
          if (sharable(call)) {
            uses.merge(Expressions.canonical(call), 1, Integer::sum);
          }
          return compiled.get();
        });
  }

  /** Compiles over the rows that enter, once all uses are noted. */
  ExpressionCompiler sharing(ExpressionCompiler compiler) {
    return compiler.sharing(this::share);
  }

  private Evaluator share(Expression.Call call, Supplier<Evaluator> compiled) {
    Expression key = Expressions.canonical(call);
    int used = uses.getOrDefault(key, 0);
    // What is used only within something that is kept already need not be kept as well.
    if (used <= around) {
      return compiled.get();
    }
    int before = around;
    around = used;
    Evaluator own = compiled.get();
    around = before;
    Memo memo = memos.computeIfAbsent(key, k -> new Memo());
    return row -> memo.value(row, own);
  }

  private static boolean sharable(Expression.Call call) {
    return FunctionCatalog.standard().deterministic(call)
        && !Expressions.contains(call, part -> part instanceof Expression.RowSubquery);
  }
}
