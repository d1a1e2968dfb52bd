package dev.beamline.cli;

import dev.beamline.deploy.local.LastRun;
import dev.beamline.deploy.local.LocalState;
import dev.beamline.deploy.manifest.Manifest;
import dev.beamline.deploy.manifest.Manifests;
import dev.beamline.pipeline.run.RunLedger;
import dev.beamline.project.PipelineDefinition;
import dev.beamline.project.Target;
import dev.beamline.sql.CompiledProject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Notes what a run does, for {@code plan} and {@code status}. A cluster without a warehouse tells
 * itself what it runs.
 */
final class RunRecorder {

  /** Between two notes of a run that goes on. */
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private final @Nullable LocalState state;
  private final CompiledProject compiled;
  private final PipelineDefinition pipeline;
  private final Target target;
  private final List<String> queries;
  private final Instant began = Instant.now();
  private long noted;

  RunRecorder(
      CompiledProject compiled, PipelineDefinition pipeline, Target target, List<String> queries) {
    this.state = LocalState.of(compiled.project(), target);
    this.compiled = compiled;
    this.pipeline = pipeline;
    this.target = target;
    this.queries = List.copyOf(queries);
  }

  /** What runs: the queries that were asked for, under the pipeline's name. */
  Manifest manifest() {
    return manifest(queries);
  }

  private Manifest manifest(List<String> of) {
    PipelineDefinition ran =
        new PipelineDefinition(
            pipeline.name(),
            pipeline.place(),
            pipeline.description(),
            pipeline.mode(),
            of,
            pipeline.isDefault());
    return Manifests.of(compiled, ran, target, Version.number(), null, Instant.now());
  }

  /** The run goes on. */
  void running(RunLedger ledger) {
    long now = System.nanoTime();
    if (noted != 0 && now - noted < PAUSE.toNanos()) {
      return;
    }
    noted = now;
    try {
      write("running", null, ledger);
    } catch (IOException e) {
      // A note that is missing must not stop the run.
      System.getLogger(RunRecorder.class.getName())
          .log(System.Logger.Level.DEBUG, "noting a run", e);
    }
  }

  /** The run has ended well: its tables are made by these queries. */
  void done(RunLedger ledger) throws IOException {
    if (state == null) {
      return;
    }
    write("done", Instant.now(), ledger);
    boolean whole = queries.containsAll(pipeline.queries());
    state.record(manifest(pipeline.queries().stream().filter(queries::contains).toList()), whole);
  }

  /** The run has failed, or was stopped. */
  void failed() throws IOException {
    write("failed", Instant.now(), new RunLedger(Map.of(), Map.of()));
  }

  private void write(String how, @Nullable Instant ended, RunLedger ledger) throws IOException {
    if (state == null) {
      return;
    }
    Map<String, LastRun.Counts> counts = new TreeMap<>();
    for (String query : queries) {
      RunLedger.QueryLine line = ledger.queries().get(query);
      counts.put(
          query,
          line == null
              ? new LastRun.Counts(0, 0, 0, 0)
              : new LastRun.Counts(line.rows(), line.emitted(), line.late(), line.failed()));
    }
    new LastRun(
            pipeline.name(),
            pipeline.mode().name().toLowerCase(Locale.ROOT),
            ProcessHandle.current().pid(),
            how,
            began.toString(),
            ended == null ? null : ended.toString(),
            counts)
        .write(state.folder());
  }
}
