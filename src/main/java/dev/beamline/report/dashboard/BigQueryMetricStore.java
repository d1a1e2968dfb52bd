package dev.beamline.report.dashboard;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.io.bigquery.BigQueryReader;
import dev.beamline.io.bigquery.TableId;
import dev.beamline.pipeline.run.RunReport;
import dev.beamline.pipeline.run.TargetTables;
import dev.beamline.plan.QueryPlan;
import dev.beamline.project.Project;
import dev.beamline.project.Query;
import dev.beamline.sql.CompiledProject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The tables of BigQuery that a target's queries write, as metrics. Each look at a table is a query
 * that costs something, so what was read is kept for a while, however many pages are open.
 */
public final class BigQueryMetricStore implements MetricStore {

  private final Project project;
  private final Map<String, QueryPlan> plans;
  private final TargetTables tables;
  private final BigQueryReader reader;
  private final long refreshNanos;
  private final long began = System.nanoTime();
  private final Map<String, Rows> rows = new HashMap<>();
  private final Map<String, Schema> schemas = new HashMap<>();
  private @Nullable List<Metric> metrics;
  private @Nullable List<Refused> refused;
  private long seen;

  /**
   * Reads nothing yet.
   *
   * @param compiled tells which rows are one group; a query that does not compile has no metric
   * @param tables where the queries' rows are
   * @param refresh how old what is shown may become
   */
  public BigQueryMetricStore(CompiledProject compiled, TargetTables tables, Duration refresh) {
    this.project = compiled.project();
    this.plans = compiled.plans();
    this.tables = tables;
    this.reader = tables.reader();
    this.refreshNanos = Math.max(1, refresh.toNanos());
  }

  @Override
  public String version() {
    return Long.toString(period());
  }

  private long period() {
    return (System.nanoTime() - began) / refreshNanos;
  }

  @Override
  public synchronized List<Metric> metrics() throws IOException {
    forgetOld();
    List<Metric> known = metrics;
    if (known == null) {
      List<Metric> found = new ArrayList<>();
      for (Map.Entry<String, TableId> table : tables.results().entrySet()) {
        Query query = project.query(table.getKey());
        QueryPlan plan = plans.get(table.getKey());
        Schema schema = plan == null ? null : schema(table.getValue());
        if (plan != null && schema != null) {
          found.add(
              Metrics.of(
                  query,
                  plan,
                  table.getValue().toString(),
                  schema,
                  counts(table.getValue(), schema)));
        }
      }
      known = List.copyOf(found);
      metrics = known;
    }
    return known;
  }

  /** What the table has; null: there is no table. */
  private @Nullable Schema schema(TableId table) throws IOException {
    Schema known = schemas.get(table.toString());
    if (known == null) {
      Optional<Schema> found = reader.schema(table);
      if (found.isEmpty()) {
        return null;
      }
      known = found.get();
      schemas.put(table.toString(), known);
    }
    return known;
  }

  private Counts counts(TableId table, Schema schema) throws IOException {
    String newest = Metrics.timeColumn(schema, Metrics.WINDOW_END);
    List<Column> columns = new ArrayList<>();
    columns.add(Column.of("n", ScalarType.INT64));
    columns.add(Column.of("early", ScalarType.INT64));
    columns.add(Column.of("late", ScalarType.INT64));
    String sql =
        "SELECT COUNT(*) AS n, "
            + (schema.indexOf("is_final") < 0 ? "0" : "COUNTIF(NOT is_final)")
            + " AS early, "
            + (schema.indexOf("pane_timing") < 0 ? "0" : "COUNTIF(pane_timing = 'LATE')")
            + " AS late";
    if (newest != null) {
      columns.add(Column.of("newest", ScalarType.TIMESTAMP));
      sql += ", MAX(`" + newest + "`) AS newest";
    }
    Tuple told = reader.rows(sql + " FROM " + table.quoted(), new Schema(columns)).get(0);
    return new Counts(
        number(told, 0),
        number(told, 1),
        number(told, 2),
        newest == null ? null : (Long) told.get(3));
  }

  private static long number(Tuple row, int index) {
    return row.get(index) instanceof Long value ? value : 0;
  }

  @Override
  public synchronized Rows rows(String metric, int limit) throws IOException {
    forgetOld();
    Rows known = rows.get(metric);
    if (known == null || (known.more() && known.rows().size() < limit)) {
      TableId table = tables.results().get(metric);
      Schema schema = table == null ? null : schema(table);
      known =
          table == null || schema == null
              ? new Rows(Schema.of(), List.of(), false)
              : read(table, schema, limit);
      rows.put(metric, known);
    }
    return known.last(limit);
  }

  private Rows read(TableId table, Schema schema, int limit) throws IOException {
    String time = Metrics.timeColumn(schema, Metrics.WINDOW_START);
    List<Tuple> read =
        reader.rows(
            "SELECT "
                + String.join(", ", schema.names().stream().map(name -> "`" + name + "`").toList())
                + " FROM "
                + table.quoted()
                + (time == null ? "" : " ORDER BY `" + time + "` DESC")
                + " LIMIT "
                + (limit + 1L),
            schema);
    return Rows.of(schema, read, limit, time != null);
  }

  @Override
  public synchronized List<Refused> refused() throws IOException {
    forgetOld();
    List<Refused> known = refused;
    if (known == null) {
      List<Refused> found = new ArrayList<>();
      for (Map.Entry<String, String> table :
          new TreeMap<>(Metrics.errorTables(project)).entrySet()) {
        TableId id = tables.beside(table.getKey());
        if (id != null && schema(id) != null) {
          long count =
              number(
                  reader
                      .rows(
                          "SELECT COUNT(*) AS n FROM " + id.quoted(),
                          Schema.of(Column.of("n", ScalarType.INT64)))
                      .get(0),
                  0);
          if (count > 0) {
            found.add(new Refused(table.getKey(), table.getValue(), count));
          }
        }
      }
      known = List.copyOf(found);
      refused = known;
    }
    return known;
  }

  @Override
  public synchronized Rows refusedRows(String table, int limit) throws IOException {
    TableId id = tables.beside(table);
    Schema schema = id == null ? null : schema(id);
    return id == null || schema == null
        ? new Rows(Schema.of(), List.of(), false)
        : read(id, schema, limit);
  }

  /** Whoever runs the pipeline keeps its own report. */
  @Override
  public Optional<RunReport> run() {
    return Optional.empty();
  }

  private void forgetOld() {
    long now = period();
    if (now != seen) {
      seen = now;
      metrics = null;
      refused = null;
      rows.clear();
      schemas.clear();
    }
  }
}
