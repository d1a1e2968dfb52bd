package dev.beamline.deploy.status;

import dev.beamline.deploy.dataflow.DataflowStatus;
import dev.beamline.deploy.manifest.Manifest;
import dev.beamline.deploy.status.PipelineStatus.QueryStatus;
import dev.beamline.project.PipelineDefinition;
import dev.beamline.project.PipelineDefinition.Mode;
import dev.beamline.project.Project;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The pipelines of a Dataflow target. */
public final class CloudStatus {

  private CloudStatus() {}

  public static PipelineStatus of(
      Project project, PipelineDefinition pipeline, DataflowStatus service, Instant now)
      throws IOException {
    Optional<DataflowStatus.JobStatus> job = service.job(pipeline.name());
    Optional<Manifest> deployed = service.deployed(pipeline.name());
    @Nullable Instant since =
        deployed
            .map(Manifest::since)
            .map(Instant::parse)
            .or(() -> job.map(DataflowStatus.JobStatus::since))
            .orElse(null);
    Promises promises = new Promises(now);
    List<QueryStatus> queries = new ArrayList<>();
    for (String name : pipeline.queries()) {
      PipelineStatus.@Nullable Counts counts =
          job.map(
                  j ->
                      new PipelineStatus.Counts(
                          j.in(name), j.out(name), j.late(name), j.refused(name)))
              .orElse(null);
      queries.add(
          promises.judge(
              project.query(name),
              counts,
              job.map(DataflowStatus.JobStatus::watermark).orElse(null),
              job.isEmpty() ? null : since));
    }
    boolean streaming = pipeline.mode() == Mode.STREAMING;
    String state =
        job.map(DataflowStatus.JobStatus::state)
            .orElse(deployed.isEmpty() ? "not deployed" : streaming ? "vanished" : "done");
    return new PipelineStatus(
        pipeline.name(),
        pipeline.mode().name().toLowerCase(Locale.ROOT),
        state,
        job.isPresent() || !streaming,
        job.map(DataflowStatus.JobStatus::id).orElse(null),
        job.map(DataflowStatus.JobStatus::since).orElse(null),
        deployed.map(m -> Instant.parse(m.created())).orElse(null),
        job.map(DataflowStatus.JobStatus::manifest).orElse(null),
        queries);
  }
}
