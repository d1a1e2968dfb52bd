package dev.beamline.deploy.dataflow;

import com.google.api.services.dataflow.model.Job;
import com.google.api.services.dataflow.model.JobMetrics;
import com.google.api.services.dataflow.model.MetricStructuredName;
import com.google.api.services.dataflow.model.MetricUpdate;
import dev.beamline.deploy.DeployFolder;
import dev.beamline.deploy.manifest.Manifest;
import dev.beamline.deploy.status.PipelineStatus;
import dev.beamline.deploy.status.ServiceJob;
import dev.beamline.io.Ledger;
import dev.beamline.project.Project;
import dev.beamline.project.Target;
import dev.beamline.transform.QueryCounters;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.beam.runners.dataflow.options.DataflowPipelineOptions;
import org.jspecify.annotations.Nullable;

/** What Dataflow tells of a project's pipelines. */
public final class DataflowStatus {

  private final DataflowJobs jobs;
  private final DeployFolder folder;
  private final List<Job> active;

  public DataflowStatus(Project project, Target.Dataflow target) throws IOException {
    DataflowTarget there = new DataflowTarget(project, target);
    DataflowPipelineOptions options = there.options();
    this.jobs = new DataflowJobs(options);
    this.folder = new DeployFolder(new CloudObjects(options), there.folder());
    this.active = jobs.active(DataflowTarget.LABEL_PROJECT, DataflowTarget.label(project.name()));
  }

  /**
   * The job of a pipeline.
   *
   * @param state as the service calls it, without JOB_STATE_ and in small letters
   * @param since when it was made
   * @param watermark up to when all events have been seen; null: not told
   * @param counters of the job, by KIND:NAME
   */
  public record JobStatus(
      String id,
      String state,
      @Nullable Instant since,
      @Nullable String manifest,
      @Nullable Instant watermark,
      Map<String, Long> counters)
      implements ServiceJob {

    public JobStatus {
      counters = Map.copyOf(counters);
    }

    private long counter(String kind, String query) {
      return counters.getOrDefault(kind + ":" + query, 0L);
    }

    @Override
    public boolean healthy() {
      return true;
    }

    @Override
    public PipelineStatus.Counts counts(String query) {
      return new PipelineStatus.Counts(
          counter(QueryCounters.ROWS, query),
          counter(QueryCounters.EMITTED, query),
          counter(QueryCounters.LATE_DROPPED, query),
          counter(QueryCounters.FAILED, query));
    }
  }

  /** The job of a pipeline that has not ended. */
  public Optional<JobStatus> job(String pipeline) throws IOException {
    for (Job job : active) {
      if (DataflowTarget.label(pipeline)
          .equals(job.getLabels().get(DataflowTarget.LABEL_PIPELINE))) {
        JobMetrics metrics = jobs.metrics(job.getId());
        return Optional.of(
            new JobStatus(
                job.getId(),
                job.getCurrentState().replace("JOB_STATE_", "").toLowerCase(java.util.Locale.ROOT),
                job.getCreateTime() == null ? null : Instant.parse(job.getCreateTime()),
                job.getLabels().get(DataflowTarget.LABEL_MANIFEST),
                watermark(metrics),
                counters(metrics)));
      }
    }
    return Optional.empty();
  }

  /** The manifest of the last deployment. */
  public Optional<Manifest> deployed(String pipeline) throws IOException {
    return folder.deployed(pipeline);
  }

  private static Map<String, Long> counters(JobMetrics metrics) {
    Map<String, Long> counters = new HashMap<>();
    if (metrics.getMetrics() != null) {
      for (MetricUpdate metric : metrics.getMetrics()) {
        MetricStructuredName name = metric.getName();
        boolean tentative = name.getContext() != null && name.getContext().containsKey("tentative");
        if (!tentative
            && name.getContext() != null
            && Ledger.NAMESPACE.equals(name.getContext().get("namespace"))
            && metric.getScalar() instanceof Number number) {
          counters.merge(name.getName(), number.longValue(), Long::sum);
        }
      }
    }
    return counters;
  }

  /** The least of the steps' watermarks, which the service tells in microseconds. */
  private static @Nullable Instant watermark(JobMetrics metrics) {
    Instant least = null;
    if (metrics.getMetrics() != null) {
      for (MetricUpdate metric : metrics.getMetrics()) {
        if (metric.getName().getName().endsWith("data-watermark")
            && metric.getScalar() instanceof Number micros
            && micros.longValue() > 0) {
          Instant at = Instant.EPOCH.plus(micros.longValue(), ChronoUnit.MICROS);
          least = least == null || at.isBefore(least) ? at : least;
        }
      }
    }
    return least;
  }
}
