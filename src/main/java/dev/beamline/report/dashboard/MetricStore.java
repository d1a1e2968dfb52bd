package dev.beamline.report.dashboard;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.pipeline.run.RunReport;
import dev.beamline.project.Chart;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where the dashboard reads results. Called by several threads. */
public interface MetricStore {

  /** Changes whenever a result may have; cheap, since each open page asks every second. */
  String version() throws IOException;

  /** All metrics that have a table, by name. */
  List<Metric> metrics() throws IOException;

  /**
   * The newest rows of a metric: by window_start where there is one, the latest windows last.
   *
   * @param limit at most so many rows, at least 1
   */
  Rows rows(String metric, int limit) throws IOException;

  /** Records that were refused, by the table they are in. */
  List<Refused> refused() throws IOException;

  /** Some of the records of a table of {@link #refused}, as they are stored. */
  Rows refusedRows(String table, int limit) throws IOException;

  /** The run that writes the results, or wrote them last; empty where none has said. */
  Optional<RunReport> run() throws IOException;

  /**
   * A result table.
   *
   * @param name the query's
   * @param table what the warehouse calls it
   * @param description null where nobody gave one
   * @param chart what the YAML says of drawing it
   * @param schema as it is stored, with descriptions where there are any
   * @param key columns that tell rows apart; empty: none
   * @param additive columns that may be added over groups, and over windows that do not overlap
   * @param windows of its rows; null: they have none
   * @param appends whether each pane is a row of its own
   * @param counts its rows, and the newest end of a window, or time where it has no windows
   * @param warnAfterSeconds of the freshness contract; null: none
   * @param errorAfterSeconds of the freshness contract; null: none
   */
  record Metric(
      String name,
      String table,
      @Nullable String description,
      @Nullable String owner,
      @Nullable Chart chart,
      Schema schema,
      List<String> key,
      Set<String> additive,
      @Nullable ResultWindows windows,
      boolean appends,
      Counts counts,
      @Nullable Long warnAfterSeconds,
      @Nullable Long errorAfterSeconds) {
    public Metric {
      key = List.copyOf(key);
      additive = Set.copyOf(additive);
    }
  }

  /**
   * A result in few numbers.
   *
   * @param rows of the table
   * @param speculative rows that are not final yet
   * @param late rows that late records have corrected
   * @param newest microseconds; null: there is no time
   */
  record Counts(long rows, long speculative, long late, @Nullable Long newest) {}

  /** Some rows of a table. */
  record Rows(Schema schema, List<Tuple> rows, boolean more) {
    public Rows {
      rows = List.copyOf(rows);
    }

    /**
     * Of rows one more of which was asked for than are wanted.
     *
     * @param newestFirst whether they come the other way round
     */
    static Rows of(Schema schema, List<Tuple> read, int limit, boolean newestFirst) {
      boolean more = read.size() > limit;
      List<Tuple> wanted = new ArrayList<>(more ? read.subList(0, limit) : read);
      if (newestFirst) {
        Collections.reverse(wanted);
      }
      return new Rows(schema, wanted, more);
    }

    /** The last of them. */
    Rows last(int limit) {
      int size = rows.size();
      return size <= limit ? this : new Rows(schema, rows.subList(size - limit, size), true);
    }
  }

  /** How many records were refused into a table. */
  record Refused(String table, String origins, long count) {}
}
