package dev.beamline.execution.aggregate;

import dev.beamline.catalog.Tuple;
import org.apache.beam.sdk.coders.Coder;
import org.jspecify.annotations.Nullable;

/**
 * One aggregate call, compiled. Adding and merging may change and return the accumulator they are
 * given first; they never change the second. Merging is associative and commutative, so that rows
 * may be summed in bundles and in any order: results never depend on it (order-dependent functions
 * keep what they need to sort at the end).
 *
 * @param <A> the accumulator
 */
public interface Aggregator<A> {

  A create();

  /** Adds one input row (filter, NULL handling and DISTINCT are the aggregator's own work). */
  A add(A accumulator, Tuple row);

  A merge(A accumulator, A other);

  /**
   * The result; does not change the accumulator.
   *
   * @throws dev.beamline.execution.expression.EvaluationException on overflow
   */
  @Nullable Object result(A accumulator);

  /**
   * A compact, versioned form: it is what crosses the shuffle and what a live job's state holds.
   */
  Coder<A> coder();
}
