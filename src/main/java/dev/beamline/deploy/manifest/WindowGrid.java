package dev.beamline.deploy.manifest;

import dev.beamline.plan.WindowSpec;
import org.jspecify.annotations.Nullable;

/**
 * Where windows start.
 *
 * @param period microseconds from one start to the next; 0: they start anywhere
 * @param offset microseconds since the epoch of one of the starts
 * @param size microseconds from the start to the latest end; 0: not known
 */
public record WindowGrid(long period, long offset, long size) {

  public static WindowGrid of(@Nullable WindowSpec window) {
    if (window instanceof WindowSpec.Tumble tumble) {
      return new WindowGrid(tumble.size(), tumble.offset(), tumble.size());
    } else if (window instanceof WindowSpec.Hop hop) {
      return new WindowGrid(hop.period(), hop.offset(), hop.size());
    } else if (window instanceof WindowSpec.Cumulate cumulate) {
      return new WindowGrid(cumulate.size(), cumulate.offset(), cumulate.size());
    }
    return new WindowGrid(0, 0, 0);
  }

  /** The last start at or before a time in microseconds; the time itself where there is no grid. */
  public long floor(long micros) {
    return period == 0 ? micros : micros - Math.floorMod(micros - offset, period);
  }

  /** The first start at or after it. */
  public long ceiling(long micros) {
    long floor = floor(micros);
    return floor == micros ? micros : floor + period;
  }
}
