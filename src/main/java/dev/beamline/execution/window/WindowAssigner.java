package dev.beamline.execution.window;

import dev.beamline.plan.WindowSpec;

/**
 * Which windows a time lies in. All times are microseconds since the epoch; the arithmetic is right
 * before it, too. Sessions depend on other rows: {@link Sessions}.
 */
public abstract class WindowAssigner {

  private WindowAssigner() {}

  /** Takes windows. */
  @FunctionalInterface
  public interface Sink {
    /**
     * Takes one window.
     *
     * @param start inclusive
     * @param end exclusive
     */
    void window(long start, long end);
  }

  /** Gives each window of the time to the sink, the earliest first. */
  public abstract void assign(long micros, Sink sink);

  /**
   * The assigner of a tumbling, hopping or cumulating window.
   *
   * @throws IllegalArgumentException for sessions and the global window
   */
  public static WindowAssigner of(WindowSpec spec) {
    if (spec instanceof WindowSpec.Tumble tumble) {
      return new Tumble(tumble.size(), tumble.offset());
    } else if (spec instanceof WindowSpec.Hop hop) {
      return new Hop(hop.period(), hop.size(), hop.offset());
    } else if (spec instanceof WindowSpec.Cumulate cumulate) {
      return new Cumulate(cumulate.step(), cumulate.size(), cumulate.offset());
    }
    throw new IllegalArgumentException("rows are not assigned one by one to " + spec);
  }

  /** The latest time, not after {@code micros}, that is congruent to the offset. */
  public static long floor(long micros, long length, long offset) {
    return micros - Math.floorMod(micros - offset, length);
  }

  private static final class Tumble extends WindowAssigner {
    private final long size;
    private final long offset;

    Tumble(long size, long offset) {
      this.size = size;
      this.offset = offset;
    }

    @Override
    public void assign(long micros, Sink sink) {
      long start = floor(micros, size, offset);
      sink.window(start, start + size);
    }
  }

  /** Where the period is longer than the size, a time between two windows lies in none. */
  private static final class Hop extends WindowAssigner {
    private final long period;
    private final long size;
    private final long offset;

    Hop(long period, long size, long offset) {
      this.period = period;
      this.size = size;
      this.offset = offset;
    }

    @Override
    public void assign(long micros, Sink sink) {
      long last = floor(micros, period, offset);
      // The earliest start that is after micros - size.
      long first = floor(micros - size, period, offset) + period;
      for (long start = first; start <= last; start += period) {
        sink.window(start, start + size);
      }
    }
  }

  private static final class Cumulate extends WindowAssigner {
    private final long step;
    private final long size;
    private final long offset;

    Cumulate(long step, long size, long offset) {
      this.step = step;
      this.size = size;
      this.offset = offset;
    }

    @Override
    public void assign(long micros, Sink sink) {
      long start = floor(micros, size, offset);
      long end = start + size;
      for (long to = start + ((micros - start) / step + 1) * step; to <= end; to += step) {
        sink.window(start, to);
      }
    }
  }
}
