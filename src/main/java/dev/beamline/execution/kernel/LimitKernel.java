package dev.beamline.execution.kernel;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.expression.Evaluator;
import dev.beamline.execution.row.RowOrder;
import dev.beamline.execution.row.RowOrder.Keyed;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Plan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * ORDER BY ... LIMIT ... OFFSET over one partition. Ties are cut in the order of all columns.
 * Partial results can be merged: the first {@code offset + limit} rows of each part are enough.
 */
public final class LimitKernel {

  private final RowOrder order;
  private final Comparator<Keyed> comparator;
  private final long offset;
  private final long kept;

  public LimitKernel(Plan.Limit plan, Function<Expression, Evaluator> compiler) {
    Schema schema = plan.schema();
    this.order = RowOrder.of(plan.orderBy(), compiler);
    this.comparator = order.comparator(schema);
    this.offset = plan.offset();
    long sum = plan.offset() + plan.limit();
    this.kept = plan.limit() == 0 ? 0 : sum < 0 ? Long.MAX_VALUE : sum;
  }

  /** An empty collection of first rows. */
  public Top top() {
    return new Top();
  }

  /** The rows that the limit leaves, in their order. */
  public List<Tuple> apply(Iterable<Tuple> rows, RowErrors errors) {
    Top top = top();
    for (Tuple row : rows) {
      top.add(row, errors);
    }
    return top.result();
  }

  /** The first rows so far. */
  public final class Top {
    private final PriorityQueue<Keyed> rows = new PriorityQueue<>(comparator.reversed());

    private Top() {}

    /** Adds a row; one whose sort keys fail goes to the errors. */
    public void add(Tuple row, RowErrors errors) {
      Keyed keyed;
      try {
        keyed = new Keyed(order.keys(row), row);
      } catch (EvaluationException e) {
        errors.failed(row, e);
        return;
      }
      add(keyed);
    }

    private void add(Keyed keyed) {
      if (rows.size() < kept) {
        rows.add(keyed);
        return;
      }
      @Nullable Keyed last = rows.peek();
      if (last != null && comparator.compare(keyed, last) < 0) {
        rows.poll();
        rows.add(keyed);
      }
    }

    /** The rows that may still show in the result, in their order: a partial result. */
    public List<Tuple> candidates() {
      return sorted().stream().map(Keyed::row).toList();
    }

    /** The rows that the limit leaves, in their order. */
    public List<Tuple> result() {
      return sorted().stream().skip(offset).map(Keyed::row).toList();
    }

    private List<Keyed> sorted() {
      List<Keyed> sorted = new ArrayList<>(rows);
      sorted.sort(comparator);
      return sorted;
    }
  }
}
