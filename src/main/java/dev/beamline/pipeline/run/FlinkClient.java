package dev.beamline.pipeline.run;

import dev.beamline.io.ServiceException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.beam.runners.core.metrics.MetricsContainerStepMap;
import org.apache.beam.runners.flink.metrics.FlinkMetricContainer;
import org.apache.beam.sdk.metrics.MetricResults;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.client.program.rest.RestClusterClient;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.runtime.client.JobStatusMessage;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.jspecify.annotations.Nullable;

/** Asks a Flink cluster about one of its jobs, over its REST port. */
final class FlinkClient implements AutoCloseable {

  private static final int ANSWERS_UNTIL_FRESH = 50;
  private static final long ANSWER_MILLIS = 100;

  /** So often a savepoint may fail before that is told. */
  private static final int MOST_DECLINED = 3;

  private static final Duration LONGEST_SAVEPOINT = Duration.ofMinutes(10);

  private final RestClusterClient<String> client;
  private final JobID job;
  private final FlinkCounters counters;
  private final FlinkRest rest;
  private int declined;

  private FlinkClient(RestClusterClient<String> client, String master, JobID job) {
    this.client = client;
    this.job = job;
    this.counters = new FlinkCounters(master, job.toString());
    this.rest = new FlinkRest(master);
  }

  /**
   * Finds a job that was submitted just now.
   *
   * @param master {@code host:port}
   * @throws IOException where the cluster does not answer or does not know the job
   */
  static FlinkClient connect(String master, String jobName) throws IOException {
    int colon = master.lastIndexOf(':');
    Configuration configuration = new Configuration();
    configuration.set(RestOptions.ADDRESS, master.substring(0, colon));
    configuration.set(RestOptions.PORT, Integer.parseInt(master.substring(colon + 1)));
    RestClusterClient<String> client;
    try {
      client = new RestClusterClient<>(configuration, "beamline");
    } catch (Exception e) {
      throw new IOException("no client of the Flink cluster " + master + ": " + e.getMessage(), e);
    }
    Optional<JobStatusMessage> found =
        answer(client.listJobs()).stream()
            .filter(job -> job.getJobName().equals(jobName))
            .findFirst();
    if (found.isEmpty()) {
      client.close();
      throw new IOException("the Flink cluster " + master + " does not know job " + jobName);
    }
    return new FlinkClient(client, master, found.get().getJobId());
  }

  JobStatus status() throws IOException {
    return answer(client.getJobStatus(job));
  }

  /**
   * Ends the job with a savepoint, from which it can go on. Returns when it is there; the job ends
   * a little later, or goes on where no savepoint can be made, which is thrown. A job whose tasks
   * are still starting, or start again, makes none yet.
   *
   * @param folder where the savepoint goes; null: where the cluster keeps them
   * @param drain whether all windows close first
   * @return where it is; empty: the job goes on, and may make one later
   */
  Optional<String> stop(@Nullable String folder, boolean drain)
      throws IOException, InterruptedException {
    if (!rest.progress(job.toString()).works()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          rest.stop(
              job.toString(),
              folder == null ? null : StateFolder.uri(folder),
              drain,
              LONGEST_SAVEPOINT));
    } catch (ClusterException e) {
      if (declined < MOST_DECLINED && rest.state(job.toString()).equals("RUNNING")) {
        // A task has begun to fail or to start again just now.
        declined++;
        return Optional.empty();
      }
      throw e;
    }
  }

  /** The newest state that the job has left behind. */
  Optional<String> checkpoint() throws IOException, InterruptedException {
    return rest.newestCheckpoint(job.toString());
  }

  /**
   * The counters of Beam's functions when the job has ended: steps tell them when they end, and the
   * cluster's answers are some seconds old.
   */
  MetricResults metrics() throws IOException, InterruptedException {
    for (int i = 0; i < ANSWERS_UNTIL_FRESH; i++) {
      Object metrics =
          answer(client.getAccumulators(job, FlinkClient.class.getClassLoader()))
              .get(FlinkMetricContainer.ACCUMULATOR_NAME);
      if (metrics instanceof MetricsContainerStepMap steps) {
        return MetricsContainerStepMap.asAttemptedOnlyMetricResults(steps);
      }
      Thread.sleep(ANSWER_MILLIS);
    }
    return MetricsContainerStepMap.asAttemptedOnlyMetricResults(new MetricsContainerStepMap());
  }

  /** The counters of the running job, as they were a moment ago; empty where nobody tells them. */
  Optional<RunLedger> counters() throws InterruptedException {
    return counters.ledger();
  }

  /** Why the job has failed. */
  IOException failure(JobStatus status) throws IOException {
    JobResult result = answer(client.requestJobResult(job));
    Throwable cause =
        result
            .getSerializedThrowable()
            .<Throwable>map(t -> t.deserializeError(FlinkClient.class.getClassLoader()))
            .orElse(null);
    Throwable root = cause;
    while (root != null && root.getCause() != null) {
      root = root.getCause();
    }
    if (root instanceof ServiceException service) {
      return new ServiceException(String.valueOf(service.getMessage()), cause);
    }
    return new IOException(
        "the Flink job ended as " + status + (root == null ? "" : ": " + root.getMessage()), cause);
  }

  private static <T> T answer(CompletableFuture<T> future) throws IOException {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while Flink answers", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException("Flink does not answer as it should: " + cause.getMessage(), cause);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
