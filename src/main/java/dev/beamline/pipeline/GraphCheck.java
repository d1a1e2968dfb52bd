package dev.beamline.pipeline;

import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.InvalidProjectException;
import dev.beamline.diagnostic.Problems;
import dev.beamline.io.ScanRequest;
import dev.beamline.io.SourceProvider;
import dev.beamline.plan.QueryPlan;
import dev.beamline.project.PipelineDefinition.Mode;
import dev.beamline.project.Project;
import dev.beamline.project.Query;
import dev.beamline.project.Source;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollectionTuple;

/** Finds what a run would refuse when it builds its graph, without sources, sinks or a runner. */
public final class GraphCheck {

  private GraphCheck() {}

  /**
   * Plans the graph of queries.
   *
   * @param plans of the queries and those that they read, compiled for the mode
   * @param problems gets what cannot run, once each
   */
  public static void check(
      Project project, Collection<QueryPlan> plans, Mode mode, Problems problems) {
    Map<String, SourceProvider> sources = new HashMap<>();
    for (Source source : project.sources().values()) {
      sources.put(
          source.name(), new Nowhere(source.name(), mode == Mode.BATCH || !source.streams()));
    }
    Map<String, QueryJob> jobs = new LinkedHashMap<>();
    for (QueryPlan plan : plans) {
      Query query = project.query(plan.name());
      jobs.put(
          plan.name(),
          QueryJob.of(plan, query, query.upserts(!plan.key().isEmpty()), /* output= */ true));
    }
    GraphCompiler compiler = new GraphCompiler(sources, jobs, /* settle= */ 0, /* shards= */ 0);
    Set<Diagnostic> found = new LinkedHashSet<>();
    for (QueryJob job : jobs.values()) {
      try {
        compiler.output(job).forEach(flow -> PipelineBuilder.checkResult(job, flow));
      } catch (InvalidProjectException refused) {
        found.addAll(refused.diagnostics());
      }
    }
    found.forEach(problems::add);
  }

  /** A source that is known, and never read. */
  private record Nowhere(String name, boolean bounded) implements SourceProvider {
    @Override
    public void check(Problems problems) {}

    @Override
    public PCollectionTuple read(PBegin begin, ScanRequest request) {
      throw new UnsupportedOperationException("the graph is only planned");
    }
  }
}
