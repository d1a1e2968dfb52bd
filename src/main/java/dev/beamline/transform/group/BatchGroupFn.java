package dev.beamline.transform.group;

import dev.beamline.catalog.Tuple;
import dev.beamline.transform.RowStage;
import dev.beamline.transform.StageOutputs;
import org.apache.beam.sdk.values.KV;

/** Finishes groups of bounded input, each of which the runner has put together. */
public final class BatchGroupFn extends FinishGroupsFn<KV<Tuple, Iterable<Partial>>> {

  private static final long serialVersionUID = 1L;

  public BatchGroupFn(GroupOutput group, RowStage stage) {
    super(group, stage);
  }

  @ProcessElement
  public void process(@Element KV<Tuple, Iterable<Partial>> element, MultiOutputReceiver receiver) {
    finisher().group(element.getKey(), element.getValue(), StageOutputs.untimed(receiver));
  }
}
