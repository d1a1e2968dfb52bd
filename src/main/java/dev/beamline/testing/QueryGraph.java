package dev.beamline.testing;

import dev.beamline.io.SourceProvider;
import dev.beamline.pipeline.PipelineBuilder;
import dev.beamline.pipeline.QueryJob;
import dev.beamline.pipeline.Sinks;
import dev.beamline.pipeline.run.CopyMemory;
import dev.beamline.pipeline.run.ProjectSources;
import dev.beamline.plan.Plans;
import dev.beamline.plan.QueryPlan;
import dev.beamline.project.Project;
import dev.beamline.project.Query;
import dev.beamline.testing.simulation.SimulatedSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.apache.beam.sdk.Pipeline;

/** One query as a stream, with the queries that it reads, over simulated sources. */
final class QueryGraph {

  private final QueryPlan plan;
  private final Map<String, QuerySimulation.Feed> feeds = new LinkedHashMap<>();
  private final Map<String, SourceProvider> providers = new LinkedHashMap<>();
  private final List<QueryJob> jobs = new ArrayList<>();

  /**
   * Finds what it needs.
   *
   * @param plans of the query and those it reads, compiled for streams
   * @param windowing gives each query's windowing, by the project's
   * @param upsert whether the query's table keeps one row a key
   */
  QueryGraph(
      Project project,
      Map<String, QueryPlan> plans,
      String name,
      UnaryOperator<Query> windowing,
      boolean upsert) {
    this.plan = plan(plans, name);
    Set<String> queries = reads(plans, name);
    Set<String> sources = new TreeSet<>();
    queries.forEach(query -> sources.addAll(Plans.sources(plan(plans, query).plan())));
    Duration memory =
        CopyMemory.of(
            queries.stream().map(query -> plan(plans, query)).toList(),
            queries.stream().map(query -> windowing.apply(project.query(query))).toList());
    for (String source : sources) {
      QuerySimulation.Feed feed =
          QuerySimulation.Feed.of(Objects.requireNonNull(project.sources().get(source)));
      feeds.put(source, feed);
      providers.put(
          source,
          ProjectSources.withoutCopies(
              new SimulatedSource(source, feed.columns(), feed.table()),
              feed.source(),
              feed.columns(),
              memory));
    }
    for (String query : queries) {
      Query declared = windowing.apply(project.query(query));
      boolean output = query.equals(name);
      jobs.add(QueryJob.of(plan(plans, query), declared, output && upsert, output));
    }
  }

  /** The query and those it reads, by any number of steps. */
  static Set<String> reads(Map<String, QueryPlan> plans, String name) {
    Set<String> queries = new TreeSet<>(Set.of(name));
    queries.addAll(Plans.queries(plan(plans, name).plan()));
    return queries;
  }

  private static QueryPlan plan(Map<String, QueryPlan> plans, String name) {
    QueryPlan plan = plans.get(name);
    if (plan == null) {
      throw new IllegalArgumentException("query " + name + " is not compiled");
    }
    return plan;
  }

  QueryPlan plan() {
    return plan;
  }

  /** The sources that are read, by name. */
  Map<String, QuerySimulation.Feed> feeds() {
    return feeds;
  }

  /**
   * Adds the graph to a pipeline.
   *
   * @param settle see {@link PipelineBuilder}
   */
  void build(Pipeline pipeline, Duration settle, Sinks sinks) {
    new PipelineBuilder(providers, jobs, settle, sinks).build(pipeline);
  }
}
