package dev.beamline.pipeline.run;

import dev.beamline.project.Project;
import dev.beamline.project.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A cluster as a pipeline finds it before it is started there. */
public final class FlinkCluster {

  private final Project project;
  private final Target.Flink target;
  private final String pipeline;
  private final FlinkRest rest;

  /** The one of a target that is not embedded. */
  public FlinkCluster(Project project, Target.Flink target, String pipeline) {
    this.project = project;
    this.target = target;
    this.pipeline = pipeline;
    this.rest = new FlinkRest(target.master());
  }

  /** The pipeline's job that {@code run} has started and that has not ended. */
  public Optional<FlinkRest.Job> started() throws IOException, InterruptedException {
    return rest.jobs().stream()
        .filter(job -> !job.hasEnded())
        .filter(
            job ->
                FlinkName.parse(job.name())
                    .filter(name -> name.isOf(project.name(), pipeline) && name.manifest() == null)
                    .isPresent())
        .findFirst();
  }

  /** Two jobs of one pipeline would both write its tables. */
  void refuseSecond() throws IOException, InterruptedException {
    for (FlinkRest.Job job : rest.jobs()) {
      boolean ours =
          FlinkName.parse(job.name())
              .filter(name -> name.isOf(project.name(), pipeline))
              .isPresent();
      if (ours && !job.hasEnded()) {
        throw ClusterException.busy(
            "pipeline "
                + pipeline
                + " runs on the Flink cluster "
                + target.master()
                + " already, as job "
                + job.id()
                + " since "
                + job.since()
                + ": a deployed one is changed with deploy; any other has to be stopped first");
      }
    }
  }

  /**
   * Where checkpoints and savepoints of the pipeline go: what the target says, else the cluster's
   * own place. A cluster that has none, and is on this machine, is given one beside the project.
   *
   * @return null: the cluster's own
   */
  public @Nullable String savepoints() throws IOException, InterruptedException {
    String path = target.savepointPath();
    if (path != null) {
      return FlinkSettings.resolve(project, path) + "/" + name();
    }
    return Loopback.isAddress(target.master())
            && !rest.configuration().containsKey("state.savepoints.dir")
        ? FlinkSettings.folder(project, target, pipeline)
        : null;
  }

  private String name() {
    return project.name().replace('/', '_') + "." + pipeline;
  }

  /** Where a target keeps what is not of one pipeline; null: it says no place. */
  public static @Nullable String place(Project project, Target.Flink target) {
    String path = target.savepointPath();
    return path == null ? null : FlinkSettings.resolve(project, path);
  }

  /** The folder of this project for what is known of a target. */
  public static Path local(Project project) {
    return project.resolve(".beamline/state");
  }
}
