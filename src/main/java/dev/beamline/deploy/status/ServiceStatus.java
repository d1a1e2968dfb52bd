package dev.beamline.deploy.status;

import dev.beamline.deploy.manifest.Manifest;
import dev.beamline.deploy.status.PipelineStatus.QueryStatus;
import dev.beamline.project.PipelineDefinition;
import dev.beamline.project.PipelineDefinition.Mode;
import dev.beamline.project.Project;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The pipelines of a target whose jobs a service or a cluster runs. */
public final class ServiceStatus {

  private ServiceStatus() {}

  /**
   * A pipeline.
   *
   * @param job that has not ended; empty: there is none
   * @param deployed the manifest of the last deployment; empty: there was none
   */
  public static PipelineStatus of(
      Project project,
      PipelineDefinition pipeline,
      Optional<? extends ServiceJob> job,
      Optional<Manifest> deployed,
      Instant now) {
    @Nullable Instant since = job.map(ServiceJob::since).orElse(null);
    @Nullable Instant began = deployed.map(Manifest::since).map(Instant::parse).orElse(since);
    Promises promises = new Promises(now);
    List<QueryStatus> queries = new ArrayList<>();
    for (String name : pipeline.queries()) {
      queries.add(
          promises.judge(
              project.query(name),
              job.map(j -> j.counts(name)).orElse(null),
              job.map(ServiceJob::watermark).orElse(null),
              job.isEmpty() ? null : began));
    }
    boolean streaming = pipeline.mode() == Mode.STREAMING;
    return new PipelineStatus(
        pipeline.name(),
        pipeline.mode().name().toLowerCase(Locale.ROOT),
        job.map(ServiceJob::state)
            .orElse(deployed.isEmpty() ? "not deployed" : streaming ? "vanished" : "done"),
        job.map(ServiceJob::healthy).orElse(!streaming),
        job.map(ServiceJob::id).orElse(null),
        since,
        deployed.map(m -> Instant.parse(m.created())).orElse(null),
        job.map(ServiceJob::manifest).orElse(null),
        queries);
  }
}
