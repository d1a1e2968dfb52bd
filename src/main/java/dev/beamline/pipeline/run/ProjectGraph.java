package dev.beamline.pipeline.run;

import dev.beamline.diagnostic.Problems;
import dev.beamline.io.SourceProvider;
import dev.beamline.pipeline.PipelineBuilder;
import dev.beamline.pipeline.QueryJob;
import dev.beamline.plan.Plans;
import dev.beamline.project.Query;
import dev.beamline.project.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.beam.sdk.Pipeline;
import org.jspecify.annotations.Nullable;

/**
 * Queries of a project with the sources and sinks of a target: what any runner is given. In this
 * order: {@link #prepare}, {@link #build}, the run, {@link #complete} or {@link #abandon}.
 */
public final class ProjectGraph {

  /** How long changes that follow each other wait to become one pane where no trigger says more. */
  private static final Duration SETTLE = Duration.ofMillis(100);

  private final Map<String, SourceProvider> sources = new LinkedHashMap<>();
  private final List<QueryJob> jobs = new ArrayList<>();
  private final ProjectSinks sinks;
  private final boolean fresh;
  private final boolean readsHere;
  private final String run = "r" + UUID.randomUUID().toString().replace("-", "");

  /**
   * Finds and checks the sources and sinks; nothing is read or written yet.
   *
   * @throws dev.beamline.diagnostic.InvalidProjectException where the project cannot run this way
   */
  public ProjectGraph(RunSettings settings) {
    TargetOptions.useForFiles(settings.target());
    Problems problems = new Problems();
    Set<String> names = new TreeSet<>(settings.queries());
    settings.queries().forEach(name -> names.addAll(Plans.queries(settings.plan(name).plan())));
    Set<String> read = new TreeSet<>();
    names.forEach(name -> read.addAll(Plans.sources(settings.plan(name).plan())));
    for (String source : read) {
      Source declared = settings.project().sources().get(source);
      if (declared != null) {
        ProjectSources.provider(settings, declared, run, problems)
            .ifPresent(
                provider -> {
                  provider.check(problems);
                  sources.put(source, provider);
                });
      }
    }
    fresh = settings.fresh();
    readsHere = !settings.target().hasWorkers();
    sinks = new ProjectSinks(settings, run, ends(), problems);
    problems.throwIfErrors();
    for (String name : names) {
      Query query = settings.project().query(name);
      boolean output = settings.queries().contains(name);
      jobs.add(QueryJob.of(settings.plan(name), query, output && sinks.upserts(name), output));
    }
  }

  /** The queries that are computed: those to run, and those that they read. By name, sorted. */
  public List<QueryJob> jobs() {
    return List.copyOf(jobs);
  }

  /** The names of the sources that are read. */
  public Set<String> sources() {
    return new TreeSet<>(sources.keySet());
  }

  /** The id of this run, under which its streams can be drained. */
  public String run() {
    return run;
  }

  /** Whether the run ends by itself, as it does where files stand for streams. */
  public boolean ends() {
    return sources.values().stream().allMatch(SourceProvider::ends);
  }

  /** Whether it may go back to a checkpoint inside the run; known once the graph is built. */
  boolean survivesRestart() {
    return sinks.surviveRestart();
  }

  /** Whether a stream begins anew, without the state that its last run has left. */
  boolean fresh() {
    return fresh;
  }

  /** Adds the whole graph to a pipeline, whose options are the runner's. Once only. */
  public void build(Pipeline pipeline) {
    new PipelineBuilder(sources, jobs, SETTLE, sinks).build(pipeline);
    sinks.finish();
  }

  /** Makes tables and whatever else must be there before the first row. */
  public void prepare() throws IOException {
    if (fresh) {
      for (SourceProvider source : sources.values()) {
        if (source instanceof VersionedSource versioned) {
          versioned.forget();
        }
      }
    }
    if (readsHere) {
      for (SourceProvider source : sources.values()) {
        source.prepare();
      }
    }
    sinks.prepare();
  }

  /** After success: all that was written becomes visible. */
  public void complete() throws IOException {
    sinks.complete();
  }

  /** After failure: what was not yet visible goes away, as far as it can. */
  public void abandon() {
    sinks.abandon();
  }

  /** The table that a query's rows are in. */
  public String table(String query) {
    return sinks.table(query);
  }

  /** The database that a query's rows are in; null where they go to a file or elsewhere. */
  public @Nullable Path database(String query) {
    String path = sinks.database(query);
    return path == null ? null : Path.of(path);
  }

  /** Where a query's rows are, in words. */
  public String place(String query) {
    return sinks.place(query);
  }

  /** The file that a query's rows are in; null where they go elsewhere. */
  public @Nullable String file(String query) {
    return sinks.file(query);
  }
}
