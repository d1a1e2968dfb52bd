package dev.beamline.pipeline.run;

import dev.beamline.project.PipelineDefinition.Mode;
import dev.beamline.project.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.runners.flink.FlinkRunner;
import org.apache.beam.sdk.options.PipelineOptions.CheckEnabled;

/** The options that Beam's Flink runner is given. */
final class FlinkOptions {

  /** How long rows are held to be worked on together. A pane waits for several steps in turn. */
  private static final long BUNDLE_MILLIS = 50;

  /**
   * How many elements at most; of a source that sends chunks, chunks. A bundle that ends by the
   * clock sends the watermark on a moment later, and not at all where the next one has begun by
   * then; one that is full does at once, so that under load the watermark moves, too.
   */
  private static final long BUNDLE_SIZE = 1_000;

  /**
   * How often sources say how far they are. Each time costs every step a little. Not a divisor of
   * {@link #BUNDLE_MILLIS}: what comes with each such time would always begin a bundle just when
   * the last one is to send the watermark on.
   */
  private static final long WATERMARK_MILLIS = 23;

  private FlinkOptions() {}

  /**
   * All but where the master is.
   *
   * @param name of the job, by which it is found
   */
  static FlinkPipelineOptions of(Target target, FlinkSettings settings, Mode mode, FlinkName name) {
    FlinkPipelineOptions options = TargetOptions.of(target).as(FlinkPipelineOptions.class);
    options.setRunner(FlinkRunner.class);
    options.setJobName(name.toString());
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

  /**
   * Has the files of this program go along with a job, and gives it the settings that Beam has no
   * options for. What the target itself says of either is left alone.
   *
   * @param cache a folder for what has to be made first
   */
  static void forCluster(
      FlinkPipelineOptions options, Target target, FlinkSettings settings, Path cache)
      throws IOException {
    Map<String, String> given = target.common().options();
    if (!given.containsKey("filesToStage")) {
      options.setFilesToStage(StagedFiles.ofThisProcess(StagedFiles.Workers.FLINK, cache));
    }
    if (!given.containsKey("flinkConfDir")) {
      options.setFlinkConfDir(FlinkConf.folder(settings).toString());
    }
  }

  private static void stream(FlinkPipelineOptions options, FlinkSettings settings) {
    options.setAttachedMode(false);
    options.setMaxBundleSize(BUNDLE_SIZE);
    options.setMaxBundleTimeMills(BUNDLE_MILLIS);
    options.setAutoWatermarkInterval(WATERMARK_MILLIS);
    // Sums that a bundle holds back are sent before the barrier, and are on one side of it only.
    options.setFinishBundleBeforeCheckpointing(true);
    // A stream that ends may be told so before a step is told of the last checkpoint, which has
    // all.
    options.setEnableStableInputDrain(true);
    // Tables that were read leave; checkpoints go on without them.
    options.setShutdownSourcesAfterIdleMs(0L);
    if (settings.checkpointEvery() != null) {
      options.setCheckpointingInterval(settings.checkpointEvery().toMillis());
      options.setExternalizedCheckpointsEnabled(true);
      options.setRetainExternalizedCheckpointsOnCancellation(true);
    }
  }
}
