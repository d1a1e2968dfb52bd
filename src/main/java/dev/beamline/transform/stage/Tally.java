package dev.beamline.transform.stage;

import dev.beamline.transform.QueryCounters;
import org.apache.beam.sdk.metrics.Counter;

/**
 * Counts what becomes of a query's rows, each once, however many chains of the query read it: a row
 * is used or failed where it first is not left out, and filtered where all chains leave it out. One
 * thread uses it.
 */
final class Tally {

  /** Rows between two updates of the counters. */
  private static final int COUNT_STEP = 1 << 13;

  private final boolean counted;
  private final Counter rowsCounter;
  private final Counter filteredCounter;
  private final Counter failedCounter;
  private final Counter failedResultsCounter;
  private final Counter assignedCounter;
  private int chains;
  private int asked;
  private boolean settled;
  private int rows;
  private int filtered;
  private int failed;
  private int assigned;

  /**
   * Counts for a query.
   *
   * @param counted whether the rows are the query's input in the ledger
   */
  Tally(String query, boolean counted) {
    this.counted = counted;
    this.rowsCounter = QueryCounters.counter(QueryCounters.ROWS, query);
    this.filteredCounter = QueryCounters.counter(QueryCounters.FILTERED, query);
    this.failedCounter = QueryCounters.counter(QueryCounters.FAILED, query);
    this.failedResultsCounter = QueryCounters.counter(QueryCounters.FAILED_RESULTS, query);
    this.assignedCounter = QueryCounters.counter(QueryCounters.ASSIGNED, query);
  }

  /** One chain more gets every row, in the order in which they join. */
  void join() {
    chains++;
  }

  /**
   * A chain gets the row.
   *
   * @return whether no earlier chain has used it or failed on it
   */
  boolean next() {
    if (asked == chains) {
      asked = 0;
      settled = false;
    }
    asked++;
    return !settled;
  }

  /** The chain has used the row. */
  void used() {
    if (!settled) {
      settled = true;
      assigned++;
    }
    end();
  }

  /** The chain has failed on the row. */
  void failed() {
    if (!settled) {
      settled = true;
      failed++;
    }
    end();
  }

  /** The chain has left the row out. */
  void leftOut() {
    if (!settled && asked == chains) {
      filtered++;
    }
    end();
  }

  private void end() {
    if (asked == chains && ++rows == COUNT_STEP) {
      count();
    }
  }

  /** The source has left out so many rows, since none of the chains wants them. */
  void neverCame(long count) {
    if (counted) {
      rowsCounter.inc(count);
      filteredCounter.inc(count);
    }
  }

  /** Tells the runner. */
  void count() {
    failedCounter.inc(failed);
    if (counted) {
      rowsCounter.inc(rows);
      filteredCounter.inc(filtered);
      assignedCounter.inc(assigned);
    } else {
      failedResultsCounter.inc(failed);
    }
    rows = 0;
    filtered = 0;
    failed = 0;
    assigned = 0;
  }
}
