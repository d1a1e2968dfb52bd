package dev.beamline.pipeline.run;

import dev.beamline.project.PipelineDefinition.Mode;
import dev.beamline.project.Target;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a run uses Flink.
 *
 * @param master {@code host:port}; null: a Flink inside this process
 * @param parallelism null: the cluster's own; of this process: its cores
 * @param checkpointEvery null: no checkpoints
 * @param stateBackend null: the cluster's own
 * @param stateFolder where checkpoints and savepoints are kept; null: the cluster's own place
 */
record FlinkSettings(
    @Nullable String master,
    @Nullable Integer parallelism,
    @Nullable Duration checkpointEvery,
    @Nullable String stateBackend,
    @Nullable String stateFolder) {

  /** Checkpoints of streams that go on, where the target says nothing. */
  private static final Duration CHECKPOINT_EVERY = Duration.ofSeconds(10);

  static FlinkSettings of(RunSettings settings, Target.Flink flink) {
    boolean embedded = flink.master().startsWith("[");
    String savepoints = flink.savepointPath();
    return new FlinkSettings(
        embedded ? null : flink.master(),
        flink.parallelism(),
        checkpoints(settings, flink.checkpointEvery()),
        flink.stateBackend(),
        savepoints != null ? resolve(settings, savepoints) : embedded ? folder(settings) : null);
  }

  /** What a direct target's streams run with. */
  static FlinkSettings embedded(RunSettings settings) {
    return new FlinkSettings(null, null, checkpoints(settings, null), null, folder(settings));
  }

  private static @Nullable Duration checkpoints(RunSettings settings, @Nullable Duration every) {
    return settings.mode() == Mode.BATCH ? null : every == null ? CHECKPOINT_EVERY : every;
  }

  private static String resolve(RunSettings settings, String path) {
    return path.contains("://") ? path : settings.project().resolve(path).toString();
  }

  /** Beside the warehouse: one folder a pipeline and target. */
  private static String folder(RunSettings settings) {
    Path state = settings.project().resolve(".beamline/state");
    return state.resolve(settings.target().name() + "." + settings.pipeline()).toString();
  }
}
