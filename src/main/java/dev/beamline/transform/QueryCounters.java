package dev.beamline.transform;

import java.util.List;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;

/**
 * The counters of a query, from which the ledger of a run is made. They are Beam metrics, the same
 * on each runner, with names {@code KIND:QUERY} in the namespace {@value #NAMESPACE}.
 */
public final class QueryCounters {

  public static final String NAMESPACE = "beamline";

  /** Rows that sources handed to the query; once, however often the query names a source. */
  public static final String ROWS = "rows";

  /** Rows that the query's conditions left out, or that lie in the gap between two hops. */
  public static final String FILTERED = "filtered";

  /** Rows and results that an expression failed on; they are in the query's error output. */
  public static final String FAILED = "failed";

  /**
   * Of the failed: what was made of rows that are counted as used, such as a group whose sum does
   * not fit, or a pair of a join.
   */
  public static final String FAILED_RESULTS = "failed_results";

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

  /**
   * Followed by one of {@link #LATENESS_BOUNDS}: rows that came after the end of their last window
   * by so much at most, and by more than the bound before; {@code more} for those beyond all.
   */
  public static final String LATENESS = "lateness_";

  /** Milliseconds. */
  public static final List<Long> LATENESS_BOUNDS =
      List.of(
          1_000L,
          5_000L,
          10_000L,
          30_000L,
          60_000L,
          120_000L,
          300_000L,
          600_000L,
          900_000L,
          1_800_000L,
          3_600_000L,
          7_200_000L,
          21_600_000L,
          43_200_000L,
          86_400_000L,
          604_800_000L);

  /** A distribution: how late the late rows were, in milliseconds. */
  public static final String LATENESS_MILLIS = "lateness_millis";

  private QueryCounters() {}

  /**
   * Counts rows that came late.
   *
   * @param dropped whether they count in no result
   * @param lateness milliseconds after the end of their last window; 0: one was still open
   */
  public static void late(String query, long rows, boolean dropped, long lateness) {
    counter(dropped ? LATE_DROPPED : LATE_COUNTED, query).inc(rows);
    if (lateness > 0) {
      counter(LATENESS + bound(lateness), query).inc(rows);
      Metrics.distribution(NAMESPACE, LATENESS_MILLIS + ":" + query)
          .update(lateness * rows, rows, lateness, lateness);
    }
  }

  /** Counts something made of rows that an expression failed on. */
  public static void failedResult(String query) {
    counter(FAILED, query).inc();
    counter(FAILED_RESULTS, query).inc();
  }

  private static String bound(long lateness) {
    for (long bound : LATENESS_BOUNDS) {
      if (lateness <= bound) {
        return Long.toString(bound);
      }
    }
    return "more";
  }

  public static Counter counter(String kind, String query) {
    return Metrics.counter(NAMESPACE, kind + ":" + query);
  }
}
