package dev.beamline.deploy.status;

import dev.beamline.deploy.flink.FlinkStatus;
import dev.beamline.deploy.manifest.Manifest;
import dev.beamline.deploy.status.PipelineStatus.QueryStatus;
import dev.beamline.pipeline.run.RunLedger;
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

/** The pipelines of a Flink target. */
public final class ClusterStatus {

  private ClusterStatus() {}

  public static PipelineStatus of(
      Project project, PipelineDefinition pipeline, FlinkStatus cluster, Instant now)
      throws IOException, InterruptedException {
    Optional<FlinkStatus.JobStatus> job = cluster.job(pipeline.name());
    Optional<Manifest> deployed = cluster.deployed(pipeline.name());
    @Nullable Instant since =
        deployed
            .map(Manifest::since)
            .map(Instant::parse)
            .or(() -> job.map(FlinkStatus.JobStatus::since))
            .orElse(null);
    Promises promises = new Promises(now);
    List<QueryStatus> queries = new ArrayList<>();
    for (String name : pipeline.queries()) {
      queries.add(
          promises.judge(
              project.query(name),
              job.map(j -> counts(j.ledger().queries().get(name))).orElse(null),
              job.map(FlinkStatus.JobStatus::watermark).orElse(null),
              job.isEmpty() ? null : since));
    }
    boolean streaming = pipeline.mode() == Mode.STREAMING;
    String state =
        job.map(FlinkStatus.JobStatus::state)
            .orElse(deployed.isEmpty() ? "not deployed" : streaming ? "vanished" : "done");
    return new PipelineStatus(
        pipeline.name(),
        pipeline.mode().name().toLowerCase(Locale.ROOT),
        state,
        job.isPresent() ? !state.equals("restarting") : !streaming,
        job.map(FlinkStatus.JobStatus::id).orElse(null),
        job.map(FlinkStatus.JobStatus::since).orElse(null),
        deployed.map(m -> Instant.parse(m.created())).orElse(null),
        job.map(FlinkStatus.JobStatus::manifest).orElse(null),
        queries);
  }

  private static PipelineStatus.@Nullable Counts counts(RunLedger.@Nullable QueryLine line) {
    return line == null
        ? null
        : new PipelineStatus.Counts(line.rows(), line.emitted(), line.late(), line.failed());
  }
}
