package dev.beamline.pipeline.run;

import dev.beamline.io.stream.Drain;
import dev.beamline.project.PipelineDefinition.Mode;
import dev.beamline.project.Target;
import java.io.IOException;
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

  private final FlinkSettings settings;
  private final Mode mode;
  private final ProjectGraph graph;
  private final FlinkPipelineOptions options;

  FlinkJob(Target target, FlinkSettings settings, Mode mode, ProjectGraph graph) {
    this.settings = settings;
    this.mode = mode;
    this.graph = graph;
    this.options = FlinkOptions.of(target, settings, mode, graph.run());
  }

  @Override
  public FlinkPipelineOptions options() {
    return options;
  }

  @Override
  public RunLedger run(Pipeline pipeline, Consumer<RunLedger> progress, StopSignal stop)
      throws IOException, InterruptedException {
    FlinkPipelineOptions of = pipeline.getOptions().as(FlinkPipelineOptions.class);
    if (mode == Mode.BATCH) {
      of.setFlinkMaster(settings.master() == null ? "[local]" : settings.master());
      PipelineResult result = pipeline.run();
      RunLedger ledger = RunLedger.of(result.metrics());
      progress.accept(ledger);
      return ledger;
    }
    String master = settings.master();
    if (master != null) {
      of.setFlinkMaster(master);
      return stream(pipeline, of, master, progress, stop);
    }
    try (EmbeddedFlink flink = new EmbeddedFlink(of.getParallelism(), settings.stateFolder())) {
      of.setFlinkMaster(flink.master());
      of.setFilesToStage(flink.filesToStage());
      return stream(pipeline, of, flink.master(), progress, stop);
    }
  }

  private RunLedger stream(
      Pipeline pipeline,
      FlinkPipelineOptions of,
      String master,
      Consumer<RunLedger> progress,
      StopSignal stop)
      throws IOException, InterruptedException {
    restore(of);
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
            throw client.failure(status);
          }
          break;
        }
        if (asked) {
          if (!stopping && status == JobStatus.RUNNING) {
            stopping = true;
            stop(client);
          }
          Thread.sleep(POLL_MILLIS);
        }
      }
      return RunLedger.of(client.metrics());
    } finally {
      Drain.forget(graph.run());
    }
  }

  private void stop(FlinkClient client) throws IOException {
    if (graph.ends()) {
      Drain.start(graph.run());
    } else {
      client.stop(settings.stateFolder());
    }
  }

  /** Goes on where the last run of a stream that does not end has left off. */
  private void restore(FlinkPipelineOptions of) throws IOException {
    StateFolder folder = localState();
    if (folder == null) {
      return;
    }
    if (graph.ends() || graph.fresh()) {
      folder.clear();
      return;
    }
    Optional<Path> newest = folder.newest();
    if (newest.isPresent()) {
      folder.keepOnly(newest.get());
      of.setSavepointPath(newest.get().toUri().toString());
    }
  }

  private @Nullable StateFolder localState() {
    String folder = settings.stateFolder();
    return folder == null || folder.contains("://") ? null : new StateFolder(Path.of(folder));
  }
}
