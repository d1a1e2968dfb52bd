package dev.beamline.execution.aggregate;

import dev.beamline.catalog.Tuple;
import dev.beamline.execution.expression.Evaluator;
import org.jspecify.annotations.Nullable;

/** An aggregator of one argument's values. NULL is passed over unless it says otherwise. */
abstract class UnaryAggregator<A> extends FormattedAggregator<A> {

  private final Evaluator argument;

  UnaryAggregator(Evaluator argument) {
    this.argument = argument;
  }

  final @Nullable Object argument(Tuple row) {
    return argument.evaluate(row);
  }

  /** Adds a value that is not NULL. */
  abstract void accept(A accumulator, Object value);

  /** Adds a NULL. */
  void acceptNull(A accumulator) {}

  /** Whether {@link #acceptNull} does anything. */
  boolean seesNulls() {
    return false;
  }

  /** Takes back a value that is not NULL. */
  void retract(A accumulator, Object value) {
    throw new UnsupportedOperationException("values cannot be taken back");
  }

  @Override
  public final A add(A accumulator, Tuple row) {
    Object value = argument.evaluate(row);
    if (value != null) {
      accept(accumulator, value);
    } else {
      acceptNull(accumulator);
    }
    return accumulator;
  }

  @Override
  final void remove(A accumulator, Tuple row) {
    Object value = argument.evaluate(row);
    if (value != null) {
      retract(accumulator, value);
    }
  }
}
