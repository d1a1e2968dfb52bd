package dev.beamline.transform.group;

import dev.beamline.catalog.Tuple;
import dev.beamline.transform.ErrorRecord;
import dev.beamline.transform.RowStage;
import dev.beamline.transform.StageOutputs;
import java.util.Objects;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.jspecify.annotations.Nullable;

/** Finishes groups of bounded input, each of which the runner has put together. */
public final class BatchGroupFn extends DoFn<KV<Tuple, Iterable<Partial>>, ErrorRecord> {

  private static final long serialVersionUID = 1L;

  private final GroupOutput group;
  private final RowStage stage;
  private transient @Nullable GroupFinisher finisher;

  public BatchGroupFn(GroupOutput group, RowStage stage) {
    this.group = group;
    this.stage = stage;
  }

  @Setup
  public void setup() {
    finisher = new GroupFinisher(group, stage);
    stage.setup();
  }

  @StartBundle
  public void startBundle() {
    stage.startBundle();
  }

  @ProcessElement
  public void process(@Element KV<Tuple, Iterable<Partial>> element, MultiOutputReceiver receiver) {
    Objects.requireNonNull(finisher)
        .group(element.getKey(), element.getValue(), StageOutputs.untimed(receiver));
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) {
    stage.finishBundle(StageOutputs.untimed(context));
  }
}
