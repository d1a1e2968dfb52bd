package dev.beamline.transform;

import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;

/**
 * The counters of a query, from which the ledger of a run is made. They are Beam metrics, the same
 * on each runner, with names {@code KIND:QUERY} in the namespace {@value #NAMESPACE}.
 */
public final class QueryCounters {

  public static final String NAMESPACE = "beamline";

  /** Rows that a source handed to the query; once for each time the query names the source. */
  public static final String ROWS = "rows";

  /** Rows that the query's conditions left out, or that lie in the gap between two hops. */
  public static final String FILTERED = "filtered";

  /** Rows that an expression failed on; they are in the query's error output. */
  public static final String FAILED = "failed";

  /** Rows that went into a window, a group or straight into the result. */
  public static final String ASSIGNED = "assigned";

  /** Of the assigned: rows that came when all their windows had been given up. */
  public static final String LATE_DROPPED = "late_dropped";

  /** Of the assigned: rows that came after a window's on-time result, in time for a later one. */
  public static final String LATE_COUNTED = "late_counted";

  /** Rows of the result, each pane's; withdrawals not counted. */
  public static final String EMITTED = "emitted";

  /** Rows of upsert tables that were taken back. */
  public static final String WITHDRAWN = "withdrawn";

  /** Followed by a bound in milliseconds: late rows that a lateness of that much admits. */
  public static final String LATENESS = "lateness_";

  private QueryCounters() {}

  public static Counter counter(String kind, String query) {
    return Metrics.counter(NAMESPACE, kind + ":" + query);
  }
}
