package dev.beamline.transform.group;

import dev.beamline.transform.RowStage;
import dev.beamline.transform.StageOutputs;
import dev.beamline.transform.stage.StagingFn;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finishes groups of bounded input, where timestamps mean nothing.
 *
 * @param <T> what the sums of groups come in
 */
public abstract class FinishGroupsFn<T> extends StagingFn<T> {

  private static final long serialVersionUID = 1L;

  private final GroupOutput group;
  private transient @Nullable GroupFinisher finisher;

  FinishGroupsFn(GroupOutput group, RowStage stage) {
    super(stage);
    this.group = group;
  }

  final GroupFinisher finisher() {
    return Objects.requireNonNull(finisher);
  }

  @Override
  @Setup
  public void setup() {
    finisher = new GroupFinisher(group, stage);
    super.setup();
  }

  @Override
  @FinishBundle
  public void finishBundle(FinishBundleContext context) {
    stage.finishBundle(StageOutputs.untimed(context));
  }
}
