package dev.beamline.deploy.status;

import dev.beamline.deploy.status.PipelineStatus.Freshness;
import dev.beamline.deploy.status.PipelineStatus.QueryStatus;
import dev.beamline.project.Query;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Holds what is against what was promised. */
final class Promises {

  private final Instant now;

  Promises(Instant now) {
    this.now = now;
  }

  /**
   * Judges a query.
   *
   * @param newest up to when its table is made; null: it has nothing yet
   * @param deployed since when it should have something; null: long enough
   */
  QueryStatus judge(
      Query query,
      PipelineStatus.@Nullable Counts counts,
      @Nullable Instant newest,
      @Nullable Instant deployed) {
    Duration age = newest == null ? null : Duration.between(newest, now);
    // A promise is not broken by what began a moment ago.
    Duration without = age != null || deployed == null ? age : Duration.between(deployed, now);
    return new QueryStatus(
        query.name(),
        counts,
        newest,
        age == null ? null : Math.max(0, age.toSeconds()),
        freshness(query.freshness(), without));
  }

  private static Freshness freshness(Query.@Nullable Freshness promised, @Nullable Duration age) {
    if (promised == null) {
      return Freshness.UNKNOWN;
    }
    if (age == null) {
      // Nothing is there that could be fresh.
      return promised.errorAfter() != null ? Freshness.ERROR : Freshness.WARN;
    }
    if (promised.errorAfter() != null && age.compareTo(promised.errorAfter()) > 0) {
      return Freshness.ERROR;
    }
    return promised.warnAfter() != null && age.compareTo(promised.warnAfter()) > 0
        ? Freshness.WARN
        : Freshness.OK;
  }
}
