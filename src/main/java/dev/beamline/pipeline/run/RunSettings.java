package dev.beamline.pipeline.run;

import dev.beamline.io.TableRange;
import dev.beamline.plan.QueryPlan;
import dev.beamline.project.PipelineDefinition.Mode;
import dev.beamline.project.Project;
import dev.beamline.project.Target;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What to run and how.
 *
 * @param pipeline the pipeline's name, under which a stream's state is kept
 * @param plans of all queries of the project that compile, by name
 * @param queries whose rows are written
 * @param inputs files to read instead of a source, by its name
 * @param speed seconds of event time in a second, for streams over files; 0: as fast as it goes
 * @param samples whether samples are read even where the target has real sources
 * @param fresh whether a stream begins anew, without the state that its last run has left
 * @param range what of its table the only query replaces; null: runs write tables as usual
 */
public record RunSettings(
    Project project,
    Target target,
    String pipeline,
    Mode mode,
    Map<String, QueryPlan> plans,
    List<String> queries,
    Map<String, String> inputs,
    double speed,
    boolean samples,
    boolean fresh,
    @Nullable TableRange range) {

  /** A pipeline without a name of its own. */
  public RunSettings(
      Project project,
      Target target,
      Mode mode,
      Map<String, QueryPlan> plans,
      List<String> queries,
      Map<String, String> inputs,
      double speed) {
    this(project, target, "queries", mode, plans, queries, inputs, speed, false, false, null);
  }

  /** Real sources as they are. */
  public RunSettings(
      Project project,
      Target target,
      String pipeline,
      Mode mode,
      Map<String, QueryPlan> plans,
      List<String> queries,
      Map<String, String> inputs) {
    this(project, target, pipeline, mode, plans, queries, inputs, 0, false, false, null);
  }

  public RunSettings {
    plans = Map.copyOf(plans);
    queries = List.copyOf(queries);
    inputs = Map.copyOf(inputs);
    for (String query : queries) {
      if (!plans.containsKey(query)) {
        throw new IllegalArgumentException("query " + query + " is not compiled");
      }
    }
  }

  /**
   * The plan of a query.
   *
   * @throws IllegalArgumentException where it is not compiled
   */
  QueryPlan plan(String query) {
    QueryPlan plan = plans.get(query);
    if (plan == null) {
      throw new IllegalArgumentException("query " + query + " is not compiled");
    }
    return plan;
  }
}
