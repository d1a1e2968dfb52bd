package dev.beamline.transform.group;

import dev.beamline.catalog.Tuple;
import dev.beamline.execution.kernel.RowErrors;
import dev.beamline.transform.window.Window;
import java.util.function.Consumer;

/**
 * What a group computes, compiled. Adding and merging may change the accumulator they are given
 * first, never the second; finishing changes none. Merging is associative and commutative.
 */
public interface Kernel {

  Object create();

  /**
   * Throws where adding the row would throw. Asked before a row is added to several groups, so that
   * it is in all of them or in none.
   */
  void check(Tuple row, int side);

  /**
   * Adds a row; where it throws, the accumulator is as it was.
   *
   * @param side which input of the operator the row is from
   * @throws dev.beamline.execution.expression.EvaluationException where the row is in error
   */
  Object add(Object accumulator, Tuple row, int side);

  Object merge(Object accumulator, Object other);

  /**
   * Hands out the group's rows.
   *
   * @param key the group's key columns
   * @param errors gets rows, or the group's key, on which an expression fails
   */
  void finish(Object accumulator, Tuple key, Window window, Consumer<Tuple> rows, RowErrors errors);
}
