package dev.beamline.transform.window;

import java.io.Serializable;
import java.util.Comparator;

/**
 * A stretch of event time.
 *
 * @param start microseconds since the epoch, inclusive; {@link Long#MIN_VALUE} where time has no
 *     start
 * @param end microseconds since the epoch, exclusive; {@link Long#MAX_VALUE} where time has no end
 */
public record Window(long start, long end) implements Serializable, Comparable<Window> {

  /** All time, as one window. SQL sees its start and end as NULL. */
  public static final Window ALL_TIME = new Window(Long.MIN_VALUE, Long.MAX_VALUE);

  private static final Comparator<Window> BY_END =
      Comparator.comparingLong(Window::end).thenComparingLong(Window::start);

  public Window {
    if (end <= start) {
      throw new IllegalArgumentException(
          "a window must end after its start: " + start + ", " + end);
    }
  }

  /** The last millisecond of Beam's that rows of the window can have. */
  public long lastMillis() {
    return end == Long.MAX_VALUE ? EventTimes.LAST_MILLIS : EventTimes.toMillis(end - 1);
  }

  /** The window that ends first comes first. */
  @Override
  public int compareTo(Window other) {
    return BY_END.compare(this, other);
  }
}
