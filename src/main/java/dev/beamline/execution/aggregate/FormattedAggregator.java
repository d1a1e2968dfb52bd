package dev.beamline.execution.aggregate;

import dev.beamline.catalog.Tuple;
import org.apache.beam.sdk.coders.Coder;

/** An aggregator that knows how its accumulators become bytes, so that others can embed them. */
abstract class FormattedAggregator<A> implements Aggregator<A> {

  abstract AccumulatorFormat<A> format();

  @Override
  public final Coder<A> coder() {
    return new AccumulatorCoder<>(format());
  }

  /**
   * Whether {@link #add} may fail after its arguments were evaluated. Such aggregators are given a
   * row before all others, so that a row that fails is counted nowhere.
   */
  boolean refusesValues() {
    return false;
  }

  /**
   * Whether {@link #add} takes a row, whatever came before it: where several refuse, all are asked
   * before any is given it.
   *
   * @throws dev.beamline.execution.expression.EvaluationException as {@link #add} would
   */
  void check(Tuple row) {}

  /** Whether {@link #remove} works. */
  boolean removes() {
    return false;
  }

  /** Whether the accumulator of many rows is as small as that of one. */
  boolean small() {
    return removes();
  }

  /** Whether the order of rows shows in the result. */
  boolean keepsOrder() {
    return false;
  }

  /** Takes back a row that was added: for frames that slide. */
  void remove(A accumulator, Tuple row) {
    throw new UnsupportedOperationException("rows cannot be taken back");
  }
}
