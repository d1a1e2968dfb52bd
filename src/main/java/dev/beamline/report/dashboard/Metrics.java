package dev.beamline.report.dashboard;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.plan.QueryPlan;
import dev.beamline.project.Located;
import dev.beamline.project.Project;
import dev.beamline.project.Query;
import dev.beamline.project.Sink;
import dev.beamline.project.Source;
import dev.beamline.project.Windowing.AccumulationMode;
import dev.beamline.report.docs.Descriptions;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the project says of metrics, wherever their tables are. */
final class Metrics {

  static final String WINDOW_START = "window_start";
  static final String WINDOW_END = "window_end";
  private static final String QUERY_ERRORS = "query_errors";

  private Metrics() {}

  /**
   * A metric.
   *
   * @param schema as it is stored
   */
  static MetricStore.Metric of(
      Query query, QueryPlan plan, String table, Schema schema, MetricStore.Counts counts) {
    Query.@Nullable Freshness freshness = query.freshness();
    Located<Sink.WriteMode> write = query.sink().common().write();
    boolean appends = write == null ? plan.key().isEmpty() : write.value() == Sink.WriteMode.APPEND;
    boolean whole = query.windowing().accumulationMode() == AccumulationMode.ACCUMULATING;
    ResultWindows windows = ResultWindows.of(plan, schema);
    return new MetricStore.Metric(
        query.name(),
        table,
        Descriptions.of(query),
        query.owner(),
        query.chart(),
        query.described(schema),
        plan.key().stream().map(i -> plan.schema().name(i)).toList(),
        AdditiveColumns.of(plan.plan(), windows),
        windows,
        appends && whole,
        counts,
        freshness == null ? null : seconds(freshness.warnAfter()),
        freshness == null ? null : seconds(freshness.errorAfter()));
  }

  /** The window's column, else the first time; null: there is none. */
  static @Nullable String timeColumn(Schema schema, String windowColumn) {
    if (schema.indexOf(windowColumn) >= 0) {
      return windowColumn;
    }
    return schema.columns().stream()
        .filter(c -> c.type() == ScalarType.TIMESTAMP)
        .map(Column::name)
        .findFirst()
        .orElse(null);
  }

  /** The tables of refused records, with what is refused into each. */
  static Map<String, String> errorTables(Project project) {
    Map<String, String> tables = new TreeMap<>();
    for (Source source : project.sources().values()) {
      tables.merge(source.errorTable(), source.name(), (a, b) -> a + ", " + b);
    }
    tables.put(QUERY_ERRORS, "expressions of queries");
    return tables;
  }

  private static @Nullable Long seconds(@Nullable Duration duration) {
    return duration == null ? null : duration.toSeconds();
  }
}
