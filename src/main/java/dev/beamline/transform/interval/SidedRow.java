package dev.beamline.transform.interval;

import dev.beamline.catalog.Tuple;

/**
 * A row of one side of a join.
 *
 * @param right whether it is the right side
 * @param time its event time in microseconds; {@link #NO_TIME} where it is NULL
 */
public record SidedRow(boolean right, long time, Tuple row) {

  /** Of rows that no row of the other side is near to. */
  public static final long NO_TIME = Long.MIN_VALUE;
}
