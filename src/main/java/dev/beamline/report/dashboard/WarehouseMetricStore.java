package dev.beamline.report.dashboard;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.io.duckdb.RowOrder;
import dev.beamline.io.duckdb.Warehouse;
import dev.beamline.pipeline.run.RunReport;
import dev.beamline.plan.QueryPlan;
import dev.beamline.project.Project;
import dev.beamline.project.Query;
import dev.beamline.project.Sink;
import dev.beamline.sql.CompiledProject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The tables of a target's warehouse, and of other databases that sinks name, as metrics. What was
 * read is kept until the files change, since every open page asks for it.
 */
public final class WarehouseMetricStore implements MetricStore {

  private final Path warehouse;
  private final Project project;
  private final Map<String, QueryPlan> plans;
  private final Set<Path> files = new TreeSet<>();
  private final Map<String, Rows> rows = new HashMap<>();
  private @Nullable List<Metric> metrics;
  private @Nullable List<Refused> refused;
  private String seen = "";

  /**
   * Reads nothing yet.
   *
   * @param warehouse of the target, which need not exist yet
   * @param compiled tells which rows are one group; a query that does not compile has no metric
   */
  public WarehouseMetricStore(Path warehouse, CompiledProject compiled) {
    this.warehouse = warehouse;
    project = compiled.project();
    plans = compiled.plans();
    files.add(warehouse);
    project.queries().values().forEach(query -> files.add(database(query)));
  }

  @Override
  public String version() throws IOException {
    StringBuilder version = new StringBuilder();
    for (Path file : files) {
      version.append(stamp(file)).append('/');
      version.append(stamp(file.resolveSibling(file.getFileName() + ".wal"))).append('/');
    }
    return version.append(stamp(RunReport.file(warehouse))).toString();
  }

  @Override
  public synchronized List<Metric> metrics() throws IOException {
    forgetOld();
    List<Metric> known = metrics;
    if (known == null) {
      Map<Path, Map<String, Schema>> tables = new HashMap<>();
      List<Metric> found = new ArrayList<>();
      for (Query query : new TreeMap<>(project.queries()).values()) {
        Path file = database(query);
        QueryPlan plan = plans.get(query.name());
        if (plan != null && Files.exists(file)) {
          Warehouse open = Warehouse.open(file);
          if (!tables.containsKey(file)) {
            tables.put(file, open.schemas());
          }
          Schema schema = tables.getOrDefault(file, Map.of()).get(query.sink().table());
          if (schema != null) {
            found.add(metric(query, plan, schema, open));
          }
        }
      }
      known = List.copyOf(found);
      metrics = known;
    }
    return known;
  }

  @Override
  public synchronized Rows rows(String metric, int limit) throws IOException {
    forgetOld();
    Rows known = rows.get(metric);
    if (known == null || (known.more() && known.rows().size() < limit)) {
      Query query = project.query(metric);
      known = read(Warehouse.open(database(query)), query.sink().table(), limit);
      rows.put(metric, known);
    }
    return known.last(limit);
  }

  @Override
  public synchronized List<Refused> refused() throws IOException {
    forgetOld();
    List<Refused> known = refused;
    if (known == null) {
      List<Refused> found = new ArrayList<>();
      if (Files.exists(warehouse)) {
        Warehouse open = Warehouse.open(warehouse);
        List<String> tables = open.tables();
        for (Map.Entry<String, String> table : Metrics.errorTables(project).entrySet()) {
          long count = tables.contains(table.getKey()) ? open.count(table.getKey()) : 0;
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
  public Rows refusedRows(String table, int limit) throws IOException {
    Warehouse open = Warehouse.open(warehouse);
    List<Tuple> read = open.rows(table, List.of(), limit + 1L);
    return Rows.of(open.schema(table).orElse(Schema.of()), read, limit, false);
  }

  @Override
  public Optional<RunReport> run() {
    return RunReport.read(RunReport.file(warehouse)).map(run -> run.at(Instant.now()));
  }

  private static Rows read(Warehouse warehouse, String table, int limit) throws IOException {
    Schema schema = warehouse.schema(table).orElse(Schema.of());
    String time = Metrics.timeColumn(schema, Metrics.WINDOW_START);
    List<RowOrder> order = time == null ? List.of() : List.of(new RowOrder(time, true, false));
    return Rows.of(schema, warehouse.rows(table, order, limit + 1L), limit, time != null);
  }

  private Path database(Query query) {
    return query.sink() instanceof Sink.DuckDb sink && sink.path() != null
        ? project.resolve(sink.path().value())
        : warehouse;
  }

  private static Metric metric(Query query, QueryPlan plan, Schema schema, Warehouse warehouse)
      throws IOException {
    String table = query.sink().table();
    Warehouse.Summary summary =
        warehouse.summary(table, schema, Metrics.timeColumn(schema, Metrics.WINDOW_END));
    return Metrics.of(
        query,
        plan,
        table,
        schema,
        new Counts(summary.rows(), summary.speculative(), summary.late(), summary.newest()));
  }

  private void forgetOld() throws IOException {
    String now = version();
    if (!now.equals(seen)) {
      seen = now;
      metrics = null;
      refused = null;
      rows.clear();
    }
  }

  private static String stamp(Path file) throws IOException {
    try {
      return Files.getLastModifiedTime(file).toMillis() + "-" + Files.size(file);
    } catch (java.nio.file.NoSuchFileException e) {
      return "none";
    }
  }
}
