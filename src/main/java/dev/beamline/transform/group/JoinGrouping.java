package dev.beamline.transform.group;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.execution.kernel.JoinKernel;
import dev.beamline.execution.kernel.RowBuilder;
import dev.beamline.execution.kernel.RowErrors;
import dev.beamline.execution.row.TupleCoder;
import dev.beamline.plan.Plan;
import dev.beamline.transform.Compilers;
import java.util.List;
import java.util.function.Consumer;
import org.apache.beam.sdk.coders.Coder;

/** Joins the rows of two inputs that have the same keys. */
public record JoinGrouping(Plan.Join plan) implements Grouping {

  @Override
  public Kernel compile() {
    return new CollectKernel(2, "a join", new Finish(plan));
  }

  private record Finish(Plan.Join plan) implements CollectKernel.Finish {
    @Override
    public void apply(List<List<Tuple>> sides, Consumer<Tuple> rows, RowErrors errors) {
      new JoinKernel(plan, Compilers.expressions()::evaluator, errors)
          .join(sides.get(0), sides.get(1), rows);
    }

    /** A pair, as where its condition fails. */
    @Override
    public Tuple example(List<List<Tuple>> sides) {
      return RowBuilder.concat(
          first(sides.get(0), plan.left().schema()), first(sides.get(1), plan.right().schema()));
    }

    private static Tuple first(List<Tuple> rows, Schema schema) {
      return rows.isEmpty() ? RowBuilder.nulls(schema.size()) : rows.get(0);
    }
  }

  @Override
  public Coder<Object> accumulatorCoder() {
    return new RowsCoder(
        List.of(TupleCoder.of(plan.left().schema()), TupleCoder.of(plan.right().schema())));
  }

  @Override
  public boolean collects() {
    return true;
  }
}
