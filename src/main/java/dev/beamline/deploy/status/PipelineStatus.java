package dev.beamline.deploy.status;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline now.
 *
 * @param state {@code running}, {@code done}, {@code failed}, {@code never ran}, or the service's
 *     own word
 * @param healthy whether the state is one that it should be in
 * @param job its id, or the process; null: none
 * @param since when that began; null: not known
 * @param deployed when the last deployment or run was; null: none
 * @param manifest the hash of what runs; null: not known
 */
public record PipelineStatus(
    String pipeline,
    String mode,
    String state,
    boolean healthy,
    @Nullable String job,
    @Nullable Instant since,
    @Nullable Instant deployed,
    @Nullable String manifest,
    List<QueryStatus> queries) {

  public PipelineStatus {
    queries = List.copyOf(queries);
  }

  /** The gravest of its queries. */
  public Freshness freshness() {
    return queries.stream()
        .map(QueryStatus::freshness)
        .max(java.util.Comparator.naturalOrder())
        .orElse(Freshness.UNKNOWN);
  }

  /** How a query keeps its promise; from the mildest to the gravest. */
  public enum Freshness {
    /** It has promised nothing, or nothing is known. */
    UNKNOWN,
    OK,
    WARN,
    ERROR
  }

  /**
   * A query now.
   *
   * @param counts null: not known
   * @param newest the end of the newest window whose rows are there, or the time up to which all
   *     events have been seen; null: not known
   * @param lag seconds from then until now; null: not known
   */
  public record QueryStatus(
      String query,
      @Nullable Counts counts,
      @Nullable Instant newest,
      @Nullable Long lag,
      Freshness freshness) {}

  /** Rows of a query; late ones were dropped, refused ones are in the error output. */
  public record Counts(long in, long out, long late, long refused) {}
}
