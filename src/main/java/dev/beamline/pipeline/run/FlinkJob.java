package dev.beamline.pipeline.run;

import dev.beamline.io.stream.Drain;
import dev.beamline.project.PipelineDefinition.Mode;
import dev.beamline.project.Target;
import java.io.IOException;
import java.util.function.Consumer;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.flink.api.common.JobStatus;

/** Runs batches and streams on Flink, inside this process or on a cluster. */
final class FlinkJob implements JobRunner {

  private static final long POLL_MILLIS = 200;
  private static final long TELL_NANOS = 1_000_000_000L;

  private final RunSettings run;
  private final FlinkSettings settings;
  private final Mode mode;
  private final ProjectGraph graph;
  private final FlinkPipelineOptions options;

  FlinkJob(RunSettings run, FlinkSettings settings, ProjectGraph graph) {
    this.run = run;
    this.settings = settings;
    this.mode = run.mode();
    this.graph = graph;
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
    try (EmbeddedFlink flink = new EmbeddedFlink(of.getParallelism(), settings)) {
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
    FlinkCluster cluster =
        new FlinkCluster(run.project(), (Target.Flink) run.target(), run.pipeline());
    cluster.refuseSecond();
    FlinkSettings there = settings.withStateFolder(cluster.savepoints());
    FlinkOptions.forCluster(of, run.target(), there, run.project().resolve(".beamline/staging"));
    return mode == Mode.BATCH
        ? batch(pipeline, progress)
        : stream(pipeline, of, there, master, progress, stop);
  }

  private RunLedger stream(
      Pipeline pipeline,
      FlinkPipelineOptions of,
      FlinkSettings there,
      String master,
      Consumer<RunLedger> progress,
      StopSignal stop)
      throws IOException, InterruptedException {
    ResumePoint resume = new ResumePoint(run, there);
    if (graph.ends() || graph.fresh()) {
      resume.clear();
    } else {
      resume.newest().ifPresent(of::setSavepointPath);
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
            client.checkpoint().ifPresent(resume::note);
            throw client.failure(status);
          }
          break;
        }
        if (asked) {
          if (!stopping && status == JobStatus.RUNNING) {
            stopping = true;
            stop(client, there, resume);
          }
          Thread.sleep(POLL_MILLIS);
        }
      }
      return RunLedger.of(client.metrics());
    } finally {
      Drain.forget(graph.run());
    }
  }

  private void stop(FlinkClient client, FlinkSettings there, ResumePoint resume)
      throws IOException, InterruptedException {
    if (!graph.ends()) {
      resume.note(client.stop(there.stateFolder(), false));
    } else if (there.master() == null) {
      Drain.start(graph.run());
    } else {
      client.stop(there.stateFolder(), true);
      resume.clear();
    }
  }
}
