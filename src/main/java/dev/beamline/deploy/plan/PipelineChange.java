package dev.beamline.deploy.plan;

import dev.beamline.deploy.manifest.Manifest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a pipeline.
 *
 * @param before what is deployed; null: nothing
 * @param after what should be; null: the project has it no longer
 * @param job the id of the running job; null: none
 * @param reasons what concerns the pipeline as a whole
 * @param queries by name
 */
public record PipelineChange(
    String name,
    String mode,
    Action action,
    @Nullable Manifest before,
    @Nullable Manifest after,
    @Nullable String job,
    List<Reason> reasons,
    List<QueryChange> queries) {

  /** What a deployment does with the job. */
  public enum Action {
    /** Nothing is different. */
    NONE("none", "unchanged"),
    /** There is none yet, or no longer. */
    LAUNCH("launch", "launch"),
    /** The new job takes the state of the old one over. */
    UPDATE("update_in_place", "update in place"),
    /** The old job finishes what it has begun, then the new one starts. */
    REPLACE("drain_and_restart", "drain and restart"),
    /** The job finishes what it has begun, and that is all. */
    DRAIN("drain", "drain");

    private final String id;
    private final String words;

    Action(String id, String words) {
      this.id = id;
      this.words = words;
    }

    public String id() {
      return id;
    }

    public String words() {
      return words;
    }
  }

  public PipelineChange {
    reasons = List.copyOf(reasons);
    queries = List.copyOf(queries);
  }

  public boolean changed() {
    return action != Action.NONE;
  }

  /** The queries that are not as they were. */
  public List<QueryChange> changes() {
    return queries.stream().filter(q -> q.kind() != QueryChange.Kind.UNCHANGED).toList();
  }
}
