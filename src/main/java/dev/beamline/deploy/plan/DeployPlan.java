package dev.beamline.deploy.plan;

import java.util.List;

/**
 * The difference between a project and what is deployed of it.
 *
 * @param against what was compared with, in words
 */
public record DeployPlan(
    String project, String target, String against, List<PipelineChange> pipelines) {

  public DeployPlan {
    pipelines = List.copyOf(pipelines);
  }

  public boolean changed() {
    return pipelines.stream().anyMatch(PipelineChange::changed);
  }

  /** Changed queries of all pipelines with the given mark. */
  public long count(Mark mark) {
    return pipelines.stream().flatMap(p -> p.changes().stream()).filter(q -> q.has(mark)).count();
  }

  public long count(QueryChange.Kind kind) {
    return pipelines.stream()
        .flatMap(p -> p.queries().stream())
        .filter(q -> q.kind() == kind)
        .count();
  }
}
