package dev.beamline.report.dashboard;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.io.duckdb.Warehouse;
import dev.beamline.project.Project;
import dev.beamline.project.Query;
import dev.beamline.project.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The tables of a warehouse as metrics. What was read is kept until the file changes, since every
 * open page asks for it.
 */
public final class WarehouseMetricStore implements MetricStore {

  private static final int KEPT_ROWS = DashboardServer.MAX_ROWS;

  private final Path path;
  private final Project project;
  private final Map<String, Rows> rows = new HashMap<>();
  private @Nullable List<Metric> metrics;
  private String seen = "";

  /**
   * Reads nothing yet.
   *
   * @param path of the warehouse, which need not exist yet
   */
  public WarehouseMetricStore(Path path, Project project) {
    this.path = path;
    this.project = project;
  }

  @Override
  public String version() throws IOException {
    return stamp(path) + "/" + stamp(path.resolveSibling(path.getFileName() + ".wal"));
  }

  @Override
  public synchronized List<Metric> metrics() throws IOException {
    forgetOld();
    if (!Files.exists(path)) {
      return List.of();
    }
    List<Metric> known = metrics;
    if (known == null) {
      Warehouse warehouse = Warehouse.open(path);
      List<String> tables = warehouse.tables();
      List<Metric> found = new ArrayList<>();
      for (Map.Entry<String, Query> entry : byTable().entrySet()) {
        if (tables.contains(entry.getKey())) {
          Optional<Schema> schema = warehouse.schema(entry.getKey());
          if (schema.isPresent()) {
            found.add(
                metric(
                    entry.getValue(),
                    entry.getKey(),
                    schema.get(),
                    warehouse.count(entry.getKey())));
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
    if (known == null) {
      Warehouse warehouse = Warehouse.open(path);
      Schema schema = warehouse.schema(metric).orElse(Schema.of());
      boolean windowed = schema.indexOf("window_start") >= 0;
      List<Tuple> read =
          new ArrayList<>(
              warehouse.rows(metric, windowed ? "window_start DESC" : null, KEPT_ROWS + 1L));
      boolean more = read.size() > KEPT_ROWS;
      if (more) {
        read.remove(read.size() - 1);
      }
      if (windowed) {
        Collections.reverse(read);
      }
      known = new Rows(schema, read, more);
      rows.put(metric, known);
    }
    int size = known.rows().size();
    return size <= limit
        ? known
        : new Rows(known.schema(), known.rows().subList(size - limit, size), true);
  }

  @Override
  public synchronized List<Refused> refused() throws IOException {
    if (!Files.exists(path)) {
      return List.of();
    }
    Warehouse warehouse = Warehouse.open(path);
    List<String> tables = warehouse.tables();
    Map<String, String> origins = new TreeMap<>();
    for (Source source : project.sources().values()) {
      origins.put(source.name(), source.errorTable());
    }
    for (String query : project.queries().keySet()) {
      origins.put(query, query + "_errors");
    }
    List<Refused> found = new ArrayList<>();
    for (Map.Entry<String, String> origin : origins.entrySet()) {
      if (tables.contains(origin.getValue())) {
        long count = warehouse.count(origin.getValue());
        if (count > 0) {
          found.add(new Refused(origin.getKey(), count));
        }
      }
    }
    return found;
  }

  private Map<String, Query> byTable() {
    Map<String, Query> tables = new TreeMap<>();
    for (Query query : project.queries().values()) {
      tables.put(query.sink().table(), query);
    }
    return tables;
  }

  private static Metric metric(Query query, String table, Schema schema, long count) {
    Query.@Nullable Freshness freshness = query.freshness();
    return new Metric(
        table,
        query.description(),
        query.owner(),
        null,
        schema,
        count,
        freshness == null ? null : seconds(freshness.warnAfter()),
        freshness == null ? null : seconds(freshness.errorAfter()));
  }

  private static @Nullable Long seconds(@Nullable Duration duration) {
    return duration == null ? null : duration.toSeconds();
  }

  private void forgetOld() throws IOException {
    String now = version();
    if (!now.equals(seen)) {
      seen = now;
      metrics = null;
      rows.clear();
    }
  }

  private static String stamp(Path file) throws IOException {
    return Files.exists(file)
        ? Files.getLastModifiedTime(file).toMillis() + "-" + Files.size(file)
        : "none";
  }
}
