package dev.beamline.cli;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Table;
import dev.beamline.catalog.Tuple;
import dev.beamline.diagnostic.Problems;
import dev.beamline.execution.local.SourceRows;
import dev.beamline.io.duckdb.Warehouse;
import dev.beamline.pipeline.run.TargetOptions;
import dev.beamline.plan.Plan;
import dev.beamline.plan.QueryPlan;
import dev.beamline.project.Project;
import dev.beamline.project.Query;
import dev.beamline.project.Sink;
import dev.beamline.project.SourceTables;
import dev.beamline.project.Target;
import dev.beamline.sql.ProjectCompiler;
import dev.beamline.sql.ast.SqlStatement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What an ad hoc statement can read: sources by their samples, then tables of the warehouse, then
 * queries of the project, which are computed from the samples.
 */
final class AdHocTables implements SourceRows {

  private final @Nullable Project project;
  private final @Nullable SampleRows samples;
  private final @Nullable Path warehouse;
  private final List<SqlStatement.CreateFunction> sharedFunctions;
  private final Map<String, Table> sources;

  /** The warehouse's tables by the names under which statements read them. */
  private final Map<String, String> stored = new HashMap<>();

  private AdHocTables(
      @Nullable Project project,
      @Nullable SampleRows samples,
      @Nullable Path warehouse,
      List<SqlStatement.CreateFunction> sharedFunctions,
      Map<String, Table> sources) {
    this.project = project;
    this.samples = samples;
    this.warehouse = warehouse;
    this.sharedFunctions = sharedFunctions;
    this.sources = sources;
  }

  /** No tables at all. */
  static AdHocTables none() {
    return new AdHocTables(null, null, null, List.of(), Map.of());
  }

  /**
   * @throws dev.beamline.diagnostic.InvalidProjectException where the target is unknown
   */
  static AdHocTables of(Project project, @Nullable String targetName, Map<String, Path> inputs) {
    Problems problems = new Problems();
    Map<String, Table> sources = SourceTables.of(project.sources().values(), problems);
    List<SqlStatement.CreateFunction> sharedFunctions =
        ProjectCompiler.sharedFunctions(project, problems);
    problems.throwIfErrors();
    Target target = project.target(targetName);
    TargetOptions.useForFiles(target);
    String path = target.common().warehouse();
    return new AdHocTables(
        project,
        new SampleRows(project, inputs),
        path == null ? null : project.resolve(path),
        sharedFunctions,
        sources);
  }

  List<SqlStatement.CreateFunction> sharedFunctions() {
    return sharedFunctions;
  }

  /** The tables among the names. */
  Map<String, Table> tables(Set<String> names) throws IOException {
    Map<String, Table> tables = new LinkedHashMap<>(sources);
    Set<String> others = new LinkedHashSet<>(names);
    others.removeAll(sources.keySet());
    if (others.isEmpty() || warehouse == null || !Files.isRegularFile(warehouse)) {
      return tables;
    }
    Warehouse open = Warehouse.open(warehouse);
    for (String name : others) {
      Optional<Schema> schema = open.schema(storedName(name));
      if (schema.isPresent()) {
        stored.put(name, storedName(name));
        tables.put(name, new Table(name, schema.get(), -1, true));
      }
    }
    return tables;
  }

  /** All that can be read, by name. */
  Set<String> names() {
    Set<String> names = new TreeSet<>(sources.keySet());
    if (project != null) {
      names.addAll(project.queries().keySet());
    }
    if (warehouse != null && Files.isRegularFile(warehouse)) {
      try {
        names.addAll(Warehouse.open(warehouse).tables());
      } catch (IOException e) {
        // A hint is not worth an error.
        return names;
      }
    }
    return names;
  }

  /** How many records of each source did not fit its columns. */
  Map<String, Long> refused() {
    return samples == null ? Map.of() : samples.refused();
  }

  /** {@code dataset.table} of BigQuery's sink is the table of the warehouse. */
  private String storedName(String name) {
    if (project != null) {
      for (Query query : project.queries().values()) {
        if (query.sink() instanceof Sink.BigQuery sink
            && (name.equals(sink.qualifiedName())
                || name.equals(sink.dataset() + "." + sink.table()))) {
          return sink.table();
        }
      }
    }
    return name;
  }

  /** The queries among the names which the warehouse does not have, compiled. */
  Map<String, QueryPlan> queries(Set<String> names, Problems problems) {
    if (project == null) {
      return Map.of();
    }
    List<String> wanted = new ArrayList<>(names);
    wanted.removeAll(sources.keySet());
    wanted.removeAll(stored.keySet());
    wanted.retainAll(project.queries().keySet());
    if (wanted.isEmpty()) {
      return Map.of();
    }
    return ProjectCompiler.compile(project, wanted, false, problems).plans();
  }

  @Override
  public Iterable<Tuple> rows(Plan.Scan scan) {
    String table = stored.get(scan.source());
    if (table == null) {
      if (samples == null) {
        throw new IllegalStateException("no rows of " + scan.source());
      }
      return samples.rows(scan);
    }
    try {
      return rows(Warehouse.open(java.util.Objects.requireNonNull(warehouse)), table, scan);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Tuple> rows(Warehouse warehouse, String table, Plan.Scan scan)
      throws IOException {
    Schema schema = warehouse.schema(table).orElseThrow();
    int[] columns = scan.schema().names().stream().mapToInt(schema::indexOf).toArray();
    List<Tuple> rows = new ArrayList<>();
    warehouse.forEach(
        table,
        row -> {
          @Nullable Object[] values = new @Nullable Object[columns.length];
          for (int i = 0; i < columns.length; i++) {
            values[i] = row.get(columns[i]);
          }
          rows.add(Tuple.of(values));
        });
    return rows;
  }
}
