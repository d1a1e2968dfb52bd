package dev.beamline.deploy.plan;

import dev.beamline.deploy.manifest.Manifest;
import dev.beamline.deploy.manifest.QueryManifest;
import dev.beamline.deploy.manifest.TimeRange;
import dev.beamline.deploy.manifest.WindowGrid;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** From when to when a table has to be filled again. */
final class Backfills {

  private final @Nullable Manifest before;
  private final Instant now;

  Backfills(@Nullable Manifest before, Instant now) {
    this.before = before;
    this.now = now;
  }

  /** What the table of a query that is there holds, up to the end of the windows now open. */
  TimeRange ofTable(String deployedName, QueryManifest query) {
    TimeRange known = before == null ? null : before.history().get(deployedName);
    return aligned(known != null ? known : always(), query);
  }

  /** What the other tables of the pipeline hold: a new one should go as far back. */
  TimeRange ofPipeline(QueryManifest query) {
    String from = null;
    String to = null;
    if (before != null) {
      for (TimeRange range : before.history().values()) {
        from = from == null || earlier(range.from(), from) ? range.from() : from;
        to = to == null || earlier(to, range.to()) ? range.to() : to;
      }
    }
    return aligned(to == null ? always() : new TimeRange(from, to), query);
  }

  private TimeRange always() {
    return new TimeRange(before == null ? null : before.since(), now.toString());
  }

  private static boolean earlier(@Nullable String a, String b) {
    return a != null && Instant.parse(a).isBefore(Instant.parse(b));
  }

  private static TimeRange aligned(TimeRange range, QueryManifest query) {
    WindowGrid grid = new WindowGrid(query.gridPeriod(), query.gridOffset(), 0);
    String from = range.from();
    return new TimeRange(
        from == null ? null : instant(grid.floor(micros(from))).toString(),
        instant(grid.ceiling(micros(range.to()))).toString());
  }

  private static long micros(String instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(instant));
  }

  private static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
