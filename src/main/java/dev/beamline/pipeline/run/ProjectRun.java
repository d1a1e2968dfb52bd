package dev.beamline.pipeline.run;

import dev.beamline.diagnostic.Problems;
import dev.beamline.io.SourceProvider;
import dev.beamline.pipeline.GroupingOptions;
import dev.beamline.pipeline.PipelineBuilder;
import dev.beamline.pipeline.QueryJob;
import dev.beamline.plan.Plan;
import dev.beamline.plan.QueryPlan;
import dev.beamline.project.Query;
import dev.beamline.project.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptions.CheckEnabled;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.jspecify.annotations.Nullable;

/**
 * One run of queries in this process, from the check of its sources and sinks to the ledger. Its
 * tables become visible when all has gone well; a run that fails or is killed leaves the old ones.
 */
public final class ProjectRun {

  /** How long changes that follow each other wait to become one pane where no trigger says more. */
  private static final Duration SETTLE = Duration.ofMillis(100);

  private static final Duration POLL = Duration.ofMillis(200);

  private final RunSettings settings;
  private final Pipeline pipeline;
  private final ProjectSinks sinks;

  /**
   * Builds the graph; nothing is read or written yet.
   *
   * @throws dev.beamline.diagnostic.InvalidProjectException where the project cannot run this way
   */
  public ProjectRun(RunSettings settings) {
    this.settings = settings;
    Problems problems = new Problems();
    Set<String> names = new TreeSet<>(settings.queries());
    settings.queries().forEach(name -> readQueries(plan(settings, name).plan(), names));
    Map<String, SourceProvider> sources = new LinkedHashMap<>();
    for (String source : readSources(settings, names)) {
      Source declared = settings.project().sources().get(source);
      if (declared != null) {
        ProjectSources.provider(settings, declared, problems)
            .ifPresent(
                provider -> {
                  provider.check(problems);
                  sources.put(source, provider);
                });
      }
    }
    String run = "r" + UUID.randomUUID().toString().replace("-", "");
    sinks = new ProjectSinks(settings, run, problems);
    problems.throwIfErrors();
    List<QueryJob> jobs = new ArrayList<>();
    for (String name : names) {
      Query query = settings.project().query(name);
      boolean output = settings.queries().contains(name);
      jobs.add(
          new QueryJob(
              plan(settings, name),
              query.windowing(),
              output && sinks.upserts(name),
              output,
              query.place()));
    }
    pipeline = Pipeline.create(options());
    new PipelineBuilder(sources, jobs, SETTLE, sinks).build(pipeline);
    sinks.finish();
  }

  /** The table that a query's rows are in. */
  public String table(String query) {
    return sinks.table(query);
  }

  /** The database that a query's rows are in; null where they go to a file or the terminal. */
  public @Nullable Path database(String query) {
    String path = sinks.database(query);
    return path == null ? null : Path.of(path);
  }

  /** The file that a query's rows are in; null where they go elsewhere. */
  public @Nullable String file(String query) {
    return sinks.file(query);
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
      sinks.prepare();
      PipelineResult result = pipeline.run();
      PipelineResult.State state;
      do {
        state = result.waitUntilFinish(org.joda.time.Duration.millis(POLL.toMillis()));
        progress.accept(RunLedger.of(result.metrics()));
      } while (state == null || !state.isTerminal());
      if (state != PipelineResult.State.DONE) {
        throw new IOException("the pipeline ended as " + state);
      }
      sinks.complete();
      done = true;
      return RunLedger.of(result.metrics());
    } finally {
      if (!done) {
        sinks.abandon();
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

  private static DirectOptions options() {
    DirectOptions options = PipelineOptionsFactory.create().as(DirectOptions.class);
    options.setRunner(DirectRunner.class);
    options.setStableUniqueNames(CheckEnabled.ERROR);
    options.setBlockOnRun(false);
    // Our coders and functions are held to these rules by tests; checking each element costs most.
    options.setEnforceEncodability(false);
    options.setEnforceImmutability(false);
    int cores = Math.max(2, Runtime.getRuntime().availableProcessors());
    options.setTargetParallelism(cores);
    options.as(GroupingOptions.class).setGroupShards(2 * cores);
    return options;
  }

  private static QueryPlan plan(RunSettings settings, String name) {
    QueryPlan plan = settings.plans().get(name);
    if (plan == null) {
      throw new IllegalArgumentException("query " + name + " is not compiled");
    }
    return plan;
  }

  private static Set<String> readSources(RunSettings settings, Set<String> queries) {
    Set<String> sources = new TreeSet<>();
    queries.forEach(name -> readSources(plan(settings, name).plan(), sources));
    return sources;
  }

  private static void readSources(Plan plan, Set<String> sources) {
    if (plan instanceof Plan.Scan scan) {
      sources.add(scan.source());
    }
    plan.inputs().forEach(input -> readSources(input, sources));
  }

  private static void readQueries(Plan plan, Set<String> queries) {
    if (plan instanceof Plan.QueryResult result) {
      queries.add(result.query());
    }
    plan.inputs().forEach(input -> readQueries(input, queries));
  }
}
