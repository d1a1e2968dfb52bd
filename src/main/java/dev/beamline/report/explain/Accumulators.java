package dev.beamline.report.explain;

import dev.beamline.plan.AggregateCall;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which aggregates keep more the more rows there are. */
final class Accumulators {

  private static final Set<String> COLLECT =
      Set.of("ARRAY_AGG", "STRING_AGG", "ARRAY_CONCAT_AGG", "PERCENTILE_CONT", "PERCENTILE_DISC");

  private Accumulators() {}

  /** What grows; null: a few bytes, however many rows there are. */
  static @Nullable String grows(AggregateCall call) {
    if (call.distinct()) {
      return "(keeps each different value)";
    }
    if (COLLECT.contains(call.function()) && call.limit() == null) {
      return "(keeps each value)";
    }
    return call.function().startsWith("APPROX") || call.function().startsWith("HLL")
        ? "(keeps a sketch)"
        : null;
  }
}
