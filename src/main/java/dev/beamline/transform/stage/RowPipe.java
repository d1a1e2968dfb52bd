package dev.beamline.transform.stage;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.execution.expression.ExpressionCompiler;
import java.util.List;

/** Steps alone, compiled: rows go in and what becomes of them comes out. One thread uses it. */
public final class RowPipe {

  private final Cursor cursor = new Cursor();
  private final Link head;
  private Out out = (row, noted) -> {};

  public RowPipe(List<RowStep> steps, Schema input, ExpressionCompiler expressions) {
    this.head =
        new Links(steps, input, expressions, expressions::evaluator, cursor)
            .to(row -> out.accept(row, cursor.noted));
  }

  /** Who gets the rows. */
  public interface Out {
    /**
     * @param noted the time that the row's windows are found by, in microseconds
     */
    void accept(Tuple row, long noted);
  }

  /**
   * Runs one row through.
   *
   * @throws dev.beamline.execution.expression.EvaluationException where the row is in error; some
   *     of what becomes of it may have come out already
   */
  public void run(Tuple row, Out to) {
    out = to;
    head.accept(row);
  }
}
