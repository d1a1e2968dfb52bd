package dev.beamline.transform.group;

import org.jspecify.annotations.Nullable;

/**
 * What some rows of one group and one stretch of time add up to. It is what crosses the shuffle.
 *
 * <p>Where windows lie at fixed places, start and end are a slice's or a window's; for sessions
 * they are the times of the first and the last row, both inclusive.
 */
public final class Partial {

  private final long start;
  private final long end;
  private final long rows;
  private final long counted;
  private final Object accumulator;

  /**
   * @param start microseconds since the epoch
   * @param end microseconds since the epoch
   * @param rows how many rows are in it
   * @param counted of how many of them the ledger tells the fate here: a row that is in several
   *     windows or groups counts in one
   * @param accumulator the kernel's; the partial gives it away
   */
  public Partial(long start, long end, long rows, long counted, Object accumulator) {
    this.start = start;
    this.end = end;
    this.rows = rows;
    this.counted = counted;
    this.accumulator = accumulator;
  }

  public long start() {
    return start;
  }

  public long end() {
    return end;
  }

  public long rows() {
    return rows;
  }

  public long counted() {
    return counted;
  }

  public Object accumulator() {
    return accumulator;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Partial that
        && start == that.start
        && end == that.end
        && rows == that.rows
        && counted == that.counted
        && accumulator.equals(that.accumulator);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(start) * 31 + Long.hashCode(end);
  }

  @Override
  public String toString() {
    return "[" + start + ", " + end + ") " + rows + " rows";
  }
}
