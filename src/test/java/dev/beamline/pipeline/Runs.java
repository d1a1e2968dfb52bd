package dev.beamline.pipeline;

import dev.beamline.catalog.Tuple;
import dev.beamline.io.SourceProvider;
import dev.beamline.transform.Change;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricQueryResults;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.options.PipelineOptions.CheckEnabled;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/** Runs queries on the direct runner, with all its checks on. */
final class Runs {

  final MemorySinks sinks = new MemorySinks();
  private final Map<String, Long> counters = new TreeMap<>();

  static Runs of(List<QueryJob> jobs, SourceProvider... sources) {
    return of(jobs, true, sources);
  }

  /**
   * @param checks whether each element's coding is checked, which takes long in large graphs;
   *     without, groups are finished in shards, as runs in this process do
   */
  static Runs of(List<QueryJob> jobs, boolean checks, SourceProvider... sources) {
    Runs run = new Runs();
    DirectOptions options = PipelineOptionsFactory.create().as(DirectOptions.class);
    options.setRunner(DirectRunner.class);
    options.setStableUniqueNames(CheckEnabled.ERROR);
    options.setTargetParallelism(2);
    options.as(GroupingOptions.class).setGroupShards(checks ? 0 : 2);
    options.setEnforceEncodability(checks);
    options.setEnforceImmutability(checks);
    Pipeline pipeline = Pipeline.create(options);
    Map<String, SourceProvider> byName = new HashMap<>();
    for (SourceProvider source : sources) {
      byName.put(source.name(), source);
    }
    new PipelineBuilder(byName, jobs, Duration.ZERO, run.sinks).build(pipeline);
    PipelineResult result = pipeline.run();
    result.waitUntilFinish();
    MetricQueryResults metrics = result.metrics().queryMetrics(MetricsFilter.builder().build());
    for (MetricResult<Long> counter : metrics.getCounters()) {
      run.counters.merge(counter.getName().getName(), counter.getAttempted(), Long::sum);
    }
    return run;
  }

  long counter(String name) {
    return counters.getOrDefault(name, 0L);
  }

  Map<String, Long> counters() {
    return counters;
  }

  /** All rows that were written, sorted by their text. */
  List<Tuple> rows(String query) {
    return sinks.changes(query).stream()
        .filter(c -> !c.withdrawn())
        .map(Change::row)
        .sorted(java.util.Comparator.comparing(Tuple::toString))
        .toList();
  }

  /** The table as its readers see it: one row a key, without the pane's columns, sorted by text. */
  List<Tuple> table(QueryJob job) {
    int columns = job.plan().schema().size();
    List<Tuple> rows = new ArrayList<>();
    for (Change change : newest(job)) {
      if (!change.withdrawn()) {
        rows.add(Tuple.of(java.util.Arrays.copyOf(change.row().values(), columns)));
      }
    }
    rows.sort(java.util.Comparator.comparing(Tuple::toString));
    return rows;
  }

  /** Of each key what was said last. */
  List<Change> newest(QueryJob job) {
    Map<Tuple, Change> newest = new HashMap<>();
    for (Change change : sinks.changes(job.name())) {
      Tuple key = Tuple.of(job.plan().key().stream().map(change.row()::get).toArray());
      newest.merge(key, change, (a, b) -> b.sequence() >= a.sequence() ? b : a);
    }
    return List.copyOf(newest.values());
  }
}
