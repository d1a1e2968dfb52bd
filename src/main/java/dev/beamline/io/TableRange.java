package dev.beamline.io;

import java.io.Serializable;
import java.util.Objects;

/**
 * The rows of a table whose window starts in a stretch of time: what a backfill replaces.
 *
 * @param column the TIMESTAMP column with the window's start
 * @param from microseconds since the epoch, inclusive
 * @param to microseconds since the epoch, exclusive
 */
public record TableRange(String column, long from, long to) implements Serializable {

  public TableRange {
    Objects.requireNonNull(column, "column");
    if (from >= to) {
      throw new IllegalArgumentException("nothing between " + from + " and " + to);
    }
  }
}
