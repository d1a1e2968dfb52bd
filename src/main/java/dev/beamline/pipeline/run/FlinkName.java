package dev.beamline.pipeline.run;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The name of a job, by which any machine that sees the cluster knows whose it is: {@code
 * beamline/PROJECT/PIPELINE/MANIFEST/RUN}.
 *
 * @param manifest the short hash of what was deployed; null: it was started by {@code run}
 * @param run sets it apart from all others
 */
public record FlinkName(String project, String pipeline, @Nullable String manifest, String run) {

  private static final String PREFIX = "beamline";
  private static final String RUN = "run";
  private static final int PARTS = 5;

  public FlinkName {
    project = project.replace('/', '_');
  }

  @Override
  public String toString() {
    return String.join(
        "/", List.of(PREFIX, project, pipeline, manifest == null ? RUN : manifest, run));
  }

  /** Reads a name; empty: the job is not ours. */
  public static Optional<FlinkName> parse(String name) {
    List<String> parts = List.of(name.split("/", -1));
    return parts.size() == PARTS && parts.get(0).equals(PREFIX)
        ? Optional.of(
            new FlinkName(
                parts.get(1),
                parts.get(2),
                parts.get(3).equals(RUN) ? null : parts.get(3),
                parts.get(4)))
        : Optional.empty();
  }

  /** Whether it is of this pipeline, whoever started it. */
  public boolean isOf(String ofProject, String ofPipeline) {
    return project.equals(ofProject.replace('/', '_')) && pipeline.equals(ofPipeline);
  }
}
