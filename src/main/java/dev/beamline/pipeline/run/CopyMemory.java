package dev.beamline.pipeline.run;

import dev.beamline.plan.Plan;
import dev.beamline.plan.Plans;
import dev.beamline.plan.QueryPlan;
import dev.beamline.project.Query;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collection;

/**
 * How long a stream remembers a record behind the time within which copies are told: until the
 * windows that a copy could still be counted in have closed for good.
 *
 * <p>A record may be in a window that ends as much later as the window is long, and the window goes
 * on for the allowed lateness. Sessions count as their gap, since nobody knows how long one gets;
 * what has no window counts as nothing: there a copy that comes later than that counts again.
 */
public final class CopyMemory {

  private CopyMemory() {}

  /**
   * The longest that is needed.
   *
   * @param plans of the queries that read the source's rows, directly or not
   * @param queries those whose allowed lateness counts; none: only windows count
   */
  public static Duration of(Collection<QueryPlan> plans, Collection<Query> queries) {
    long[] micros = {0};
    plans.forEach(
        query ->
            Plans.forEach(
                query.plan(),
                plan -> {
                  if (plan instanceof Plan.AssignWindows assign) {
                    micros[0] = Math.max(micros[0], assign.window().length());
                  }
                }));
    Duration lateness =
        queries.stream()
            .map(query -> query.windowing().allowedLateness())
            .max(Duration::compareTo)
            .orElse(Duration.ZERO);
    return lateness.plus(micros[0], ChronoUnit.MICROS);
  }
}
