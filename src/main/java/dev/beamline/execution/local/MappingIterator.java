package dev.beamline.execution.local;

import dev.beamline.catalog.Tuple;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.kernel.RowErrors;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.function.Consumer;

/** Makes none, one or several rows of each row; a row that fails makes none. */
abstract class MappingIterator implements Iterator<Tuple> {

  private final Iterator<Tuple> input;
  private final RowErrors errors;
  private final Queue<Tuple> ready = new ArrayDeque<>();

  MappingIterator(Iterator<Tuple> input, RowErrors errors) {
    this.input = input;
    this.errors = errors;
  }

  abstract void map(Tuple row, Consumer<Tuple> out);

  @Override
  public boolean hasNext() {
    while (ready.isEmpty() && input.hasNext()) {
      Tuple row = input.next();
      try {
        map(row, ready::add);
      } catch (EvaluationException e) {
        ready.clear();
        errors.failed(row, e);
      }
    }
    return !ready.isEmpty();
  }

  @Override
  public Tuple next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return ready.remove();
  }
}
