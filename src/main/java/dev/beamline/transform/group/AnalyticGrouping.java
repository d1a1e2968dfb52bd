package dev.beamline.transform.group;

import dev.beamline.catalog.Schema;
import dev.beamline.execution.kernel.AnalyticKernel;
import dev.beamline.execution.row.TupleCoder;
import dev.beamline.plan.Plan;
import dev.beamline.transform.Compilers;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;

/**
 * Functions OVER the rows of a partition.
 *
 * @param rows the rows as they come; they may have more columns than the operator's input
 */
public record AnalyticGrouping(Plan.Analytic plan, Schema rows) implements Grouping {

  @Override
  public Kernel compile() {
    return new CollectKernel(
        1,
        "a partition of OVER",
        (sides, out, errors) ->
            new AnalyticKernel(plan, Compilers.expressions()::evaluator, errors)
                .applyToPartition(sides.get(0), out));
  }

  @Override
  public Coder<Object> accumulatorCoder() {
    return new RowsCoder(List.of(TupleCoder.of(rows)));
  }

  @Override
  public boolean collects() {
    return true;
  }
}
