package dev.beamline.pipeline.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.jspecify.annotations.Nullable;

/**
 * One run of queries in this process, from the check of its sources and sinks to the ledger. Its
 * tables become visible when all has gone well; a run that fails or is killed leaves the old ones.
 */
public final class ProjectRun {

  private static final Duration POLL = Duration.ofMillis(200);

  private final RunSettings settings;
  private final Pipeline pipeline;
  private final ProjectGraph graph;

  /**
   * Builds the graph; nothing is read or written yet.
   *
   * @throws dev.beamline.diagnostic.InvalidProjectException where the project cannot run this way
   */
  public ProjectRun(RunSettings settings) {
    this.settings = settings;
    graph = new ProjectGraph(settings);
    pipeline = Pipeline.create(LocalOptions.direct(settings.target()));
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

  /** The file that a query's rows are in; null where they go elsewhere. */
  public @Nullable String file(String query) {
    return graph.file(query);
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
      PipelineResult result = pipeline.run();
      PipelineResult.State state;
      do {
        state = result.waitUntilFinish(org.joda.time.Duration.millis(POLL.toMillis()));
        progress.accept(RunLedger.of(result.metrics()));
      } while (state == null || !state.isTerminal());
      if (state != PipelineResult.State.DONE) {
        throw new IOException("the pipeline ended as " + state);
      }
      graph.complete();
      done = true;
      return RunLedger.of(result.metrics());
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
