package dev.beamline.testing;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.pipeline.GroupingOptions;
import dev.beamline.pipeline.QueryJob;
import dev.beamline.pipeline.Sinks;
import dev.beamline.plan.QueryPlan;
import dev.beamline.project.Project;
import dev.beamline.project.Query;
import dev.beamline.project.Source;
import dev.beamline.project.SourceTables;
import dev.beamline.testing.simulation.Simulation;
import dev.beamline.transform.Change;
import dev.beamline.transform.ErrorRecord;
import dev.beamline.transform.QueryCounters;
import java.io.Closeable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;

/**
 * One query as a stream runs it, with the queries that it reads and its sources' rules, in a
 * simulation. What its sink would get is kept.
 */
final class QuerySimulation implements Closeable {

  private final QueryPlan plan;
  private final boolean upsert;
  private final Simulation simulation;
  private final Map<String, Feed> feeds;
  private final List<Change> changes = new ArrayList<>();
  private final List<ErrorRecord> errors = new ArrayList<>();

  /**
   * A source that the query reads.
   *
   * @param eventTime column; -1: none
   * @param table whether its rows are there from the start and it has no watermark
   */
  record Feed(Source source, Schema columns, int eventTime, boolean table) {

    static Feed of(Source source) {
      Schema columns = SourceTables.schema(source);
      int eventTime = source.eventTime() == null ? -1 : columns.indexOf(source.eventTime().value());
      boolean table = !source.streams();
      return new Feed(source, columns, eventTime, table);
    }
  }

  /** Keeps where the graph's rows come out. */
  private static final class Outputs implements Sinks {
    final Map<String, PCollection<Change>> changes = new HashMap<>();
    final List<PCollection<ErrorRecord>> errors = new ArrayList<>();

    @Override
    public void write(QueryJob job, PCollection<Change> rows) {
      changes.put(job.name(), rows);
    }

    @Override
    public void writeErrors(String origin, PCollection<ErrorRecord> records) {
      errors.add(records);
    }
  }

  /**
   * Builds the graph.
   *
   * @param plans of the query and those it reads, compiled for streams
   * @param windowing gives each query's windowing, by the project's
   * @param settle see {@link dev.beamline.pipeline.PipelineBuilder}
   * @param shards see {@link GroupingOptions}
   * @param upsert whether the table keeps one row a key
   */
  QuerySimulation(
      Project project,
      Map<String, QueryPlan> plans,
      String name,
      UnaryOperator<Query> windowing,
      Duration settle,
      int shards,
      boolean upsert) {
    QueryGraph graph = new QueryGraph(project, plans, name, windowing, upsert);
    this.plan = graph.plan();
    this.upsert = upsert;
    this.feeds = graph.feeds();
    Pipeline pipeline = Simulation.pipeline();
    pipeline.getOptions().as(GroupingOptions.class).setGroupShards(shards);
    Outputs outputs = new Outputs();
    graph.build(pipeline, settle, outputs);
    simulation = new Simulation(pipeline);
    PCollection<Change> rows = outputs.changes.get(name);
    if (rows != null) {
      simulation.listen(rows, changes::add);
    }
    outputs.errors.forEach(records -> simulation.listen(records, errors::add));
  }

  QueryPlan plan() {
    return plan;
  }

  boolean upsert() {
    return upsert;
  }

  /** The sources that the query reads, by name. */
  Map<String, Feed> feeds() {
    return feeds;
  }

  /** Rows arrive in one bundle. Those of sources that the query does not read are of no matter. */
  void add(String source, List<Tuple> rows) {
    Feed feed = feeds.get(source);
    if (feed != null && simulation.reads(source)) {
      simulation.add(source, rows, feed.eventTime());
    }
  }

  /** The rows of a table that is there from the start; it has no others. */
  void addTable(String source, List<Tuple> rows) {
    add(source, rows);
    watermark(source, Instant.MAX);
  }

  void watermark(String source, Instant to) {
    if (simulation.reads(source)) {
      simulation.watermark(source, to);
    }
  }

  /** The watermark of all sources that have one moves. */
  void watermark(Instant to) {
    for (Feed feed : feeds.values()) {
      if (!feed.table()) {
        watermark(feed.source().name(), to);
      }
    }
  }

  void clock(Duration by) {
    simulation.clock(by);
  }

  void settle() {
    simulation.settle();
  }

  /** What the sink has got so far, in order. */
  List<Change> changes() {
    return changes;
  }

  /** Rows that were refused or that an expression failed on. */
  List<ErrorRecord> errors() {
    return errors;
  }

  /**
   * Rows that came when all their windows had been given up. A source that is named several times
   * counts once.
   */
  long lateDropped() {
    return simulation.rows(QueryCounters.LATE_DROPPED);
  }

  /** The table as its readers see it: the newest row a key, or all rows where it has no key. */
  List<Tuple> table() {
    if (!upsert) {
      return changes.stream().filter(change -> !change.withdrawn()).map(Change::row).toList();
    }
    Map<Tuple, Change> newest = new LinkedHashMap<>();
    for (Change change : changes) {
      @Nullable Object[] key =
          plan.key().stream().map(column -> change.row().get(column)).toArray();
      newest.merge(Tuple.of(key), change, (a, b) -> b.sequence() >= a.sequence() ? b : a);
    }
    return newest.values().stream().filter(change -> !change.withdrawn()).map(Change::row).toList();
  }

  @Override
  public void close() {
    simulation.close();
  }
}
