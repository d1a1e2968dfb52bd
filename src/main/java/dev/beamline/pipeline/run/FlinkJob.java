package dev.beamline.pipeline.run;

import dev.beamline.io.stream.Drain;
import dev.beamline.project.PipelineDefinition.Mode;
import dev.beamline.project.Sink;
import dev.beamline.project.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.flink.api.common.JobStatus;
import org.jspecify.annotations.Nullable;

/** Runs batches and streams on Flink, inside this process or on a cluster. */
final class FlinkJob implements JobRunner {

  private static final long POLL_MILLIS = 200;
  private static final long TELL_NANOS = 1_000_000_000L;

  private final RunSettings run;
  private final FlinkSettings settings;
  private final Mode mode;
  private final ProjectGraph graph;
  private final FlinkPipelineOptions options;
  private @Nullable ResumePoint resume;

  FlinkJob(RunSettings run, FlinkSettings settings, ProjectGraph graph) {
    this.run = run;
    this.mode = run.mode();
    this.graph = graph;
    this.settings =
        settings.stateFolder() == null
            ? settings
            : settings.withStateFolder(own(settings.stateFolder()));
    this.options =
        FlinkOptions.of(
            run.target(),
            settings,
            mode,
            new FlinkName(run.project().name(), run.pipeline(), null, graph.run()));
  }

  @Override
  public FlinkPipelineOptions options() {
    return options;
  }

  @Override
  public Optional<ResumePoint> resumePoint() throws IOException, InterruptedException {
    if (mode == Mode.BATCH || graph.ends()) {
      return Optional.empty();
    }
    if (resume == null) {
      resume = point(place());
    }
    return Optional.of(resume);
  }

  private @Nullable String place() throws IOException, InterruptedException {
    if (settings.master() == null) {
      return settings.stateFolder();
    }
    FlinkCluster cluster = cluster();
    cluster.refuseSecond();
    String savepoints = cluster.savepoints();
    return savepoints == null ? null : own(savepoints);
  }

  /**
   * A stream that ends, of files or of samples in the place of sources, is not gone on with. What
   * it keeps is apart from the state of the pipeline's real stream, which waits for its next run.
   */
  private String own(String folder) {
    return mode == Mode.STREAMING && graph.ends() ? folder + ".ends" : folder;
  }

  private ResumePoint point(@Nullable String place) {
    return new ResumePoint(run.project(), run.target(), run.pipeline(), place);
  }

  private FlinkCluster cluster() {
    return new FlinkCluster(run.project(), (Target.Flink) run.target(), run.pipeline());
  }

  @Override
  public RunLedger run(Pipeline pipeline, Consumer<RunLedger> progress, StopSignal stop)
      throws IOException, InterruptedException {
    FlinkPipelineOptions of = pipeline.getOptions().as(FlinkPipelineOptions.class);
    String master = settings.master();
    if (master != null) {
      return onCluster(pipeline, of, master, progress, stop);
    }
    if (mode == Mode.BATCH) {
      of.setFlinkMaster("[local]");
      return batch(pipeline, progress);
    }
    try (EmbeddedFlink flink =
        new EmbeddedFlink(of.getParallelism(), settings, graph.survivesRestart())) {
      of.setFlinkMaster(flink.master());
      of.setFilesToStage(flink.filesToStage());
      return stream(pipeline, of, settings, flink.master(), progress, stop);
    }
  }

  private static RunLedger batch(Pipeline pipeline, Consumer<RunLedger> progress) {
    PipelineResult result = pipeline.run();
    RunLedger ledger = RunLedger.of(result.metrics());
    progress.accept(ledger);
    return ledger;
  }

  private RunLedger onCluster(
      Pipeline pipeline,
      FlinkPipelineOptions of,
      String master,
      Consumer<RunLedger> progress,
      StopSignal stop)
      throws IOException, InterruptedException {
    of.setFlinkMaster(master);
    FlinkSettings there = settings.withStateFolder(place());
    FlinkOptions.forCluster(of, run.target(), there, run.project().resolve(".beamline/staging"));
    if (mode == Mode.STREAMING) {
      return stream(pipeline, of, there, master, progress, stop);
    }
    RunLedger ledger = batch(pipeline, progress);
    if (run.target().common().warehouse() != null || writesDatabase()) {
      refuseRetried(master, of.getJobName());
    }
    return ledger;
  }

  private boolean writesDatabase() {
    return run.queries().stream()
        .anyMatch(query -> run.project().query(query).sink() instanceof Sink.DuckDb);
  }

  /** A batch has no checkpoints: a task that was done again has written its rows again. */
  private static void refuseRetried(String master, String name)
      throws IOException, InterruptedException {
    FlinkRest rest = new FlinkRest(master);
    for (FlinkRest.Job job : rest.jobs()) {
      if (job.name().equals(name) && rest.hasRetried(job.id())) {
        throw ClusterException.failed(
            "a task of job "
                + job.id()
                + " failed and was done again, so rows may be there twice; the tables stay as they"
                + " were: run it again",
            null);
      }
    }
  }

  private RunLedger stream(
      Pipeline pipeline,
      FlinkPipelineOptions of,
      FlinkSettings there,
      String master,
      Consumer<RunLedger> progress,
      StopSignal stop)
      throws IOException, InterruptedException {
    ResumePoint point = resumePoint().orElse(null);
    if (point == null) {
      clear(there);
    } else if (graph.fresh()) {
      point.clear();
    } else {
      point.take().ifPresent(of::setSavepointPath);
      of.setAllowNonRestoredState(point.leavesOut());
    }
    pipeline.run();
    try (FlinkClient client = FlinkClient.connect(master, of.getJobName())) {
      boolean stopping = false;
      long told = System.nanoTime();
      while (true) {
        boolean asked = stop.await(POLL_MILLIS);
        JobStatus status = client.status();
        if (System.nanoTime() - told >= TELL_NANOS) {
          client.counters().ifPresent(progress);
          told = System.nanoTime();
        }
        if (status.isGloballyTerminalState()) {
          if (status != JobStatus.FINISHED) {
            if (point != null) {
              client.checkpoint().ifPresent(point::note);
            }
            throw client.failure(status);
          }
          break;
        }
        if (asked) {
          if (!stopping && status == JobStatus.RUNNING) {
            stopping = stop(client, there, point);
          }
          Thread.sleep(POLL_MILLIS);
        }
      }
      return RunLedger.of(client.metrics());
    } finally {
      Drain.forget(graph.run());
    }
  }

  /** Has the job stop; false where that cannot be yet, since some of its tasks do not work. */
  private boolean stop(FlinkClient client, FlinkSettings there, @Nullable ResumePoint point)
      throws IOException, InterruptedException {
    boolean embedded = there.master() == null;
    if (point == null && embedded) {
      Drain.start(graph.run());
      return true;
    }
    Optional<String> savepoint = client.stop(there.stateFolder(), point == null);
    if (point == null) {
      savepoint.ifPresent(at -> forget(there));
    } else {
      savepoint.ifPresent(point::note);
    }
    return savepoint.isPresent();
  }

  /** What an earlier run of a stream that ends has left. */
  private static void clear(FlinkSettings there) throws IOException {
    String folder = there.stateFolder();
    if (folder != null && !folder.contains("://")) {
      new StateFolder(Path.of(folder)).clear();
    }
  }

  private static void forget(FlinkSettings there) {
    try {
      clear(there);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
