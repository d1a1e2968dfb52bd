package dev.beamline.io.files;

import dev.beamline.catalog.Tuple;
import dev.beamline.io.ScanRequest;
import java.util.Objects;

/** The event time of a row as the stage wants it. */
final class RowTimes {

  private RowTimes() {}

  /**
   * Microseconds; the column is required, so that a row without never comes here.
   *
   * @param column -1 where the source has no event time
   */
  static long of(Tuple row, int column) {
    return column < 0
        ? ScanRequest.NO_EVENT_TIME
        : (Long) Objects.requireNonNull(row.get(column), "event time");
  }
}
