package dev.beamline.pipeline.run;

import dev.beamline.project.PipelineDefinition.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.beam.sdk.Pipeline;
import org.jspecify.annotations.Nullable;

/**
 * One run of queries, from the check of its sources and sinks to the ledger. Tables of a batch
 * become visible when all has gone well; a run that fails or is killed leaves the old ones.
 */
public final class ProjectRun {

  private final RunSettings settings;
  private final ProjectGraph graph;
  private final JobRunner runner;
  private final Pipeline pipeline;
  private final StopSignal stop = new StopSignal();

  /**
   * Builds the graph; nothing is read or written yet.
   *
   * @throws dev.beamline.diagnostic.InvalidProjectException where the project cannot run this way
   */
  public ProjectRun(RunSettings settings) {
    this.settings = settings;
    graph = new ProjectGraph(settings);
    runner = JobRunners.of(settings, graph);
    pipeline = Pipeline.create(runner.options());
    graph.build(pipeline);
  }

  /** The table that a query's rows are in. */
  public String table(String query) {
    return graph.table(query);
  }

  /** The database that a query's rows are in; null where they go to a file or the terminal. */
  public @Nullable Path database(String query) {
    return graph.database(query);
  }

  /** Where a query's rows are, in words. */
  public String place(String query) {
    return graph.place(query);
  }

  /** The file that a query's rows are in; null where they go elsewhere. */
  public @Nullable String file(String query) {
    return graph.file(query);
  }

  /** Whether it ends by itself, as a batch does and a stream where files stand for its sources. */
  public boolean ends() {
    return settings.mode() == Mode.BATCH || graph.ends();
  }

  /**
   * Where a stream without end goes on; empty: this run keeps no state for the next one. Whoever
   * starts it has to see to it that the state fits.
   */
  public Optional<ResumePoint> resumePoint() throws IOException, InterruptedException {
    return runner.resumePoint();
  }

  /**
   * Ends a streaming run in good order, from any thread: nothing more is read, and what was read is
   * written. {@link #run} returns then.
   *
   * @return false where that cannot be: it is a batch, or was asked before
   */
  public boolean stop() {
    if (settings.mode() == Mode.BATCH || stop.isAsked()) {
      return false;
    }
    stop.ask();
    return true;
  }

  /**
   * Runs to the end.
   *
   * @param progress is told the counters now and then, from this thread
   * @throws IOException where a sink fails
   */
  public RunLedger run(Consumer<RunLedger> progress) throws IOException, InterruptedException {
    makeFolder();
    boolean done = false;
    try {
      graph.prepare();
      RunLedger ledger = runner.run(pipeline, progress, stop);
      graph.complete();
      done = true;
      return ledger;
    } finally {
      if (!done) {
        graph.abandon();
      }
    }
  }

  private void makeFolder() throws IOException {
    String warehouse = settings.target().common().warehouse();
    if (warehouse != null) {
      Path parent = settings.project().resolve(warehouse).getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
    }
  }
}
