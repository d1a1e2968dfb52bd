package dev.beamline.transform.group;

import dev.beamline.execution.expression.Evaluator;
import dev.beamline.plan.Expression;
import java.io.Serializable;
import java.util.function.Function;
import org.apache.beam.sdk.coders.Coder;
import org.jspecify.annotations.Nullable;

/** What a group computes, as a description that workers compile. */
public interface Grouping extends Serializable {

  Kernel compile();

  /**
   * As {@link #compile()}, over rows that have the columns elsewhere.
   *
   * @param columns for each column of the row that is added its place in the row that is there, or
   *     -1 where nobody looks at it
   * @param compiler of expressions over the row that is there
   * @return null where the kernel needs its rows as they are
   */
  default @Nullable Kernel compileOver(int[] columns, Function<Expression, Evaluator> compiler) {
    return null;
  }

  Coder<Object> accumulatorCoder();

  /** Whether an accumulator grows with the rows that are added. */
  boolean collects();
}
