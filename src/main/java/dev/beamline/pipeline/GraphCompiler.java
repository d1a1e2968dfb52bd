package dev.beamline.pipeline;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.InvalidProjectException;
import dev.beamline.execution.row.TupleCoder;
import dev.beamline.io.SourceProvider;
import dev.beamline.plan.AggregateCall;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Plan;
import dev.beamline.plan.WindowSpec;
import dev.beamline.transform.group.AggregateGrouping;
import dev.beamline.transform.group.GroupInput;
import dev.beamline.transform.group.GroupOutput;
import dev.beamline.transform.group.Grouping;
import dev.beamline.transform.group.Partial;
import dev.beamline.transform.group.PartialCoder;
import dev.beamline.transform.stage.RowEnd;
import dev.beamline.transform.stage.RowStep;
import dev.beamline.transform.window.TimeGrid;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.jspecify.annotations.Nullable;

/** Turns plans into nodes. What is the same for several queries becomes one node. */
final class GraphCompiler {

  private final Map<String, SourceProvider> sources;
  private final Map<String, QueryJob> jobs;
  private final Map<String, ScanNode> scans = new LinkedHashMap<>();
  private final Map<String, List<Flow>> results = new HashMap<>();
  private final Map<Place, List<Flow>> compiled = new HashMap<>();

  GraphCompiler(Map<String, SourceProvider> sources, Map<String, QueryJob> jobs) {
    this.sources = sources;
    this.jobs = jobs;
  }

  /** An operator of a query: two of one query that are equal are computed once. */
  private record Place(String query, Plan plan) {}

  /** Which query is compiled, and where in it. */
  private record Context(QueryJob job, String path) {
    String query() {
      return job.name();
    }

    /** The name of an operator's steps. */
    String step(String operator) {
      return query() + "/" + (path.isEmpty() ? operator : path + "-" + operator);
    }

    Context below(String operator) {
      return new Context(job, path.isEmpty() ? operator : path + "-" + operator);
    }
  }

  Map<String, ScanNode> scans() {
    return scans;
  }

  /** The rows of a query. */
  List<Flow> result(QueryJob job) {
    List<Flow> flows = results.get(job.name());
    if (flows == null) {
      flows = compile(job.plan().plan(), new Context(job, ""));
      results.put(job.name(), flows);
    }
    return flows;
  }

  private List<Flow> compile(Plan plan, Context context) {
    Place place = new Place(context.query(), plan);
    List<Flow> flows = compiled.get(place);
    if (flows == null) {
      flows = compileNew(plan, context);
      compiled.put(place, flows);
    }
    return flows;
  }

  private List<Flow> compileNew(Plan plan, Context context) {
    if (plan instanceof Plan.Scan scan) {
      return scan(scan, context);
    } else if (plan instanceof Plan.QueryResult result) {
      return queryResult(result, context);
    } else if (plan instanceof Plan.ConstantRows constants) {
      return List.of(
          new Flow(
              new ConstantNode(context.step("values"), constants.schema(), constants.rows()),
              List.of(),
              null));
    } else if (plan instanceof Plan.Calc calc) {
      return each(compile(calc.input(), context), flow -> calc(flow, calc, context));
    } else if (plan instanceof Plan.AssignWindows assign) {
      return each(compile(assign.input(), context), flow -> assign(flow, assign, context));
    } else if (plan instanceof Plan.Unnest unnest) {
      return each(compile(unnest.input(), context), flow -> unnest(flow, unnest, context));
    } else if (plan instanceof Plan.Aggregate aggregate) {
      return aggregate(aggregate, context);
    } else if (plan instanceof Plan.Union union) {
      return union(union, context);
    } else if (plan instanceof Plan.Sort sort) {
      return compile(sort.input(), context);
    }
    throw refused(context, plan.getClass().getSimpleName() + " cannot run in a pipeline yet", null);
  }

  private InvalidProjectException refused(Context context, String message, @Nullable String hint) {
    return new InvalidProjectException(
        Diagnostic.error(
            DiagnosticCode.UNBOUNDED_NOT_SUPPORTED, context.job().place(), message, hint));
  }

  private interface FlowMap {
    Flow apply(Flow flow);
  }

  private static List<Flow> each(List<Flow> flows, FlowMap map) {
    return flows.stream().map(map::apply).toList();
  }

  private List<Flow> scan(Plan.Scan scan, Context context) {
    SourceProvider provider = sources.get(scan.source());
    if (provider == null) {
      throw new IllegalArgumentException("no provider of source " + scan.source());
    }
    ScanNode node = scans.computeIfAbsent(scan.source(), s -> new ScanNode(provider));
    node.read(scan);
    Flow flow = new Flow(node, List.of(new RowStep.Columns(scan.schema().names())), null);
    return List.of(
        scan.filter() == null
            ? flow
            : flow.then(new RowStep.Compute(scan.filter(), null)));
  }

  private List<Flow> queryResult(Plan.QueryResult result, Context context) {
    QueryJob job = jobs.get(result.query());
    return job == null ? compile(result.input(), context) : result(job);
  }

  private List<Flow> union(Plan.Union union, Context context) {
    List<Flow> flows = new ArrayList<>();
    for (int i = 0; i < union.inputs().size(); i++) {
      flows.addAll(compile(union.inputs().get(i), context.below("union" + (i + 1))));
    }
    return flows;
  }

  private Flow calc(Flow flow, Plan.Calc calc, Context context) {
    Flow input = flow;
    Flow.Windows windows = flow.windows();
    if (windows != null && windows.deferred()) {
      boolean looks =
          calc.condition() != null && reads(calc.condition(), windows)
              || calc.projections().stream()
                  .anyMatch(p -> !(p instanceof Expression.InputColumn) && reads(p, windows));
      if (looks) {
        input = putIntoWindows(flow, context);
        windows = input.windows();
      }
    }
    return input.then(
        new RowStep.Compute(calc.condition(), calc.projections()),
        windows == null ? null : project(windows, calc.projections()));
  }

  private static boolean reads(Expression expression, Flow.Windows windows) {
    return References.columns(expression).stream().anyMatch(windows::isColumn);
  }

  private static Flow.Windows project(Flow.Windows windows, List<Expression> projections) {
    return new Flow.Windows(
        windows.spec(),
        indexOf(windows.start(), projections),
        indexOf(windows.end(), projections),
        windows.noted(),
        windows.sessionKeys().stream().map(key -> indexOf(key, projections)).toList());
  }

  private static int indexOf(int column, List<Expression> projections) {
    for (int i = 0; i < projections.size(); i++) {
      if (projections.get(i) instanceof Expression.InputColumn input && input.index() == column) {
        return i;
      }
    }
    return -1;
  }

  private Flow assign(Flow flow, Plan.AssignWindows assign, Context context) {
    Flow input =
        flow.windows() != null && flow.windows().deferred() ? putIntoWindows(flow, context) : flow;
    int start = assign.windowStart();
    return input.then(
        new RowStep.NoteTime(assign.timeColumn()),
        new Flow.Windows(
            assign.window(), start, start + 1, input.steps().size(), assign.sessionKeys()));
  }

  /** Gives the rows real window columns, each row once a window. */
  private Flow putIntoWindows(Flow flow, Context context) {
    Flow.Windows windows = flow.windows();
    if (windows == null || !windows.deferred()) {
      return flow;
    }
    if (windows.session()) {
      throw refused(
          context,
          "rows of a session can only be grouped by the session and its keys",
          "group by window_start and window_end first, and compute in an outer query");
    }
    List<RowStep> steps = new ArrayList<>(flow.steps());
    RowStep.NoteTime noted = (RowStep.NoteTime) steps.get(windows.noted());
    steps.set(
        windows.noted(),
        new RowStep.PutIntoWindows(TimeGrid.of(windows.spec()), noted.timeColumn()));
    return new Flow(
        flow.origin(),
        steps,
        new Flow.Windows(
            windows.spec(), windows.start(), windows.end(), -1, windows.sessionKeys()));
  }

  private Flow unnest(Flow flow, Plan.Unnest unnest, Context context) {
    Flow input = flow;
    Flow.Windows windows = flow.windows();
    if (windows != null
        && windows.deferred()
        && (reads(unnest.array(), windows)
            || (unnest.condition() != null && reads(unnest.condition(), windows)))) {
      input = putIntoWindows(flow, context);
    }
    return input.then(
        new RowStep.UnnestArray(
            unnest.array(), unnest.outer(), unnest.withOffset(), unnest.condition()));
  }

  private List<Flow> aggregate(Plan.Aggregate aggregate, Context context) {
    List<Flow> flows = compile(aggregate.input(), context.below("aggregate"));
    if (!slices(aggregate, flows)) {
      flows = each(flows, flow -> putIntoWindows(flow, context));
    }
    Flow.Windows windows = flows.get(0).windows();
    boolean sliced = windows != null && windows.deferred();
    Schema input = aggregate.input().schema();

    List<Integer> keys = new ArrayList<>();
    List<Integer> layout = new ArrayList<>();
    List<Integer> positions = new ArrayList<>();
    boolean sets = aggregate.groupingSets().size() > 1;
    for (int key : aggregate.keys()) {
      if (sliced && windows != null && windows.isColumn(key)) {
        layout.add(
            key == windows.start()
                ? AggregateGrouping.WINDOW_START
                : AggregateGrouping.WINDOW_END);
        positions.add(-1);
      } else {
        positions.add(keys.size());
        layout.add(keys.size() + (sets ? 1 : 0));
        keys.add(key);
      }
    }
    List<List<Integer>> groupingSets =
        aggregate.groupingSets().stream()
            .map(set -> set.stream().map(positions::get).filter(p -> p >= 0).toList())
            .toList();
    GroupInput.Timing timing = timing(sliced ? windows : null);
    Grouping grouping = new AggregateGrouping(aggregate.calls(), layout);
    GroupInput template =
        new GroupInput(
            grouping, 0, keys, groupingSets, timing, sliced && slicesAreWindows(timing), false);
    List<Tuple> seeds = new ArrayList<>();
    for (int i = 0; i < groupingSets.size(); i++) {
      if (!sliced && groupingSets.get(i).isEmpty()) {
        seeds.add(sets ? seed(i, keys.size()) : Tuple.of());
      }
    }
    Schema keySchema = keySchema(input, keys, sets);
    GroupNode node =
        group(context.step("aggregate"), context, template, keySchema, aggregate.schema(), seeds);
    for (int i = 0; i < flows.size(); i++) {
      connect(node, flows.get(i), i, template, context);
    }
    return List.of(
        new Flow(node, List.of(), windows == null ? null : windowsOf(aggregate, windows)));
  }

  private static Tuple seed(int set, int keys) {
    @Nullable Object[] values = new @Nullable Object[keys + 1];
    values[0] = (long) set;
    return Tuple.of(values);
  }

  private static Flow.Windows windowsOf(Plan.Aggregate aggregate, Flow.Windows windows) {
    return new Flow.Windows(
        windows.spec(),
        aggregate.keys().indexOf(windows.start()),
        aggregate.keys().indexOf(windows.end()),
        -1,
        List.of());
  }

  private static boolean slicesAreWindows(GroupInput.Timing timing) {
    return timing instanceof GroupInput.Timing.Slices slices && slices.grid().slicesAreWindows();
  }

  private static GroupInput.Timing timing(Flow.@Nullable Windows windows) {
    if (windows == null) {
      return new GroupInput.Timing.Untimed();
    }
    return windows.spec() instanceof WindowSpec.Session session
        ? new GroupInput.Timing.Sessions(session.gap())
        : new GroupInput.Timing.Slices(TimeGrid.of(windows.spec()));
  }

  /** Whether the rows of all flows may be summed by slice, because only keys name the window. */
  private static boolean slices(Plan.Aggregate aggregate, List<Flow> flows) {
    Flow.Windows first = flows.get(0).windows();
    if (first == null || !first.deferred()) {
      return false;
    }
    for (Flow flow : flows) {
      Flow.Windows windows = flow.windows();
      if (windows == null
          || !windows.deferred()
          || !windows.spec().equals(first.spec())
          || windows.start() != first.start()
          || windows.end() != first.end()) {
        return false;
      }
    }
    boolean start = keyOfAllSets(aggregate, first.start());
    boolean end = keyOfAllSets(aggregate, first.end());
    boolean one =
        first.spec() instanceof WindowSpec.Tumble
            || first.spec() instanceof WindowSpec.Hop
            || first.session();
    if (!(start && end || one && (start || end))) {
      return false;
    }
    if (first.session() && !sessionKeys(aggregate, first)) {
      return false;
    }
    for (AggregateCall call : aggregate.calls()) {
      if (call.arguments().stream().anyMatch(a -> reads(a, first))
          || call.orderBy().stream().anyMatch(k -> reads(k.expression(), first))
          || (call.filter() != null && reads(call.filter(), first))) {
        return false;
      }
    }
    return true;
  }

  private static boolean keyOfAllSets(Plan.Aggregate aggregate, int column) {
    int key = column < 0 ? -1 : aggregate.keys().indexOf(column);
    return key >= 0 && aggregate.groupingSets().stream().allMatch(set -> set.contains(key));
  }

  /** Whether rows are grouped by just what keeps their sessions apart. */
  private static boolean sessionKeys(Plan.Aggregate aggregate, Flow.Windows windows) {
    Set<Integer> keys = new java.util.HashSet<>(aggregate.keys());
    keys.removeIf(windows::isColumn);
    return aggregate.groupingSets().size() == 1
        && keys.equals(new java.util.HashSet<>(windows.sessionKeys()));
  }

  private static Schema keySchema(Schema input, List<Integer> keys, boolean sets) {
    List<Column> columns = new ArrayList<>();
    if (sets) {
      columns.add(Column.of("grouping_set", ScalarType.INT64));
    }
    keys.forEach(key -> columns.add(input.column(key)));
    return new Schema(columns);
  }

  private GroupNode group(
      String name,
      Context context,
      GroupInput template,
      Schema keySchema,
      Schema schema,
      List<Tuple> seeds) {
    List<Type> types = new ArrayList<>();
    keySchema.columns().forEach(column -> types.add(column.type()));
    if (template.windowInKey()) {
      types.add(ScalarType.INT64);
      types.add(ScalarType.INT64);
    }
    GroupOutput output =
        new GroupOutput(
            context.query(),
            template.grouping(),
            keySchema,
            template.timing(),
            template.windowInKey(),
            new TupleTag<>(context.query() + "/errors"));
    return new GroupNode(
        name,
        output,
        schema,
        KvCoder.of(
            TupleCoder.of(types), new PartialCoder(template.grouping().accumulatorCoder())),
        seeds);
  }

  private void connect(GroupNode node, Flow flow, int number, GroupInput input, Context context) {
    TupleTag<KV<Tuple, Partial>> tag =
        new TupleTag<>(node.name() + "/" + input.side() + "." + number);
    flow.origin()
        .add(
            new Node.Branch(
                context.query(), flow.steps(), new RowEnd.Sums(tag, input), tag, node.coder()));
    node.addInput(flow.origin(), tag);
  }
}
