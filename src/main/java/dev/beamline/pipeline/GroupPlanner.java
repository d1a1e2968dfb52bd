package dev.beamline.pipeline;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.execution.row.TupleCoder;
import dev.beamline.plan.AggregateCall;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Plan;
import dev.beamline.plan.Plans;
import dev.beamline.plan.WindowSpec;
import dev.beamline.transform.group.AggregateGrouping;
import dev.beamline.transform.group.GroupInput;
import dev.beamline.transform.group.GroupOutput;
import dev.beamline.transform.group.Grouping;
import dev.beamline.transform.group.NewestGrouping;
import dev.beamline.transform.group.OperatorGrouping;
import dev.beamline.transform.group.Partial;
import dev.beamline.transform.group.PartialCoder;
import dev.beamline.transform.stage.RowEnd;
import dev.beamline.transform.window.TimeGrid;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.jspecify.annotations.Nullable;

/** Plans the operators that bring rows together: by key, and in a stream by window. */
final class GroupPlanner {

  private final GraphCompiler compiler;
  private final Context context;

  GroupPlanner(GraphCompiler compiler, Context context) {
    this.compiler = compiler;
    this.context = context;
  }

  /**
   * One input of an operator.
   *
   * @param keys columns that make the group
   */
  private record Side(List<Flow> flows, Schema schema, List<Integer> keys) {}

  /**
   * How the rows of a side find their slices.
   *
   * @param keys the columns that make the group besides the window
   */
  private record Placing(GroupInput.Timing timing, List<Integer> keys) {}

  List<Flow> group(Plan plan) {
    if (plan instanceof Plan.Aggregate aggregate) {
      return aggregate(aggregate);
    }
    if (plan instanceof Plan.Limit limit) {
      return operator("limit", limit, List.of(limit.partitionBy()));
    }
    if (plan instanceof Plan.Analytic analytic) {
      // A group may hold several partitions: the operator itself keeps them apart.
      List<Integer> columns = new ArrayList<>();
      for (Expression key : analytic.partitionBy()) {
        if (key instanceof Expression.InputColumn column && !columns.contains(column.index())) {
          columns.add(column.index());
        }
      }
      return operator("analytic", analytic, List.of(columns));
    }
    if (plan instanceof Plan.Join join) {
      // A NULL anywhere on the right of NOT IN decides about every row of the left.
      boolean whole = join.kind() == Plan.Join.Kind.NULL_AWARE_ANTI;
      return operator(
          "join",
          join,
          whole ? List.of(List.of(), List.of()) : List.of(join.leftKeys(), join.rightKeys()));
    }
    if (plan instanceof Plan.SetOperation operation) {
      List<Integer> all = IntStream.range(0, operation.schema().size()).boxed().toList();
      return operator(operation.except() ? "except" : "intersect", operation, List.of(all, all));
    }
    if (plan instanceof Plan.ScalarSubquery) {
      return operator("subquery", plan, List.of(List.of(), List.of()));
    }
    throw new IllegalArgumentException("not an operator that groups: " + plan);
  }

  /**
   * An operator that collects the rows of a group.
   *
   * @param keys for each input, columns whose rows need each other; of the inputs they correspond
   */
  private List<Flow> operator(String name, Plan plan, List<List<Integer>> keys) {
    List<Side> sides = new ArrayList<>();
    List<Schema> schemas = new ArrayList<>();
    List<Plan> placeholders = new ArrayList<>();
    for (int i = 0; i < plan.inputs().size(); i++) {
      Plan input = plan.inputs().get(i);
      Context below = context.below(plan.inputs().size() == 1 ? name : name + (i + 1));
      sides.add(
          new Side(putIntoWindows(compiler.compile(input, below)), input.schema(), keys.get(i)));
      schemas.add(input.schema());
      placeholders.add(OperatorGrouping.input(i, input.schema()));
    }
    boolean bounded = bounded(sides);
    List<Placing> placings = new ArrayList<>();
    for (Side side : sides) {
      placings.add(bounded ? untimed(side) : columnPlacing(side));
    }
    if (!bounded && sides.size() == 2 && !samePlaces(sides)) {
      throw unwindowed();
    }
    GroupNode node =
        node(
            name,
            new OperatorGrouping(Plans.withInputs(plan, placeholders), schemas),
            sides,
            placings,
            List.of(IntStream.range(0, placings.get(0).keys().size()).boxed().toList()),
            plan.schema(),
            List.of());
    // The left input's columns come first and keep their places, and so do its windows' unless a
    // row may have no left side.
    boolean left =
        !(plan instanceof Plan.Join join)
            || !(join.kind() == Plan.Join.Kind.RIGHT || join.kind() == Plan.Join.Kind.FULL);
    Flow.Windows windows = left ? sides.get(0).flows().get(0).windows() : null;
    return List.of(new Flow(node, List.of(), windows));
  }

  /** Whether both inputs' keys name the window's columns at the same positions. */
  private static boolean samePlaces(List<Side> sides) {
    List<Integer> left = windowPositions(sides.get(0));
    return !left.isEmpty() && left.equals(windowPositions(sides.get(1)));
  }

  private static List<Integer> windowPositions(Side side) {
    Flow.Windows windows = side.flows().get(0).windows();
    List<Integer> positions = new ArrayList<>();
    for (int i = 0; windows != null && i < side.keys().size(); i++) {
      if (windows.isColumn(side.keys().get(i))) {
        positions.add(i);
      }
    }
    return positions;
  }

  private List<Flow> aggregate(Plan.Aggregate aggregate) {
    List<Flow> flows = compiler.compile(aggregate.input(), context.below("aggregate"));
    boolean sliced = slices(aggregate, flows);
    if (!sliced) {
      flows = putIntoWindows(flows);
    }
    Schema input = aggregate.input().schema();
    Side side = new Side(flows, input, aggregate.keys());
    boolean bounded = bounded(List.of(side));
    Placing placing =
        sliced ? slicePlacing(side, bounded) : bounded ? untimed(side) : columnPlacing(side);
    Flow.Windows windows = flows.get(0).windows();
    boolean timed = !(placing.timing() instanceof GroupInput.Timing.Untimed);

    boolean sets = aggregate.groupingSets().size() > 1;
    List<Integer> layout = new ArrayList<>();
    List<Integer> positions = new ArrayList<>();
    for (int key : aggregate.keys()) {
      int position = placing.keys().indexOf(key);
      positions.add(position);
      if (position >= 0) {
        layout.add(position + (sets ? 1 : 0));
      } else {
        boolean start = windows != null && key == windows.start();
        layout.add(start ? AggregateGrouping.WINDOW_START : AggregateGrouping.WINDOW_END);
      }
    }
    List<List<Integer>> groupingSets =
        aggregate.groupingSets().stream()
            .map(set -> set.stream().map(positions::get).filter(p -> p >= 0).toList())
            .toList();
    List<Tuple> seeds = new ArrayList<>();
    for (int i = 0; !timed && i < groupingSets.size(); i++) {
      if (groupingSets.get(i).isEmpty()) {
        seeds.add(sets ? seed(i, placing.keys().size()) : Tuple.of());
      }
    }
    Grouping grouping = new AggregateGrouping(aggregate.calls(), layout);
    GroupNode node =
        node(
            "aggregate",
            grouping,
            List.of(side),
            List.of(placing),
            groupingSets,
            aggregate.schema(),
            seeds);
    return List.of(new Flow(node, List.of(), windowsOf(aggregate, windows, timed)));
  }

  private static Tuple seed(int set, int keys) {
    @Nullable Object[] values = new @Nullable Object[keys + 1];
    values[0] = (long) set;
    return Tuple.of(values);
  }

  private static Flow.@Nullable Windows windowsOf(
      Plan.Aggregate aggregate, Flow.@Nullable Windows windows, boolean timed) {
    return windows == null || !(timed || windows.whole())
        ? null
        : new Flow.Windows(
            windows.spec(),
            aggregate.keys().indexOf(windows.start()),
            aggregate.keys().indexOf(windows.end()),
            -1,
            windows.slack(),
            List.of());
  }

  private List<Flow> putIntoWindows(List<Flow> flows) {
    return GraphCompiler.each(flows, flow -> GraphCompiler.putIntoWindows(flow, context));
  }

  private static boolean bounded(List<Side> sides) {
    return sides.stream()
        .flatMap(side -> side.flows().stream())
        .allMatch(flow -> flow.origin().bounded());
  }

  private static Placing untimed(Side side) {
    return new Placing(new GroupInput.Timing.Untimed(), side.keys());
  }

  /** The rows' time has been noted: they are summed by slice. */
  private Placing slicePlacing(Side side, boolean bounded) {
    Flow.Windows windows = java.util.Objects.requireNonNull(side.flows().get(0).windows());
    GroupInput.Timing timing;
    if (windows.spec() instanceof WindowSpec.Session session) {
      timing = new GroupInput.Timing.Sessions(session.gap());
    } else {
      TimeGrid grid = TimeGrid.of(windows.spec());
      timing =
          bounded || context.policy().accumulating() || grid.slicesAreWindows()
              ? new GroupInput.Timing.Slices(grid)
              : new GroupInput.Timing.EachWindow(grid);
    }
    return new Placing(timing, side.keys().stream().filter(k -> !windows.isColumn(k)).toList());
  }

  /** The rows' windows are in columns, which the keys must name. */
  private Placing columnPlacing(Side side) {
    Flow.Windows windows = null;
    for (Flow flow : side.flows()) {
      Flow.Windows one = flow.windows();
      if (one == null
          || !one.whole()
          || (windows != null && (windows.start() != one.start() || windows.end() != one.end()))) {
        throw unwindowed();
      }
      windows = one;
    }
    if (windows == null) {
      throw unwindowed();
    }
    boolean start = side.keys().contains(windows.start());
    boolean end = side.keys().contains(windows.end());
    if (!(start && end) && !(windows.oneEndTells() && (start || end))) {
      throw unwindowed();
    }
    Flow.Windows found = windows;
    return new Placing(
        new GroupInput.Timing.Columns(found.start(), found.end()),
        side.keys().stream().filter(k -> !found.isColumn(k)).toList());
  }

  private RuntimeException unwindowed() {
    return context.refused(
        DiagnosticCode.WINDOW_MISSING,
        "rows of a stream can only be brought together within a window",
        "group by a window (TUMBLE, HOP, SESSION or CUMULATE) or by window_start and window_end of"
            + " the input; or set windowing: {type: global} with an early trigger");
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
    if (!(start && end) && !(first.oneEndTells() && (start || end))) {
      return false;
    }
    if (first.session() && !sessionKeys(aggregate, first)) {
      return false;
    }
    for (AggregateCall call : aggregate.calls()) {
      if (call.arguments().stream().anyMatch(a -> GraphCompiler.reads(a, first))
          || call.orderBy().stream().anyMatch(k -> GraphCompiler.reads(k.expression(), first))
          || (call.filter() != null && GraphCompiler.reads(call.filter(), first))) {
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
    Set<Integer> keys = new HashSet<>(aggregate.keys());
    keys.removeIf(windows::isColumn);
    return aggregate.groupingSets().size() == 1
        && keys.equals(new HashSet<>(windows.sessionKeys()));
  }

  private GroupNode node(
      String operator,
      Grouping inner,
      List<Side> sides,
      List<Placing> placings,
      List<List<Integer>> groupingSets,
      Schema schema,
      List<Tuple> seeds) {
    boolean bounded = bounded(sides);
    boolean updates =
        !bounded
            && sides.stream()
                .flatMap(side -> side.flows().stream())
                .anyMatch(flow -> flow.origin().manyPanes());
    Grouping grouping =
        updates ? new NewestGrouping(inner, sides.stream().map(Side::schema).toList()) : inner;
    Placing first = placings.get(0);
    boolean sets = groupingSets.size() > 1;
    Schema keySchema = keySchema(sides.get(0).schema(), first.keys(), sets);
    boolean windowInKey =
        !(first.timing() instanceof GroupInput.Timing.Untimed)
            && !(first.timing() instanceof GroupInput.Timing.Sessions)
            && !(first.timing() instanceof GroupInput.Timing.Slices slices
                && !slices.grid().slicesAreWindows());
    GroupOutput output =
        new GroupOutput(
            context.query(),
            grouping,
            keySchema,
            first.timing(),
            windowInKey,
            new TupleTag<>(context.query() + "/errors"));
    GroupNode node =
        new GroupNode(
            context.step(operator),
            output,
            schema,
            KvCoder.of(
                TupleCoder.of(keyTypes(keySchema, windowInKey)),
                new PartialCoder(grouping.accumulatorCoder())),
            seeds,
            bounded ? null : streaming(sides, updates));
    int flowNumber = 0;
    for (int s = 0; s < sides.size(); s++) {
      for (Flow flow : sides.get(s).flows()) {
        GroupInput input =
            new GroupInput(
                grouping,
                s,
                flowNumber,
                placings.get(s).keys(),
                keySchema,
                groupingSets,
                placings.get(s).timing(),
                windowInKey,
                !bounded && !updates && context.policy().counts());
        connect(node, flow, flowNumber++, input);
      }
    }
    return node;
  }

  private static List<Type> keyTypes(Schema keySchema, boolean windowInKey) {
    List<Type> types = new ArrayList<>();
    keySchema.columns().forEach(column -> types.add(column.type()));
    if (windowInKey) {
      types.add(ScalarType.INT64);
      types.add(ScalarType.INT64);
    }
    return types;
  }

  private static Schema keySchema(Schema input, List<Integer> keys, boolean sets) {
    List<Column> columns = new ArrayList<>();
    if (sets) {
      columns.add(Column.of("grouping_set", ScalarType.INT64));
    }
    keys.forEach(key -> columns.add(input.column(key)));
    return new Schema(columns);
  }

  private GroupNode.Streaming streaming(List<Side> sides, boolean updates) {
    long slack = 0;
    for (Side side : sides) {
      for (Flow flow : side.flows()) {
        Flow.Windows windows = flow.windows();
        slack = Math.max(slack, windows == null ? 0 : windows.slack());
        if (flow.origin() instanceof GroupNode group
            && group.manyPanes()
            && !group.accumulating()) {
          throw context.refused(
              DiagnosticCode.CONFLICTING_SETTINGS,
              "a result with discarding panes cannot be read by another grouping: each pane holds"
                  + " only a part of its window",
              "set accumulation_mode: accumulating, or no early trigger and allowed_lateness: 0s");
        }
      }
    }
    return new GroupNode.Streaming(context.policy(), slack, updates);
  }

  private void connect(GroupNode node, Flow flow, int number, GroupInput input) {
    TupleTag<KV<Tuple, Partial>> tag = new TupleTag<>(node.name() + "/input." + number);
    flow.origin()
        .add(
            new Node.Branch(
                context.query(), flow.steps(), new RowEnd.Sums(tag, input), tag, node.coder()));
    node.addInput(flow.origin(), tag);
  }
}
