package dev.beamline.report.dashboard;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the dashboard reads results. Called by several threads. */
public interface MetricStore {

  /** Changes whenever a result may have; cheap, since each open page asks every second. */
  String version() throws IOException;

  /** All metrics, by name. */
  List<Metric> metrics() throws IOException;

  /**
   * The newest rows of a metric: by window_start where there is one, the latest windows last.
   *
   * @param limit at most so many rows, at least 1
   */
  Rows rows(String metric, int limit) throws IOException;

  /** Records that were refused, by source or query. */
  List<Refused> refused() throws IOException;

  /**
   * A result table.
   *
   * @param description null where nobody gave one
   * @param chart how to draw it, where the YAML says so: {@code line}, {@code bar} or {@code table}
   * @param warnAfterSeconds of the freshness contract; null: none
   * @param errorAfterSeconds of the freshness contract; null: none
   */
  record Metric(
      String name,
      @Nullable String description,
      @Nullable String owner,
      @Nullable String chart,
      Schema schema,
      long rowCount,
      @Nullable Long warnAfterSeconds,
      @Nullable Long errorAfterSeconds) {}

  /** Some rows of a table. */
  record Rows(Schema schema, List<Tuple> rows, boolean more) {
    public Rows {
      rows = List.copyOf(rows);
    }
  }

  /** How many records of an origin were refused. */
  record Refused(String origin, long count) {}
}
