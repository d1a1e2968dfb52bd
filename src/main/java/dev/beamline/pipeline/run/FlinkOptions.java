package dev.beamline.pipeline.run;

import dev.beamline.project.PipelineDefinition.Mode;
import dev.beamline.project.Target;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.runners.flink.FlinkRunner;
import org.apache.beam.sdk.options.PipelineOptions.CheckEnabled;

/** The options that Beam's Flink runner is given. */
final class FlinkOptions {

  /** How long rows are held to be worked on together: what a pane waits at most for its turn. */
  private static final long BUNDLE_MILLIS = 200;

  private static final long BUNDLE_SIZE = 10_000;

  private FlinkOptions() {}

  /**
   * All but where the master is.
   *
   * @param run part of the job's name, so that it can be found
   */
  static FlinkPipelineOptions of(Target target, FlinkSettings settings, Mode mode, String run) {
    FlinkPipelineOptions options = TargetOptions.of(target).as(FlinkPipelineOptions.class);
    options.setRunner(FlinkRunner.class);
    options.setJobName("beamline-" + run);
    options.setStableUniqueNames(CheckEnabled.ERROR);
    // Our values are never changed once they are sent, so that none has to be copied. What a stream
    // keeps is changed in place, while a checkpoint of how it was may still be written: that copy
    // is what keeps the two apart.
    options.setFasterCopy(mode == Mode.BATCH);
    options.setObjectReuse(true);
    options.setStreaming(mode == Mode.STREAMING);
    Integer parallelism = settings.parallelism();
    if (parallelism != null) {
      options.setParallelism(parallelism);
    } else if (settings.master() == null) {
      options.setParallelism(Math.max(2, Math.min(8, Runtime.getRuntime().availableProcessors())));
    }
    if (mode == Mode.STREAMING) {
      stream(options, settings);
    }
    return options;
  }

  private static void stream(FlinkPipelineOptions options, FlinkSettings settings) {
    options.setAttachedMode(false);
    options.setMaxBundleSize(BUNDLE_SIZE);
    options.setMaxBundleTimeMills(BUNDLE_MILLIS);
    // Sums that a bundle holds back are sent before the barrier, and are on one side of it only.
    options.setFinishBundleBeforeCheckpointing(true);
    // Tables that were read leave; checkpoints go on without them.
    options.setShutdownSourcesAfterIdleMs(0L);
    if (settings.checkpointEvery() != null) {
      options.setCheckpointingInterval(settings.checkpointEvery().toMillis());
      options.setExternalizedCheckpointsEnabled(true);
      options.setRetainExternalizedCheckpointsOnCancellation(true);
    }
    if (settings.stateBackend() != null) {
      options.setStateBackend(settings.stateBackend());
    }
  }
}
