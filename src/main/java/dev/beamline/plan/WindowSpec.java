package dev.beamline.plan;

import java.io.Serializable;

/**
 * A division of event time into windows, each from start (inclusive) to end (exclusive). All
 * lengths and offsets are microseconds; starts are congruent to the offset since the epoch in UTC.
 */
public sealed interface WindowSpec extends Serializable {

  /** How long a window is; a session's gap, as nobody knows how long it gets; 0 for all time. */
  default long length() {
    if (this instanceof Tumble tumble) {
      return tumble.size();
    } else if (this instanceof Hop hop) {
      return hop.size();
    } else if (this instanceof Cumulate cumulate) {
      return cumulate.size();
    }
    return this instanceof Session session ? session.gap() : 0;
  }

  /** Windows of one size, side by side. */
  record Tumble(long size, long offset) implements WindowSpec {
    public Tumble {
      requirePositive(size, "size");
      requireOffset(offset, size);
    }
  }

  /** Windows of one size, one starting each period. */
  record Hop(long period, long size, long offset) implements WindowSpec {
    public Hop {
      requirePositive(period, "period");
      requirePositive(size, "size");
      requireOffset(offset, period);
    }
  }

  /** Windows of start + step, start + 2 step ... up to size, then from the start again. */
  record Cumulate(long step, long size, long offset) implements WindowSpec {
    public Cumulate {
      requirePositive(step, "step");
      requirePositive(size, "size");
      requireOffset(offset, size);
      if (size % step != 0) {
        throw new IllegalArgumentException("size must be a whole multiple of step");
      }
    }
  }

  /** Windows around the rows of one key that follow each other within less than the gap. */
  record Session(long gap) implements WindowSpec {
    public Session {
      requirePositive(gap, "gap");
    }
  }

  /** One window for all time; it has no start and no end. */
  record Global() implements WindowSpec {}

  private static void requirePositive(long value, String name) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive, not " + value + " us");
    }
  }

  private static void requireOffset(long offset, long length) {
    if (offset < 0 || offset >= length) {
      throw new IllegalArgumentException("offset must be at least 0 and less than " + length);
    }
  }
}
