package dev.beamline.pipeline.run;

import dev.beamline.catalog.Schema;
import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Problems;
import dev.beamline.io.SinkProvider;
import dev.beamline.io.SinkTable;
import dev.beamline.io.bigquery.BigQuerySink;
import dev.beamline.io.bigquery.TableChange;
import dev.beamline.io.console.ConsoleSink;
import dev.beamline.io.duckdb.DuckDbRangeSink;
import dev.beamline.io.duckdb.DuckDbSink;
import dev.beamline.io.duckdb.DuckDbTable;
import dev.beamline.io.files.FilesSink;
import dev.beamline.io.files.FilesTarget;
import dev.beamline.io.files.LocalFileSink;
import dev.beamline.io.format.FileFormat;
import dev.beamline.pipeline.QueryJob;
import dev.beamline.pipeline.Sinks;
import dev.beamline.plan.QueryPlan;
import dev.beamline.project.Located;
import dev.beamline.project.PipelineDefinition.Mode;
import dev.beamline.project.Project;
import dev.beamline.project.Query;
import dev.beamline.project.Sink;
import dev.beamline.project.Source;
import dev.beamline.transform.Change;
import dev.beamline.transform.ErrorRecord;
import dev.beamline.transform.Panes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PDone;
import org.jspecify.annotations.Nullable;

/** The sinks of a run: a table a query, and a table of refused records a source. */
final class ProjectSinks implements Sinks {

  /** Where records go on which a query's expression failed. */
  static final String QUERY_ERRORS = "query_errors";

  /** Where refused records go when no table can take them. */
  private static final String ERROR_FILES = ".beamline/errors";

  private final RunSettings settings;
  private final String run;
  private final boolean ends;
  private final ServiceSinks services;
  private final Map<String, SinkProvider> tables = new LinkedHashMap<>();
  private final Map<String, SinkProvider> errorTables = new TreeMap<>();
  private final Map<String, PCollectionList<Change>> errors = new TreeMap<>();
  private final Map<String, SinkProvider> errorTopics = new TreeMap<>();
  private final Problems problems;

  /**
   * Finds the sinks.
   *
   * @param ends whether the run ends by itself
   */
  ProjectSinks(RunSettings settings, String run, boolean ends, Problems problems) {
    this.settings = settings;
    this.problems = problems;
    this.run = run;
    this.ends = ends || settings.mode() == Mode.BATCH;
    this.services = new ServiceSinks(settings, run, this.ends, this::keep);
    for (String name : settings.queries()) {
      Query query = settings.project().query(name);
      SinkProvider sink = provider(query, settings.plan(name), problems);
      if (sink != null) {
        sink.check(problems);
        tables.put(name, sink);
      }
    }
  }

  /** Whether the table keeps one row a key. */
  boolean upserts(String query) {
    return settings.project().query(query).upserts(!settings.plan(query).key().isEmpty());
  }

  /** The table that a query's rows are in when the run has ended. */
  String table(String query) {
    return settings.project().query(query).sink().table();
  }

  @Override
  public void write(QueryJob job, PCollection<Change> changes) {
    SinkProvider sink = tables.get(job.name());
    if (sink == null) {
      throw new IllegalStateException("no sink of " + job.name());
    }
    changes.apply(job.name() + "/sink", new WriteTable(sink));
  }

  @Override
  public void writeErrors(String origin, PCollection<ErrorRecord> records) {
    Source source = settings.project().sources().get(origin);
    String table = source == null ? QUERY_ERRORS : source.errorTable();
    PCollection<Change> rows = keep(table, origin + ".errors/rows", records);
    if (rows != null
        && source != null
        && source.errorTopic() != null
        && !ProjectSources.asFiles(settings, source)) {
      SinkProvider topic = errorTopic(source, source.errorTopic());
      rows.apply(origin + ".errors/topic", new WriteTable(topic));
    }
  }

  /** One topic for all branches of a source. */
  private SinkProvider errorTopic(Source source, Located<String> topic) {
    return errorTopics.computeIfAbsent(
        source.name(),
        name ->
            services.errorTopic(
                new SinkTable(
                    name + ".errors", ErrorRows.SCHEMA, List.of(), "Records that were refused."),
                source,
                topic,
                problems));
  }

  /** Keeps what a sink refuses; the step is below the sink's own. */
  private void keep(String table, PCollection<ErrorRecord> records) {
    keep(table, "Rows", records);
  }

  private @Nullable PCollection<Change> keep(
      String table, String step, PCollection<ErrorRecord> records) {
    if (settings.range() != null) {
      // They are in the error table already, from when the events came; here they are counted.
      return null;
    }
    PCollection<Change> rows = records.apply(step, new ErrorRows());
    errors.merge(table, PCollectionList.of(rows), (known, more) -> known.and(more.get(0)));
    return rows;
  }

  /** Adds the steps that write error records; all branches are known by now. */
  void finish() {
    errors.forEach(
        (table, parts) -> {
          SinkProvider sink =
              errorTable(
                  new SinkTable(table, ErrorRows.SCHEMA, List.of(), "Records that were refused."));
          errorTables.put(table, sink);
          parts
              .apply(table + "/all", Flatten.pCollections())
              .apply(table + "/sink", new WriteTable(sink));
        });
  }

  /** In the warehouse, else beside the tables of BigQuery, else in a file. */
  private SinkProvider errorTable(SinkTable table) {
    String warehouse = settings.target().common().warehouse();
    if (warehouse != null) {
      return duckDb(table, settings.project().resolve(warehouse).toString());
    }
    List<Sink> sinks =
        settings.queries().stream().map(q -> settings.project().query(q).sink()).toList();
    return services
        .errors(table, sinks)
        .orElseGet(
            () ->
                new FilesSink(
                    FilesTarget.of(
                        table, settings.project().resolve(ERROR_FILES) + "/", FileFormat.JSON, 1),
                    ends));
  }

  /** What is between the tables of BigQuery and their queries, by query. */
  Map<String, TableChange> tableChanges() throws IOException {
    Map<String, TableChange> changes = new TreeMap<>();
    for (Map.Entry<String, SinkProvider> entry : tables.entrySet()) {
      if (entry.getValue() instanceof BigQuerySink sink) {
        changes.put(entry.getKey(), sink.change());
      }
    }
    return changes;
  }

  void prepare() throws IOException {
    for (SinkProvider sink : all()) {
      sink.prepare();
    }
  }

  void complete() throws IOException {
    for (SinkProvider sink : all()) {
      sink.complete();
    }
  }

  boolean surviveRestart() {
    return all().stream().allMatch(SinkProvider::survivesRestart);
  }

  void abandon() {
    all().forEach(SinkProvider::abandon);
  }

  private List<SinkProvider> all() {
    List<SinkProvider> all = new ArrayList<>(tables.values());
    all.addAll(errorTables.values());
    all.addAll(errorTopics.values());
    return all;
  }

  private @Nullable SinkProvider provider(Query query, QueryPlan plan, Problems problems) {
    Sink sink = query.sink();
    Schema schema =
        query.described(sink.common().paneColumns() ? Panes.schema(plan) : plan.schema());
    List<Integer> key = upserts(query.name()) ? plan.key() : List.of();
    SinkTable table = new SinkTable(sink.table(), schema, key, query.description());
    boolean real = settings.target().common().warehouse() == null;
    if (sink instanceof Sink.Files files && (real || file(query.name()) != null)) {
      return files(table, files);
    }
    if (sink instanceof Sink.Console) {
      return new ConsoleSink(table);
    }
    if (!real || (sink instanceof Sink.DuckDb database && database.path() != null)) {
      return duckDb(table, warehouse(sink));
    }
    SinkProvider service = services.of(query, plan, table, problems).orElse(null);
    if (service == null && !problems.hasErrors()) {
      problems.add(
          Diagnostic.error(
              DiagnosticCode.CONFLICTING_SETTINGS,
              settings.target().common().place(),
              "target "
                  + settings.target().name()
                  + " has no warehouse, and a "
                  + sink.type()
                  + " sink cannot be written from here",
              "run on the local target, or add warehouse: PATH"));
    }
    return service;
  }

  private SinkProvider files(SinkTable table, Sink.Files files) {
    String path = files.path().value();
    boolean remote = Project.isRemote(path);
    FilesTarget to =
        FilesTarget.of(
            table,
            remote ? path : settings.project().resolve(path).toString(),
            FileFormat.valueOf(files.format().name()),
            Math.max(1, files.shards()));
    return to.shards() == 1 && !remote && !settings.target().hasWorkers()
        ? new LocalFileSink(to)
        : new FilesSink(to, ends);
  }

  /** Where a query's rows are, in words. */
  String place(String query) {
    Sink sink = settings.project().query(query).sink();
    if (sink instanceof Sink.BigQuery table) {
      return "BigQuery's table " + table.qualifiedName();
    } else if (sink instanceof Sink.Pubsub pubsub) {
      return "the topic " + pubsub.topic().value();
    } else if (sink instanceof Sink.Kafka kafka) {
      return "the topic " + kafka.topic().value() + " of " + kafka.bootstrapServers();
    } else if (sink instanceof Sink.Files files) {
      return files.path().value();
    }
    return sink.table();
  }

  /** The file that a query's rows go to; null: a table of a warehouse, or the terminal. */
  @Nullable String file(String query) {
    return settings.project().query(query).sink() instanceof Sink.Files files
            && !Project.isRemote(files.path().value())
        ? settings.project().resolve(files.path().value()).toString()
        : null;
  }

  /** The database that a query's rows go to; null: a file, or the terminal. */
  @Nullable String database(String query) {
    Sink sink = settings.project().query(query).sink();
    boolean named = sink instanceof Sink.DuckDb database && database.path() != null;
    return file(query) != null
            || sink instanceof Sink.Console
            || (!named && settings.target().common().warehouse() == null)
        ? null
        : warehouse(sink);
  }

  private String warehouse(Sink sink) {
    String path =
        sink instanceof Sink.DuckDb database && database.path() != null
            ? database.path().value()
            : String.valueOf(settings.target().common().warehouse());
    return settings.project().resolve(path).toString();
  }

  private SinkProvider duckDb(SinkTable table, String path) {
    if (settings.range() != null) {
      return new DuckDbRangeSink(
          path, table, run, settings.target().hasWorkers(), settings.range());
    }
    return new DuckDbSink(
        new DuckDbTable(path, table, start(), run, !ends || settings.target().hasWorkers()));
  }

  /**
   * A run that ends makes its tables anew; a stream does it in sight. One that goes on adds to what
   * its last run has left.
   */
  private DuckDbTable.Start start() {
    if (!ends) {
      return DuckDbTable.Start.CONTINUE;
    }
    return settings.mode() == Mode.BATCH
        ? DuckDbTable.Start.REPLACE_AT_END
        : DuckDbTable.Start.EMPTY;
  }

  /** Gives the steps of a sink a name above them. */
  private static final class WriteTable extends PTransform<PCollection<Change>, PDone> {

    private static final long serialVersionUID = 1L;

    private final transient SinkProvider sink;

    WriteTable(SinkProvider sink) {
      this.sink = sink;
    }

    @Override
    public PDone expand(PCollection<Change> changes) {
      sink.write(changes);
      return PDone.in(changes.getPipeline());
    }
  }
}
