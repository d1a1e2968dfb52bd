package dev.beamline.execution.kernel;

import dev.beamline.catalog.Tuple;
import dev.beamline.execution.expression.Evaluator;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Plan;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Joins a row with the elements of its array. An error of the condition is an error of the row. */
public final class UnnestKernel {

  private final Plan.Unnest plan;
  private final Evaluator array;
  private final @Nullable Evaluator condition;

  public UnnestKernel(Plan.Unnest plan, Function<Expression, Evaluator> compiler) {
    this.plan = plan;
    this.array = compiler.apply(plan.array());
    Expression expression = plan.condition();
    this.condition = expression == null ? null : compiler.apply(expression);
  }

  /**
   * Gives the row once an element.
   *
   * @throws dev.beamline.execution.expression.EvaluationException where an expression fails; rows
   *     may have been given before
   */
  public void apply(Tuple row, Consumer<Tuple> out) {
    boolean any = false;
    if (array.evaluate(row) instanceof List<?> elements) {
      for (int i = 0; i < elements.size(); i++) {
        Tuple joined = join(row, elements.get(i), (long) i);
        if (condition == null || Boolean.TRUE.equals(condition.evaluate(joined))) {
          any = true;
          out.accept(joined);
        }
      }
    }
    if (!any && plan.outer()) {
      out.accept(join(row, null, null));
    }
  }

  private Tuple join(Tuple row, @Nullable Object element, @Nullable Long offset) {
    return plan.withOffset()
        ? RowBuilder.append(row, element, offset)
        : RowBuilder.append(row, element);
  }
}
