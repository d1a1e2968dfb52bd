package dev.beamline.transform.group;

import dev.beamline.execution.kernel.JoinKernel;
import dev.beamline.execution.row.TupleCoder;
import dev.beamline.plan.Plan;
import dev.beamline.transform.Compilers;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;

/** Joins the rows of two inputs that have the same keys. */
public record JoinGrouping(Plan.Join plan) implements Grouping {

  @Override
  public Kernel compile() {
    return new CollectKernel(
        2,
        (sides, out, errors) ->
            new JoinKernel(plan, Compilers.expressions()::evaluator, errors)
                .join(sides.get(0), sides.get(1), out));
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
