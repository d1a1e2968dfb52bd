package dev.beamline.pipeline.run;

import dev.beamline.project.PipelineDefinition.Mode;
import dev.beamline.project.Project;
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
 * @param stateFolder where checkpoints and savepoints of this pipeline are kept; null: the
 *     cluster's own place
 */
record FlinkSettings(
    @Nullable String master,
    @Nullable Integer parallelism,
    @Nullable Duration checkpointEvery,
    @Nullable String stateBackend,
    @Nullable String stateFolder) {

  /** Checkpoints of streams that go on, where the target says nothing. */
  private static final Duration CHECKPOINT_EVERY = Duration.ofSeconds(10);

  /** Of a target; where a cluster keeps its state, {@link FlinkCluster#savepoints} knows. */
  static FlinkSettings of(RunSettings settings, Target.Flink flink) {
    return new FlinkSettings(
        flink.embedded() ? null : flink.master(),
        flink.parallelism(),
        checkpoints(settings, flink.checkpointEvery()),
        flink.stateBackend(),
        flink.embedded() ? embeddedFolder(settings, flink) : null);
  }

  private static String embeddedFolder(RunSettings settings, Target.Flink flink) {
    String path = flink.savepointPath();
    return path == null
        ? folder(settings.project(), flink, settings.pipeline())
        : resolve(settings.project(), path)
            + "/"
            + settings.project().name()
            + "."
            + settings.pipeline();
  }

  /** With another place for checkpoints and savepoints. */
  FlinkSettings withStateFolder(@Nullable String folder) {
    return new FlinkSettings(master, parallelism, checkpointEvery, stateBackend, folder);
  }

  /** What a direct target's streams run with. */
  static FlinkSettings embedded(RunSettings settings) {
    return new FlinkSettings(
        null,
        null,
        checkpoints(settings, null),
        null,
        folder(settings.project(), settings.target(), settings.pipeline()));
  }

  private static @Nullable Duration checkpoints(RunSettings settings, @Nullable Duration every) {
    return settings.mode() == Mode.BATCH ? null : every == null ? CHECKPOINT_EVERY : every;
  }

  /** A folder of this machine as its path, whatever way it is written; one elsewhere as it is. */
  static String resolve(Project project, String path) {
    if (path.startsWith("file:///")) {
      return Path.of(path.substring("file://".length())).normalize().toString();
    }
    return path.contains("://") ? path.replaceAll("/+$", "") : project.resolve(path).toString();
  }

  /** Beside the warehouse: one folder a pipeline and target. */
  static String folder(Project project, Target target, String pipeline) {
    return FlinkCluster.local(project).resolve(target.name() + "." + pipeline).toString();
  }
}
