package dev.beamline.transform.lookup;

import dev.beamline.catalog.Tuple;
import dev.beamline.diagnostic.Place;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.kernel.JoinKernel;
import dev.beamline.execution.kernel.RowBuilder;
import dev.beamline.execution.kernel.RowErrors;
import dev.beamline.plan.Plan;
import dev.beamline.transform.Compilers;
import java.io.Serializable;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is looked up for a row in a table that is there as a whole. */
public sealed interface Lookup extends Serializable {

  /** Gets the table at hand ready. */
  Ready prepare(List<Tuple> table);

  /** A table, ready for any number of rows of one thread. */
  interface Ready {
    /**
     * Hands out what becomes of the row.
     *
     * @throws EvaluationException where the row is in error
     */
    void apply(Tuple row, Consumer<Tuple> out);
  }

  /** The only value of a subquery's only row, appended to each row; NULL of no row. */
  record OnlyValue(Place place) implements Lookup {
    @Override
    public Ready prepare(List<Tuple> table) {
      if (table.size() > 1) {
        return (row, out) -> {
          throw new EvaluationException("Scalar subquery produced more than one element", place);
        };
      }
      @Nullable Object value = table.isEmpty() ? null : table.get(0).get(0);
      return (row, out) -> out.accept(RowBuilder.append(row, value));
    }
  }

  /**
   * A join with the table on its right, of a kind that keeps no row of the right for itself.
   *
   * @param mirrored whether the plan's sides are the other way round than the columns that come out
   */
  record JoinTable(Plan.Join plan, boolean mirrored) implements Lookup {
    @Override
    public Ready prepare(List<Tuple> table) {
      JoinKernel.Table right =
          new JoinKernel(plan, Compilers.expressions()::evaluator, RowErrors.THROW).build(table);
      if (!mirrored) {
        return right::join;
      }
      int left = plan.left().schema().size();
      return (row, out) -> right.join(row, pair -> out.accept(turned(pair, left)));
    }

    private static Tuple turned(Tuple pair, int left) {
      @Nullable Object[] values = new @Nullable Object[pair.size()];
      int right = pair.size() - left;
      System.arraycopy(pair.values(), left, values, 0, right);
      System.arraycopy(pair.values(), 0, values, right, left);
      return Tuple.of(values);
    }
  }
}
