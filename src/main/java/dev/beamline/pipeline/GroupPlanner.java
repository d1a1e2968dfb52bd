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
import dev.beamline.plan.JoinTimeBounds;
import dev.beamline.plan.Plan;
import dev.beamline.plan.PlanTraits;
import dev.beamline.plan.Plans;
import dev.beamline.plan.WindowSpec;
import dev.beamline.project.Windowing;
import dev.beamline.transform.group.AggregateGrouping;
import dev.beamline.transform.group.AnalyticGrouping;
import dev.beamline.transform.group.GroupInput;
import dev.beamline.transform.group.GroupOutput;
import dev.beamline.transform.group.Grouping;
import dev.beamline.transform.group.JoinGrouping;
import dev.beamline.transform.group.LimitGrouping;
import dev.beamline.transform.group.NewestGrouping;
import dev.beamline.transform.group.PartialCoder;
import dev.beamline.transform.group.RowLayout;
import dev.beamline.transform.group.SetGrouping;
import dev.beamline.transform.interval.IntervalJoin;
import dev.beamline.transform.lookup.Lookup;
import dev.beamline.transform.stage.RowStep;
import dev.beamline.transform.window.TimeGrid;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import org.apache.beam.sdk.coders.KvCoder;
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
   * @param schema of the rows as they come; they may have more columns than the plan
   * @param keys columns that make the group
   */
  private record Side(Plan plan, List<Flow> flows, Schema schema, List<Integer> keys) {}

  /**
   * How the rows of a side find their slices.
   *
   * @param keys the columns that make the group besides the window
   */
  private record Placing(GroupInput.Timing timing, List<Integer> keys) {}

  List<Flow> group(Plan plan) {
    if (plan instanceof Plan.Aggregate aggregate) {
      return aggregate(aggregate);
    } else if (plan instanceof Plan.Analytic analytic) {
      return analytic(analytic);
    } else if (plan instanceof Plan.Limit limit) {
      return limit(limit);
    } else if (plan instanceof Plan.Join join) {
      return join(join);
    } else if (plan instanceof Plan.SetOperation set) {
      return setOperation(set);
    } else if (plan instanceof Plan.ScalarSubquery scalar) {
      return scalarSubquery(scalar);
    }
    throw new IllegalArgumentException("no grouping operator: " + plan.getClass());
  }

  private List<Flow> aggregate(Plan.Aggregate aggregate) {
    List<Flow> flows = compiler.compile(aggregate.input(), context.below("aggregate"));
    boolean sliced = slices(aggregate, flows);
    if (!sliced) {
      flows = putIntoWindows(flows);
    }
    Schema input = aggregate.input().schema();
    Side side = new Side(aggregate.input(), flows, input, aggregate.keys());
    boolean bounded = bounded(side.flows());
    Placing placing =
        sliced
            ? slicePlacing(side, bounded)
            : bounded
                ? untimed(side)
                : columnPlacing(side, column -> keyOfAllSets(aggregate, column));
    boolean timed = !(placing.timing() instanceof GroupInput.Timing.Untimed);

    boolean sets = aggregate.groupingSets().size() > 1;
    List<Integer> positions = aggregate.keys().stream().map(placing.keys()::indexOf).toList();
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
    List<List<Integer>> setColumns =
        aggregate.groupingSets().stream()
            .map(set -> set.stream().map(aggregate.keys()::get).toList())
            .toList();
    RowLayout layout = layout(side, aggregate.keys(), placing.keys(), sets ? 1 : 0);
    Schema keySchema = keySchema(input, placing.keys(), sets);
    GroupNode node =
        node(
            "aggregate",
            new AggregateGrouping(aggregate.calls(), layout, setColumns),
            List.of(side),
            List.of(placing),
            groupingSets,
            keySchema,
            aggregate.schema(),
            seeds);
    return List.of(new Flow(node, List.of(), windowsOf(aggregate)));
  }

  /** Where the key columns of a result come from. */
  private static RowLayout layout(Side side, List<Integer> columns, List<Integer> keys, int shift) {
    PlanTraits traits = PlanTraits.of(side.plan());
    List<Integer> sources = new ArrayList<>();
    for (int column : columns) {
      int position = keys.indexOf(column);
      if (position >= 0) {
        sources.add(position + shift);
      } else {
        sources.add(
            traits.starts().contains(column) ? RowLayout.WINDOW_START : RowLayout.WINDOW_END);
      }
    }
    return new RowLayout(sources);
  }

  private List<Flow> analytic(Plan.Analytic analytic) {
    List<Flow> flows = putIntoWindows(compiler.compile(analytic.input(), context.below("over")));
    List<Integer> keys = new ArrayList<>();
    List<Expression> computed = new ArrayList<>(Plans.identity(analytic.input().schema()));
    List<Column> columns = new ArrayList<>(analytic.input().schema().columns());
    for (Expression partition : analytic.partitionBy()) {
      if (partition instanceof Expression.InputColumn column) {
        keys.add(column.index());
      } else {
        keys.add(computed.size());
        columns.add(Column.of("partition" + computed.size(), partition.type()));
        computed.add(partition);
      }
    }
    if (columns.size() > analytic.input().schema().size()) {
      flows = GraphCompiler.each(flows, flow -> flow.then(new RowStep.Compute(null, computed)));
    }
    Schema rows = new Schema(columns);
    Side side = new Side(analytic.input(), flows, rows, keys);
    Placing placing = bounded(side.flows()) ? untimed(side) : columnPlacing(side);
    GroupNode node =
        node(
            "over",
            new AnalyticGrouping(analytic, rows),
            List.of(side),
            List.of(placing),
            oneSet(placing),
            rows,
            analytic.schema(),
            List.of());
    return List.of(new Flow(node, List.of(), windowsOf(analytic)));
  }

  private List<Flow> limit(Plan.Limit limit) {
    List<Flow> flows = putIntoWindows(compiler.compile(limit.input(), context.below("limit")));
    Side side = new Side(limit.input(), flows, limit.schema(), limit.partitionBy());
    Placing placing = bounded(side.flows()) ? untimed(side) : columnPlacing(side);
    GroupNode node =
        node(
            "limit",
            new LimitGrouping(limit),
            List.of(side),
            List.of(placing),
            oneSet(placing),
            limit.schema(),
            limit.schema(),
            List.of());
    return List.of(new Flow(node, List.of(), windowsOf(limit)));
  }

  private List<Flow> scalarSubquery(Plan.ScalarSubquery scalar) {
    List<Flow> flows = putIntoWindows(compiler.compile(scalar.input(), context.below("value-of")));
    List<Flow> table = compiler.compile(scalar.subquery(), context.below("value"));
    if (!bounded(table)) {
      throw context.refused(
          DiagnosticCode.UNBOUNDED_NOT_SUPPORTED,
          "the value of a subquery over a stream is never known",
          "join the subquery's result in the same window instead");
    }
    return lookups(
        "value",
        new Lookup.OnlyValue(scalar.place()),
        flows,
        scalar.input().schema(),
        putIntoWindows(table),
        scalar.subquery(),
        scalar);
  }

  /** Looks the rows up in a bounded table, flow by flow. */
  private List<Flow> lookups(
      String operator,
      Lookup lookup,
      List<Flow> flows,
      Schema input,
      List<Flow> table,
      Plan tablePlan,
      Plan plan) {
    List<Flow> results = new ArrayList<>();
    for (int i = 0; i < flows.size(); i++) {
      Node node =
          new LookupNode(
              context.step(flows.size() == 1 ? operator : operator + (i + 1)),
              context.query(),
              lookup,
              flows.get(i),
              input,
              table,
              tablePlan.schema(),
              compiler.fresh(tablePlan),
              plan.schema());
      results.add(new Flow(node, List.of(), windowsOf(plan)));
    }
    return results;
  }

  /** A stream with a bounded table: the table is at hand for each row. */
  private List<Flow> lookupJoin(Plan.Join join, List<Flow> left, List<Flow> right) {
    boolean streamLeft = !bounded(left);
    boolean keepsTable =
        join.kind() == Plan.Join.Kind.FULL
            || join.kind() == (streamLeft ? Plan.Join.Kind.RIGHT : Plan.Join.Kind.LEFT);
    boolean onlyLeft =
        join.kind() == Plan.Join.Kind.SEMI
            || join.kind() == Plan.Join.Kind.ANTI
            || join.kind() == Plan.Join.Kind.NULL_AWARE_ANTI;
    if (keepsTable || (onlyLeft && !streamLeft)) {
      throw context.refused(
          DiagnosticCode.UNBOUNDED_NOT_SUPPORTED,
          "which rows of the table never meet a row of the stream is never known",
          "use INNER JOIN, or a LEFT JOIN with the stream on the left",
          "LEFT",
          "RIGHT",
          "FULL",
          "EXISTS",
          "IN");
    }
    Lookup lookup = new Lookup.JoinTable(streamLeft ? join : Mirrored.of(join), !streamLeft);
    return lookups(
        "join",
        lookup,
        streamLeft ? left : right,
        (streamLeft ? join.left() : join.right()).schema(),
        streamLeft ? right : left,
        streamLeft ? join.right() : join.left(),
        join);
  }

  private List<Flow> join(Plan.Join join) {
    List<Flow> left = putIntoWindows(compiler.compile(join.left(), context.below("join-left")));
    List<Flow> right = putIntoWindows(compiler.compile(join.right(), context.below("join-right")));
    if (bounded(left) != bounded(right)) {
      return lookupJoin(join, left, right);
    }
    boolean notIn = join.kind() == Plan.Join.Kind.NULL_AWARE_ANTI;
    Side leftSide =
        new Side(join.left(), left, join.left().schema(), notIn ? List.of() : join.leftKeys());
    Side rightSide =
        new Side(join.right(), right, join.right().schema(), notIn ? List.of() : join.rightKeys());
    List<Side> sides = List.of(leftSide, rightSide);
    List<Placing> placings;
    if (allBounded(sides)) {
      placings = List.of(untimed(leftSide), untimed(rightSide));
    } else if (PlanTraits.sameWindow(join)) {
      placings = windowPairs(join);
    } else {
      return intervalJoin(join, left, right);
    }
    Schema pair =
        new Schema(
            java.util.stream.Stream.concat(
                    join.left().schema().columns().stream(),
                    join.right().schema().columns().stream())
                .toList());
    GroupNode node =
        node(
            "join",
            new JoinGrouping(join),
            sides,
            placings,
            oneSet(placings.get(0)),
            pair,
            join.schema(),
            List.of());
    return List.of(new Flow(node, List.of(), windowsOf(join)));
  }

  /** Without windows, rows of two streams must be near to each other in time. */
  private List<Flow> intervalJoin(Plan.Join join, List<Flow> left, List<Flow> right) {
    JoinTimeBounds bounds = JoinTimeBounds.of(join).orElseThrow(this::unjoined);
    if (join.kind() == Plan.Join.Kind.NULL_AWARE_ANTI) {
      throw context.refused(
          DiagnosticCode.UNBOUNDED_NOT_SUPPORTED,
          "NOT IN over a stream would have to look at all of its rows",
          "write NOT EXISTS with the bounds of the time in its WHERE",
          "IN");
    }
    IntervalJoin interval =
        new IntervalJoin(
            context.query(), join, bounds, context.policy().lateness(), slack(left), slack(right));
    Node node = new IntervalJoinNode(context.step("join"), interval, left, right);
    return List.of(new Flow(node, List.of(), null));
  }

  private static long slack(List<Flow> flows) {
    return flows.stream().mapToLong(flow -> flow.origin().slack()).max().orElse(0);
  }

  /** In a stream both sides of a join must be in the same windows, by the keys. */
  private List<Placing> windowPairs(Plan.Join join) {
    PlanTraits left = PlanTraits.of(join.left());
    PlanTraits right = PlanTraits.of(join.right());
    if (!left.windowed()
        || !right.windowed()
        || left.window() instanceof WindowSpec.Global
        || !PlanTraits.sameWindow(join)) {
      throw unjoined();
    }
    List<Integer> leftKeys = new ArrayList<>();
    List<Integer> rightKeys = new ArrayList<>();
    for (int i = 0; i < join.leftKeys().size(); i++) {
      int l = join.leftKeys().get(i);
      int r = join.rightKeys().get(i);
      boolean starts = left.starts().contains(l) && right.starts().contains(r);
      boolean ends = left.ends().contains(l) && right.ends().contains(r);
      if (!starts && !ends && join.kind() != Plan.Join.Kind.NULL_AWARE_ANTI) {
        leftKeys.add(l);
        rightKeys.add(r);
      }
    }
    return List.of(new Placing(columns(left), leftKeys), new Placing(columns(right), rightKeys));
  }

  private static GroupInput.Timing columns(PlanTraits traits) {
    return new GroupInput.Timing.Columns(first(traits.starts()), first(traits.ends()));
  }

  private RuntimeException unjoined() {
    return context.refused(
        DiagnosticCode.UNBOUNDED_NOT_SUPPORTED,
        "two streams can only be joined within a window that both rows are in",
        "put both sides into the same window (TABLE(TUMBLE(...))) and add"
            + " a.window_start = b.window_start AND a.window_end = b.window_end to the condition",
        "JOIN",
        "EXISTS",
        "IN");
  }

  private List<Flow> setOperation(Plan.SetOperation set) {
    List<Flow> left = putIntoWindows(compiler.compile(set.left(), context.below("set-left")));
    List<Flow> right = putIntoWindows(compiler.compile(set.right(), context.below("set-right")));
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < set.schema().size(); i++) {
      all.add(i);
    }
    Side leftSide = new Side(set.left(), left, set.left().schema(), all);
    Side rightSide = new Side(set.right(), right, set.right().schema(), all);
    List<Side> sides = List.of(leftSide, rightSide);
    List<Placing> placings =
        allBounded(sides)
            ? List.of(untimed(leftSide), untimed(rightSide))
            : List.of(columnPlacing(leftSide), columnPlacing(rightSide));
    if (!placings.get(0).equals(placings.get(1))) {
      throw unwindowed();
    }
    GroupNode node =
        node(
            set.except() ? "except" : "intersect",
            new SetGrouping(set, layout(leftSide, all, placings.get(0).keys(), 0)),
            sides,
            placings,
            oneSet(placings.get(0)),
            set.schema(),
            set.schema(),
            List.of());
    return List.of(new Flow(node, List.of(), windowsOf(set)));
  }

  private static List<List<Integer>> oneSet(Placing placing) {
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < placing.keys().size(); i++) {
      all.add(i);
    }
    return List.of(all);
  }

  private static Tuple seed(int set, int keys) {
    @Nullable Object[] values = new @Nullable Object[keys + 1];
    values[0] = (long) set;
    return Tuple.of(values);
  }

  /** The windows that a plan's rows are in, once they are grouped by them; slack is the node's. */
  private static Flow.@Nullable Windows windowsOf(Plan plan) {
    PlanTraits traits = PlanTraits.of(plan);
    WindowSpec window = traits.window();
    return window == null || !traits.windowed()
        ? null
        : new Flow.Windows(window, traits.starts(), traits.ends(), -1, 0, List.of());
  }

  private static int first(Set<Integer> columns) {
    return columns.iterator().next();
  }

  private List<Flow> putIntoWindows(List<Flow> flows) {
    return GraphCompiler.each(flows, flow -> GraphCompiler.putIntoWindows(flow, context));
  }

  private static boolean bounded(List<Flow> flows) {
    return flows.stream().allMatch(flow -> flow.origin().bounded());
  }

  private static boolean allBounded(List<Side> sides) {
    return sides.stream().allMatch(side -> bounded(side.flows()));
  }

  private static Placing untimed(Side side) {
    return new Placing(new GroupInput.Timing.Untimed(), side.keys());
  }

  /** The rows' time has been noted: they are summed by slice. */
  private Placing slicePlacing(Side side, boolean bounded) {
    Flow.Windows windows = java.util.Objects.requireNonNull(side.flows().get(0).windows());
    GroupInput.Timing timing;
    if (windows.spec() instanceof WindowSpec.Session session) {
      if (!bounded) {
        requireWholeSessions();
      }
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

  /**
   * The panes of a window add up where all have its bounds. Those of a session have the bounds of
   * their time: a reader could not tell which of them are of the same session.
   */
  private void requireWholeSessions() {
    if (context.policy().accumulating() || !context.policy().manyPanes()) {
      return;
    }
    String message =
        "discarding panes of sessions cannot be added up: a row that makes a session longer is in"
            + " a pane with other bounds than the rows before it";
    String hint =
        "set accumulation_mode: accumulating, or no early trigger and allowed_lateness: 0s";
    if (context.job().windowing().window() instanceof Windowing.Sessions) {
      throw context.refusedWindowing(DiagnosticCode.CONFLICTING_SETTINGS, message, hint);
    }
    throw context.refused(DiagnosticCode.CONFLICTING_SETTINGS, message, hint, "SESSION");
  }

  /** The rows' windows are in columns, which the keys must name. */
  private Placing columnPlacing(Side side) {
    return columnPlacing(side, column -> true);
  }

  /**
   * The rows' windows are in columns, which the keys must name.
   *
   * @param always whether a key is one of every group; another is a value as others, NULL in some
   */
  private Placing columnPlacing(Side side, IntPredicate always) {
    PlanTraits traits = PlanTraits.of(side.plan());
    WindowSpec window = traits.window();
    if ((window == null || !traits.windowed()) && context.global()) {
      requireTrigger();
      return untimed(side);
    }
    if (window == null || !traits.windowed()) {
      throw unwindowed();
    }
    List<Integer> named = side.keys().stream().filter(always::test).toList();
    boolean start = named.stream().anyMatch(traits.starts()::contains);
    boolean end = named.stream().anyMatch(traits.ends()::contains);
    boolean oneTells = window instanceof WindowSpec.Tumble || window instanceof WindowSpec.Hop;
    if (!(start && end) && !(oneTells && (start || end))) {
      throw unwindowed();
    }
    return new Placing(
        columns(traits),
        side.keys().stream()
            .filter(
                k ->
                    !named.contains(k)
                        || (!traits.starts().contains(k) && !traits.ends().contains(k)))
            .toList());
  }

  /** A window for all time is never over: somebody must say when its result is of interest. */
  private void requireTrigger() {
    if (!context.policy().early()) {
      throw context.refusedWindowing(
          DiagnosticCode.CONFLICTING_SETTINGS,
          "the global window of a stream never ends, so that without an early trigger it never"
              + " sends a result",
          "add trigger: {early: {every: 1m}} (or {after_count: 100}) to its windowing");
    }
  }

  private RuntimeException unwindowed() {
    return context.refused(
        DiagnosticCode.WINDOW_MISSING,
        "rows of a stream can only be brought together within a window",
        "group by a window (TUMBLE, HOP, SESSION or CUMULATE) or by window_start and window_end of"
            + " the input; or set windowing: {type: global} with an early trigger",
        "GROUP",
        "DISTINCT",
        "OVER",
        "LIMIT",
        "INTERSECT",
        "EXCEPT");
  }

  /** Whether the rows of all flows may be summed by slice, because only keys name the window. */
  private static boolean slices(Plan.Aggregate aggregate, List<Flow> flows) {
    Flow.Windows first = flows.get(0).windows();
    if (first == null || !first.deferred()) {
      return false;
    }
    for (Flow flow : flows) {
      Flow.Windows windows = flow.windows();
      if (windows == null || !windows.deferred() || !windows.sameAs(first)) {
        return false;
      }
    }
    boolean start = aggregate.keys().stream().anyMatch(first.starts()::contains);
    boolean end = aggregate.keys().stream().anyMatch(first.ends()::contains);
    if (!(start && end) && !(first.oneEndTells() && (start || end))) {
      return false;
    }
    // One that only some of the grouping sets have is a value as others, NULL in the rest.
    if (!aggregate.keys().stream()
        .filter(first::isColumn)
        .allMatch(column -> keyOfAllSets(aggregate, column))) {
      return false;
    }
    if (first.session() && !sessionKeys(aggregate, first)) {
      return false;
    }
    for (AggregateCall call : aggregate.calls()) {
      if (call.expressions().stream().anyMatch(e -> GraphCompiler.reads(e, first))) {
        return false;
      }
    }
    return true;
  }

  private static boolean keyOfAllSets(Plan.Aggregate aggregate, int column) {
    int key = aggregate.keys().indexOf(column);
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
      Schema errorSchema,
      Schema schema,
      List<Tuple> seeds) {
    boolean bounded = allBounded(sides);
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
            errorSchema,
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
            bounded ? null : streaming(sides, updates),
            compiler.shards());
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
        node.connect(context.query(), flow, input);
        flowNumber++;
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
        slack = Math.max(slack, flow.origin().slack());
        slack = Math.max(slack, windows == null ? 0 : windows.slack());
        if (flow.origin().manyPanes() && !flow.origin().accumulating()) {
          throw context.refused(
              DiagnosticCode.CONFLICTING_SETTINGS,
              "a result with discarding panes cannot be read by another grouping: each pane holds"
                  + " only a part of its window",
              "set accumulation_mode: accumulating, or no early trigger and allowed_lateness: 0s",
              "GROUP",
              "OVER",
              "LIMIT",
              "JOIN");
        }
      }
    }
    return new GroupNode.Streaming(context.policy(), slack, updates);
  }
}
