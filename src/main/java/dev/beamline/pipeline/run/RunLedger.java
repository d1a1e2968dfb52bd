package dev.beamline.pipeline.run;

import dev.beamline.io.Ledger;
import dev.beamline.transform.QueryCounters;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricQueryResults;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricResults;
import org.apache.beam.sdk.metrics.MetricsFilter;

/**
 * What became of every record: of a source, read = used + refused + duplicates; of a query, rows =
 * used + filtered + failed + late.
 *
 * @param sources by name
 * @param queries by name
 * @param lateness of the queries that had late rows, by name
 */
public record RunLedger(
    Map<String, SourceLine> sources,
    Map<String, QueryLine> queries,
    Map<String, Lateness> lateness) {

  public RunLedger {
    sources = Map.copyOf(sources);
    queries = Map.copyOf(queries);
    lateness = Map.copyOf(lateness);
  }

  /** A ledger that does not know how late rows were. */
  public RunLedger(Map<String, SourceLine> sources, Map<String, QueryLine> queries) {
    this(sources, queries, Map.of());
  }

  /**
   * A source's records.
   *
   * @param duplicates dropped since they had been seen before
   */
  public record SourceLine(long read, long refused, long duplicates) {
    /** Records that became rows. */
    public long used() {
      return read - refused - duplicates;
    }
  }

  /**
   * A query's rows.
   *
   * @param rows that sources handed it; none where it reads other queries only
   * @param filtered left out by its conditions
   * @param failed refused by one of its expressions: rows, and results that were made of used rows
   * @param late dropped, because their windows had been given up
   * @param corrected came after their window's on-time result and corrected it; part of the used
   * @param emitted rows of the result, of every pane
   * @param withdrawn rows of the table that were taken back
   * @param written rows its sink has committed
   * @param failedResults of the failed: groups and pairs, which are no rows of a source
   */
  public record QueryLine(
      long rows,
      long filtered,
      long failed,
      long late,
      long corrected,
      long emitted,
      long withdrawn,
      long written,
      long failedResults) {

    /** Rows of sources that an expression failed on. */
    public long failedRows() {
      return failed - failedResults;
    }

    /** Rows that count in the result. */
    public long used() {
      return rows - filtered - failedRows() - late;
    }
  }

  /** Reads the counters, as far as the runner has told them. */
  public static RunLedger of(MetricResults metrics) {
    Map<String, Map<String, Long>> byName = new TreeMap<>();
    collect(metrics, Ledger.NAMESPACE, byName);
    if (!QueryCounters.NAMESPACE.equals(Ledger.NAMESPACE)) {
      collect(metrics, QueryCounters.NAMESPACE, byName);
    }
    return of(byName);
  }

  /**
   * Makes it of counts.
   *
   * @param byName of each source and query the counts by their kind
   */
  static RunLedger of(Map<String, Map<String, Long>> byName) {
    Map<String, SourceLine> sources = new TreeMap<>();
    Map<String, QueryLine> queries = new TreeMap<>();
    Map<String, Lateness> lateness = new TreeMap<>();
    byName.forEach(
        (name, counts) -> {
          TreeMap<Long, Long> late = late(counts);
          if (!late.isEmpty()) {
            lateness.put(name, new Lateness(late));
          }
          if (counts.containsKey(Ledger.READ)) {
            sources.put(
                name,
                new SourceLine(
                    count(counts, Ledger.READ),
                    count(counts, Ledger.REFUSED),
                    count(counts, "duplicates")));
          } else if (counts.containsKey(QueryCounters.ROWS)
              || counts.containsKey(QueryCounters.EMITTED)) {
            queries.put(
                name,
                new QueryLine(
                    count(counts, QueryCounters.ROWS),
                    count(counts, QueryCounters.FILTERED),
                    count(counts, QueryCounters.FAILED),
                    count(counts, QueryCounters.LATE_DROPPED),
                    count(counts, QueryCounters.LATE_COUNTED),
                    count(counts, QueryCounters.EMITTED),
                    count(counts, QueryCounters.WITHDRAWN),
                    count(counts, Ledger.WRITTEN),
                    count(counts, QueryCounters.FAILED_RESULTS)));
          }
        });
    return new RunLedger(sources, queries, lateness);
  }

  private static TreeMap<Long, Long> late(Map<String, Long> counts) {
    TreeMap<Long, Long> late = new TreeMap<>();
    for (long bound : QueryCounters.LATENESS_BOUNDS) {
      long rows = count(counts, QueryCounters.LATENESS + bound);
      if (rows > 0) {
        late.put(bound, rows);
      }
    }
    long more = count(counts, QueryCounters.LATENESS + "more");
    if (more > 0) {
      late.put(Long.MAX_VALUE, more);
    }
    return late;
  }

  /** Records read so far, of all sources. */
  public long read() {
    return sources.values().stream().mapToLong(SourceLine::read).sum();
  }

  private static long count(Map<String, Long> counts, String kind) {
    return counts.getOrDefault(kind, 0L);
  }

  private static void collect(
      MetricResults metrics, String namespace, Map<String, Map<String, Long>> byName) {
    MetricQueryResults found =
        metrics.queryMetrics(
            MetricsFilter.builder().addNameFilter(MetricNameFilter.inNamespace(namespace)).build());
    for (MetricResult<Long> counter : found.getCounters()) {
      String[] name = counter.getName().getName().split(":", 2);
      if (name.length == 2) {
        byName
            .computeIfAbsent(name[1], n -> new TreeMap<>())
            .merge(name[0], counter.getAttempted(), Long::sum);
      }
    }
  }
}
