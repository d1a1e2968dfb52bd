package dev.beamline.execution.expression;

import dev.beamline.catalog.Tuple;
import org.jspecify.annotations.Nullable;

/**
 * A place for the row around a subquery. One is made when the subquery is compiled; the row is put
 * there before each run, so that the evaluators inside find it without being handed it. Used by one
 * thread at a time, as evaluators are.
 */
public final class OuterRow {

  private final @Nullable OuterRow outer;
  private @Nullable Tuple row;

  public OuterRow(@Nullable OuterRow outer) {
    this.outer = outer;
  }

  /** The place that many rows out; 1 is this one. */
  OuterRow out(int depth) {
    OuterRow at = this;
    for (int i = 1; i < depth; i++) {
      OuterRow next = at.outer;
      if (next == null) {
        throw new IllegalArgumentException("no row " + depth + " levels out");
      }
      at = next;
    }
    return at;
  }

  public void set(Tuple row) {
    this.row = row;
  }

  public Tuple row() {
    Tuple current = row;
    if (current == null) {
      throw new IllegalStateException("no outer row is set");
    }
    return current;
  }
}
