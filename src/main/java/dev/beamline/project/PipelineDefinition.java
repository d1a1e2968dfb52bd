package dev.beamline.project;

import dev.beamline.diagnostic.Place;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A set of queries that run as one job.
 *
 * @param queries names, in the order of the project's queries, each once
 * @param isDefault whether {@code run} takes it when none is named
 */
public record PipelineDefinition(
    String name,
    Place place,
    @Nullable String description,
    Mode mode,
    List<String> queries,
    boolean isDefault) {

  public PipelineDefinition {
    queries = List.copyOf(queries);
  }

  /** How it runs. */
  public enum Mode {
    BATCH,
    STREAMING
  }
}
