package dev.beamline.pipeline;

import dev.beamline.catalog.Schema;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.io.SourceProvider;
import dev.beamline.transform.Change;
import dev.beamline.transform.ChangeCoder;
import dev.beamline.transform.ErrorRecord;
import dev.beamline.transform.ErrorRecordCoder;
import dev.beamline.transform.Panes;
import dev.beamline.transform.stage.RowEnd;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.TupleTag;

/**
 * Makes one Beam graph of the queries of a pipeline. Each source is read once; each query is
 * computed once, whoever reads it. Step names depend on the query and the operator alone: another
 * query, or another order, renames nothing.
 */
public final class PipelineBuilder {

  private final Map<String, SourceProvider> sources;
  private final Map<String, QueryJob> jobs = new LinkedHashMap<>();
  private final Sinks sinks;
  private final long settle;

  /**
   * @param sources by name
   * @param jobs the queries to run and those that they read
   * @param settle processing time in which changes that follow each other become one pane where no
   *     trigger says more: 0 in tests, where the clock stands still
   */
  public PipelineBuilder(
      Map<String, SourceProvider> sources,
      Collection<QueryJob> jobs,
      Duration settle,
      Sinks sinks) {
    this.settle = settle.toMillis();
    this.sources = Map.copyOf(sources);
    jobs.stream()
        .sorted(java.util.Comparator.comparing(QueryJob::name))
        .forEach(job -> this.jobs.put(job.name(), job));
    this.sinks = sinks;
  }

  /**
   * Adds the graph to a pipeline.
   *
   * @throws dev.beamline.diagnostic.InvalidProjectException where a query cannot run this way
   */
  public void build(Pipeline pipeline) {
    GraphCompiler compiler =
        new GraphCompiler(
            sources,
            jobs,
            settle,
            pipeline.getOptions().as(GroupingOptions.class).getGroupShards());
    Map<String, List<Result>> results = new LinkedHashMap<>();
    Set<Node> nodes = new LinkedHashSet<>();
    for (QueryJob job : jobs.values()) {
      List<Result> ofJob = new ArrayList<>();
      List<Flow> flows = job.output() ? compiler.output(job) : compiler.result(job);
      for (int i = 0; job.output() && i < flows.size(); i++) {
        ofJob.add(result(job, flows.get(i), i));
      }
      flows.forEach(flow -> collect(flow.origin(), nodes));
      results.put(job.name(), ofJob);
    }
    // All branches are known now.
    for (QueryJob job : jobs.values()) {
      List<Result> ofJob = results.getOrDefault(job.name(), List.of());
      if (!ofJob.isEmpty()) {
        sinks.write(job, changes(pipeline, job, ofJob));
      }
    }
    errors(pipeline, nodes);
  }

  /** Where rows of a query come out. */
  private record Result(Node node, TupleTag<Change> tag) {}

  private static Result result(QueryJob job, Flow flow, int number) {
    TupleTag<Change> tag = new TupleTag<>(job.name() + "/rows." + number);
    boolean panes = job.plan().window() != null;
    Schema schema = Panes.schema(job.plan());
    List<Integer> key = job.upsert() ? job.plan().key() : List.of();
    checkResult(job, flow);
    flow.origin()
        .add(
            new Node.Branch(
                job.name(),
                flow.steps(),
                new RowEnd.Changes(tag, schema, panes, key),
                tag,
                ChangeCoder.of(schema)));
    return new Result(flow.origin(), tag);
  }

  /**
   * Refuses rows of which nobody could say which is the newest.
   *
   * @throws dev.beamline.diagnostic.InvalidProjectException where they are such
   */
  static void checkResult(QueryJob job, Flow flow) {
    boolean panes = job.plan().window() != null;
    List<Integer> key = job.upsert() ? job.plan().key() : List.of();
    if (flow.origin().manyPanes() && !panes && key.isEmpty()) {
      throw new Context(job, PanePolicies.of(job.windowing(), 0), "")
          .refused(
              DiagnosticCode.UNBOUNDED_NOT_SUPPORTED,
              "its rows change while their window takes more, and neither a key nor the window says"
                  + " which row takes the place of which",
              "select window_start and window_end of one input (behind a FULL JOIN"
                  + " COALESCE(a.window_start, b.window_start) and of the ends, named so), or the"
                  + " columns that it is grouped by; or set no early trigger and allowed_lateness:"
                  + " 0s");
    }
  }

  private static void collect(Node node, Set<Node> nodes) {
    if (nodes.add(node)) {
      node.inputs().forEach(input -> collect(input, nodes));
    }
  }

  private static PCollection<Change> changes(
      Pipeline pipeline, QueryJob job, List<Result> results) {
    PCollectionList<Change> all = PCollectionList.empty(pipeline);
    for (Result result : results) {
      all = all.and(result.node().output(pipeline, result.tag()));
    }
    return all.size() == 1 ? all.get(0) : all.apply(job.name() + "/union", Flatten.pCollections());
  }

  private void errors(Pipeline pipeline, Set<Node> nodes) {
    TreeMap<String, PCollectionList<ErrorRecord>> errors = new TreeMap<>();
    for (Node node : nodes) {
      node.apply(pipeline);
      node.errorTags().forEach((origin, tag) -> add(errors, origin, node.output(pipeline, tag)));
      if (node instanceof ScanNode scan) {
        PCollection<ErrorRecord> refused = node.output(pipeline, scan.refused());
        refused.setCoder(ErrorRecordCoder.of());
        add(errors, scan.source(), refused);
      }
    }
    errors.forEach(
        (origin, parts) ->
            sinks.writeErrors(
                origin,
                parts.size() == 1
                    ? parts.get(0)
                    : parts.apply(origin + ".errors/all", Flatten.pCollections())));
  }

  private static void add(
      Map<String, PCollectionList<ErrorRecord>> errors,
      String origin,
      PCollection<ErrorRecord> part) {
    errors.merge(origin, PCollectionList.of(part), (known, more) -> known.and(more.get(0)));
  }
}
