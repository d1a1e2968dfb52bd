package dev.beamline.testing;

import dev.beamline.diagnostic.InvalidProjectException;
import dev.beamline.diagnostic.Problems;
import dev.beamline.plan.QueryPlan;
import dev.beamline.project.PipelineDefinition;
import dev.beamline.project.Project;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Whether the queries of streaming pipelines become graphs: what only the graph can tell. */
public final class StreamChecks {

  private StreamChecks() {}

  /**
   * Checks each query that some pipeline streams.
   *
   * @param plans of the queries that compile; of those in streaming pipelines as streams
   * @param problems gets what cannot run
   */
  public static void check(Project project, Map<String, QueryPlan> plans, Problems problems) {
    Set<String> streaming = new TreeSet<>();
    for (PipelineDefinition pipeline : project.pipelines().values()) {
      if (pipeline.mode() == PipelineDefinition.Mode.STREAMING) {
        streaming.addAll(pipeline.queries());
      }
    }
    streaming.retainAll(plans.keySet());
    for (String query : streaming) {
      if (plans.keySet().containsAll(QueryGraph.reads(plans, query))) {
        try {
          new QueryGraph(project, plans, query, q -> q, true).check();
        } catch (InvalidProjectException e) {
          problems.addAll(e.diagnostics());
        }
      }
    }
  }
}
