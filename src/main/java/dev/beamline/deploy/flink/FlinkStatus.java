package dev.beamline.deploy.flink;

import dev.beamline.deploy.manifest.Manifest;
import dev.beamline.deploy.status.PipelineStatus;
import dev.beamline.deploy.status.ServiceJob;
import dev.beamline.pipeline.run.FlinkCounters;
import dev.beamline.pipeline.run.FlinkName;
import dev.beamline.pipeline.run.FlinkRest;
import dev.beamline.pipeline.run.RunLedger;
import dev.beamline.project.Project;
import dev.beamline.project.Target;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a Flink cluster tells of a project's pipelines. */
public final class FlinkStatus {

  private final Target.Flink target;
  private final FlinkRest rest;
  private final FlinkState state;

  public FlinkStatus(Project project, Target.Flink target) {
    this.target = target;
    this.rest = new FlinkRest(target.master());
    this.state = new FlinkState(project, target);
  }

  /**
   * The job of a pipeline.
   *
   * @param state as the cluster calls it, in small letters
   * @param since when it was submitted
   * @param watermark up to when all events have been seen; null: not told
   * @param ledger its counters, since its last restart
   */
  public record JobStatus(
      String id,
      String state,
      Instant since,
      @Nullable String manifest,
      @Nullable Instant watermark,
      RunLedger ledger)
      implements ServiceJob {

    @Override
    public boolean healthy() {
      return !state.equals("restarting");
    }

    @Override
    public PipelineStatus.@Nullable Counts counts(String query) {
      RunLedger.QueryLine line = ledger.queries().get(query);
      return line == null
          ? null
          : new PipelineStatus.Counts(line.rows(), line.emitted(), line.late(), line.failed());
    }
  }

  /** The job of a pipeline that has not ended. */
  public Optional<JobStatus> job(String pipeline) throws IOException, InterruptedException {
    Optional<FlinkRest.Job> found = state.job(pipeline);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    FlinkRest.Job job = found.get();
    return Optional.of(
        new JobStatus(
            job.id(),
            job.state().toLowerCase(Locale.ROOT),
            job.since(),
            FlinkName.parse(job.name()).map(FlinkName::manifest).orElse(null),
            rest.watermark(job.id()).orElse(null),
            new FlinkCounters(target.master(), job.id())
                .ledger()
                .orElse(new RunLedger(Map.of(), Map.of()))));
  }

  /** The manifest of the last deployment. */
  public Optional<Manifest> deployed(String pipeline) throws IOException {
    return state.noted(pipeline);
  }
}
