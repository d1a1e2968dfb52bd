package dev.beamline.transform.window;

import dev.beamline.plan.WindowSpec;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts time into slices such that each window is a row of whole slices. Rows are summed once a
 * slice and not once a window: a hop of 60 windows a row costs as much as a tumble until the sums
 * are put together.
 *
 * @param slice length of a slice in microseconds
 * @param phase time since the epoch, modulo the slice, at which slices start
 */
public record TimeGrid(WindowSpec spec, long slice, long phase) implements Serializable {

  /**
   * The grid of windows that lie at fixed places.
   *
   * @throws IllegalArgumentException for sessions, whose windows lie where the rows are
   */
  public static TimeGrid of(WindowSpec spec) {
    if (spec instanceof WindowSpec.Tumble tumble) {
      return new TimeGrid(spec, tumble.size(), tumble.offset());
    } else if (spec instanceof WindowSpec.Hop hop) {
      long slice = gcd(hop.period(), hop.size());
      return new TimeGrid(spec, slice, hop.offset() % slice);
    } else if (spec instanceof WindowSpec.Cumulate cumulate) {
      return new TimeGrid(spec, cumulate.step(), cumulate.offset() % cumulate.step());
    } else if (spec instanceof WindowSpec.Global) {
      return new TimeGrid(spec, Long.MAX_VALUE, 0);
    }
    throw new IllegalArgumentException("sessions have no fixed places");
  }

  private static long gcd(long a, long b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  /** Whether each slice is a window of its own and each window a slice. */
  public boolean slicesAreWindows() {
    if (spec instanceof WindowSpec.Hop hop) {
      return hop.period() == hop.size();
    }
    if (spec instanceof WindowSpec.Cumulate cumulate) {
      return cumulate.step() == cumulate.size();
    }
    return true;
  }

  /** The start of the slice that the time lies in. */
  public long sliceStart(long micros) {
    return spec instanceof WindowSpec.Global
        ? Long.MIN_VALUE
        : micros - Math.floorMod(micros - phase, slice);
  }

  /** The end of the slice that starts there. */
  public long sliceEnd(long sliceStart) {
    return spec instanceof WindowSpec.Global ? Long.MAX_VALUE : sliceStart + slice;
  }

  /**
   * The windows that hold the slice, the one that ends first first; none in the gap between hops.
   */
  public List<Window> windows(long sliceStart) {
    if (spec instanceof WindowSpec.Tumble tumble) {
      return List.of(new Window(sliceStart, sliceStart + tumble.size()));
    } else if (spec instanceof WindowSpec.Hop hop) {
      List<Window> windows = new ArrayList<>();
      long last = lastStart(hop, sliceStart);
      long first = last - (hop.size() - 1) / hop.period() * hop.period();
      for (long start = first; start <= last; start += hop.period()) {
        if (start + hop.size() > sliceStart) {
          windows.add(new Window(start, start + hop.size()));
        }
      }
      return windows;
    } else if (spec instanceof WindowSpec.Cumulate cumulate) {
      List<Window> windows = new ArrayList<>();
      long start = sliceStart - Math.floorMod(sliceStart - cumulate.offset(), cumulate.size());
      for (long end = sliceStart + cumulate.step();
          end <= start + cumulate.size();
          end += cumulate.step()) {
        windows.add(new Window(start, end));
      }
      return windows;
    }
    return List.of(Window.ALL_TIME);
  }

  /** The start of the last hop that starts no later than the slice. */
  private static long lastStart(WindowSpec.Hop hop, long sliceStart) {
    return sliceStart - Math.floorMod(sliceStart - hop.offset(), hop.period());
  }

  /** Whether any window holds the slice. */
  public boolean inWindow(long sliceStart) {
    return !(spec instanceof WindowSpec.Hop hop)
        || lastStart(hop, sliceStart) + hop.size() > sliceStart;
  }

  /** The end of the last window that holds the slice; its start where there is none. */
  public long lastWindowEnd(long sliceStart) {
    if (spec instanceof WindowSpec.Hop hop) {
      return Math.max(sliceStart, lastStart(hop, sliceStart) + hop.size());
    } else if (spec instanceof WindowSpec.Global) {
      return Window.ALL_TIME.end();
    }
    List<Window> windows = windows(sliceStart);
    return windows.isEmpty() ? sliceStart : windows.get(windows.size() - 1).end();
  }
}
