package dev.beamline.io.bigquery;

import dev.beamline.execution.function.CivilText;
import dev.beamline.io.TableRange;

/** The rows of a range, as SQL says it. */
public final class RangeSql {

  private RangeSql() {}

  /** A condition of GoogleSQL. */
  public static String condition(TableRange range) {
    String column = "`" + range.column() + "`";
    return column
        + " >= TIMESTAMP '"
        + CivilText.formatIsoTimestamp(range.from())
        + "' AND "
        + column
        + " < TIMESTAMP '"
        + CivilText.formatIsoTimestamp(range.to())
        + "'";
  }
}
