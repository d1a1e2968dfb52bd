package dev.beamline.pipeline;

import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.io.SourceProvider;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Expressions;
import dev.beamline.plan.FieldUse;
import dev.beamline.plan.KeyGroups;
import dev.beamline.plan.NestedFields;
import dev.beamline.plan.Plan;
import dev.beamline.plan.PlanTraits;
import dev.beamline.plan.Plans;
import dev.beamline.plan.WindowSpec;
import dev.beamline.transform.lookup.FreshTable;
import dev.beamline.transform.lookup.TableReading;
import dev.beamline.transform.stage.RowStep;
import dev.beamline.transform.window.TimeGrid;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Turns plans into nodes. What is the same for several queries becomes one node. */
final class GraphCompiler {

  private final Map<String, SourceProvider> sources;
  private final Map<String, QueryJob> jobs;
  private final long settle;
  private final int shards;
  private final Map<String, ScanNode> scans = new LinkedHashMap<>();
  private final Map<String, List<Flow>> results = new HashMap<>();
  private final Map<Place, List<Flow>> compiled = new HashMap<>();

  /** What is looked at of the columns of each scan that is known to be one of a query's plan. */
  private final Map<Plan.Scan, List<FieldUse>> uses = new HashMap<>();

  GraphCompiler(
      Map<String, SourceProvider> sources, Map<String, QueryJob> jobs, long settle, int shards) {
    this.sources = sources;
    this.jobs = jobs;
    this.settle = settle;
    this.shards = shards;
  }

  /** In how many shards groups of bounded input are finished; 0: by key. */
  int shards() {
    return shards;
  }

  /** An operator of a query: two of one query that are equal are computed once. */
  private record Place(String query, Plan plan) {}

  /** The rows of a query. */
  List<Flow> result(QueryJob job) {
    List<Flow> flows = results.get(job.name());
    if (flows == null) {
      NestedFields.of(job.plan().plan()).forEach((scan, use) -> uses.merge(scan, use, this::both));
      flows =
          compile(
              job.plan().plan(), new Context(job, PanePolicies.of(job.windowing(), settle), ""));
      results.put(job.name(), flows);
    }
    return flows;
  }

  /**
   * The rows of a query as its table gets them: once a window, with the window's columns. Where a
   * key could come out of one group and then of another, a last step brings each key's rows
   * together, so that one group alone says what the key is now.
   */
  List<Flow> output(QueryJob job) {
    Context context = new Context(job, PanePolicies.of(job.windowing(), settle), "");
    List<Flow> flows = each(result(job), flow -> putIntoWindows(flow, context));
    List<Integer> key = job.plan().key();
    Plan plan = job.plan().plan();
    if (!job.upsert()
        || key.isEmpty()
        || flows.stream().noneMatch(flow -> flow.origin().manyPanes())
        || KeyGroups.fixed(plan, key)) {
      return flows;
    }
    return compile(new Plan.Limit(plan, key, List.of(), 1, 0), context);
  }

  private List<FieldUse> both(List<FieldUse> some, List<FieldUse> others) {
    return IntStream.range(0, some.size()).mapToObj(i -> some.get(i).and(others.get(i))).toList();
  }

  /** The rows of an operator. */
  List<Flow> compile(Plan plan, Context context) {
    Place place = new Place(context.query(), plan);
    List<Flow> flows = compiled.get(place);
    if (flows == null) {
      flows = compileNew(plan, context);
      compiled.put(place, flows);
    }
    return flows;
  }

  /**
   * A bounded table as workers of a stream make it again and again; null where it is read once,
   * since one of its sources is.
   */
  @Nullable FreshTable fresh(Plan table) {
    Map<String, TableReading> readings = new HashMap<>();
    for (String name : Plans.sources(table)) {
      SourceProvider source = sources.get(name);
      TableReading reading = source == null ? null : source.reading();
      if (reading == null) {
        return null;
      }
      readings.put(name, reading);
    }
    return readings.isEmpty() ? null : new FreshTable(readings, table);
  }

  private List<Flow> compileNew(Plan plan, Context context) {
    if (plan instanceof Plan.Scan scan) {
      return List.of(scan(scan));
    } else if (plan instanceof Plan.QueryResult result) {
      QueryJob job = jobs.get(result.query());
      return job == null ? compile(result.input(), context) : result(job);
    } else if (plan instanceof Plan.ConstantRows constants) {
      Node node = new ConstantNode(context.step("values"), constants.schema(), constants.rows());
      return List.of(new Flow(node, List.of(), null));
    } else if (plan instanceof Plan.Calc calc) {
      return each(compile(calc.input(), context), flow -> calc(flow, calc, context));
    } else if (plan instanceof Plan.AssignWindows assign) {
      return each(compile(assign.input(), context), flow -> assign(flow, assign, context));
    } else if (plan instanceof Plan.Unnest unnest) {
      return each(compile(unnest.input(), context), flow -> unnest(flow, unnest, context));
    } else if (plan instanceof Plan.Union union) {
      List<Flow> flows = new ArrayList<>();
      for (int i = 0; i < union.inputs().size(); i++) {
        flows.addAll(compile(union.inputs().get(i), context.below("union" + (i + 1))));
      }
      return flows;
    } else if (plan instanceof Plan.Sort sort) {
      return compile(sort.input(), context);
    }
    return new GroupPlanner(this, context).group(plan);
  }

  static List<Flow> each(List<Flow> flows, UnaryOperator<Flow> map) {
    return flows.stream().map(map).toList();
  }

  private Flow scan(Plan.Scan scan) {
    SourceProvider provider = sources.get(scan.source());
    if (provider == null) {
      throw new IllegalArgumentException("no provider of source " + scan.source());
    }
    ScanNode node = scans.computeIfAbsent(scan.source(), s -> new ScanNode(provider));
    node.read(scan, uses.get(scan));
    Flow flow = new Flow(node, List.of(new RowStep.Columns(scan.schema().names())), null);
    return scan.filter() == null ? flow : flow.then(new RowStep.Compute(scan.filter(), null));
  }

  private static Flow calc(Flow flow, Plan.Calc calc, Context context) {
    Flow input = looksAtWindows(flow.windows(), calc) ? putIntoWindows(flow, context) : flow;
    Flow.Windows windows = input.windows();
    return input.then(
        new RowStep.Compute(calc.condition(), calc.projections()),
        windows == null ? null : project(windows, calc.projections()));
  }

  private static boolean looksAtWindows(Flow.@Nullable Windows windows, Plan.Calc calc) {
    return windows != null
        && windows.deferred()
        && ((calc.condition() != null && reads(calc.condition(), windows))
            || calc.projections().stream()
                .anyMatch(p -> !(p instanceof Expression.InputColumn) && reads(p, windows)));
  }

  static boolean reads(Expression expression, Flow.Windows windows) {
    return Expressions.columns(expression).stream().anyMatch(windows::isColumn);
  }

  private static Flow.Windows project(Flow.Windows windows, List<Expression> projections) {
    return windows.withColumns(
        places(windows.starts(), projections),
        places(windows.ends(), projections),
        windows.sessionKeys().stream()
            .map(key -> places(Set.of(key), projections).stream().findFirst().orElse(-1))
            .toList());
  }

  /** Where one of the columns is handed on: in order, each time that it is. */
  private static Set<Integer> places(Set<Integer> columns, List<Expression> projections) {
    Set<Integer> places = new LinkedHashSet<>();
    for (int i = 0; i < projections.size(); i++) {
      if (projections.get(i) instanceof Expression.InputColumn input
          && columns.contains(input.index())) {
        places.add(i);
      }
    }
    return places;
  }

  private static Flow assign(Flow flow, Plan.AssignWindows assign, Context context) {
    Flow input = putIntoWindows(flow, context);
    int start = assign.windowStart();
    return input.then(
        new RowStep.NoteTime(assign.timeColumn(), assign.window()),
        new Flow.Windows(
            assign.window(),
            Set.of(start),
            Set.of(start + 1),
            input.steps().size(),
            slack(input, assign, context),
            assign.sessionKeys()));
  }

  /** How long after a window's end its last rows come, where they are results of other windows. */
  private static long slack(Flow flow, Plan.AssignWindows assign, Context context) {
    if (flow.origin().bounded()) {
      return 0;
    } else if (flow.origin().rowsOfSource()) {
      return flow.origin().slack();
    }
    PlanTraits inner = PlanTraits.of(assign.input());
    WindowSpec innerWindow = inner.window();
    if (innerWindow == null) {
      // Rows of a source that were looked up in a table: no window holds them back.
      return flow.origin().slack();
    }
    if (inner.ends().contains(assign.timeColumn())) {
      return flow.origin().slack();
    }
    if (innerWindow != null && inner.starts().contains(assign.timeColumn())) {
      return flow.origin().slack() + overhang(innerWindow, assign.window(), context);
    }
    throw context.refused(
        DiagnosticCode.WINDOW_NOT_EVENT_TIME,
        "in a stream, windows over the result of other windows need that result's window_start or"
            + " window_end as their time",
        "pass window_start or window_end through unchanged and name it in the window",
        "TUMBLE",
        "HOP",
        "CUMULATE",
        "SESSION");
  }

  /** How far inner windows that start in an outer one can reach beyond it, in milliseconds. */
  private static long overhang(WindowSpec inner, WindowSpec outer, Context context) {
    long size;
    long period;
    long offset;
    if (inner instanceof WindowSpec.Tumble tumble) {
      size = tumble.size();
      period = tumble.size();
      offset = tumble.offset();
    } else if (inner instanceof WindowSpec.Hop hop) {
      size = hop.size();
      period = hop.period();
      offset = hop.offset();
    } else if (inner instanceof WindowSpec.Cumulate cumulate) {
      size = cumulate.size();
      period = cumulate.size();
      offset = cumulate.offset();
    } else if (inner instanceof WindowSpec.Global) {
      return 0;
    } else {
      throw context.refused(
          DiagnosticCode.WINDOW_INVALID,
          "a session can start any time before it ends, so that no window over its start is ever"
              + " complete in a stream",
          "use the session's window_end",
          "TUMBLE",
          "HOP",
          "CUMULATE");
    }
    long distance = outer instanceof WindowSpec.Tumble tumble ? tumble.size() : 0;
    long shift = outer instanceof WindowSpec.Tumble tumble ? tumble.offset() : 0;
    boolean aligned = distance > 0 && distance % period == 0 && (shift - offset) % period == 0;
    long beyond = aligned ? size - period : size;
    return Math.max(0, Math.floorDiv(beyond + 999, 1000L));
  }

  /** Gives the rows real window columns, each row once a window. */
  static Flow putIntoWindows(Flow flow, Context context) {
    Flow.Windows windows = flow.windows();
    if (windows == null || !windows.deferred()) {
      return flow;
    }
    if (windows.session()) {
      throw context.refused(
          DiagnosticCode.SQL_UNSUPPORTED,
          "rows in sessions can only be grouped by the session and by what keeps sessions apart",
          "group by window_start, window_end and the keys first, and compute in an outer query",
          "SESSION");
    }
    List<RowStep> steps = new ArrayList<>(flow.steps());
    RowStep.NoteTime noted = (RowStep.NoteTime) steps.get(windows.noted());
    steps.set(
        windows.noted(),
        new RowStep.PutIntoWindows(TimeGrid.of(windows.spec()), noted.timeColumn()));
    return new Flow(flow.origin(), steps, windows.real());
  }

  private static Flow unnest(Flow flow, Plan.Unnest unnest, Context context) {
    Flow.Windows windows = flow.windows();
    boolean looks =
        windows != null
            && windows.deferred()
            && (reads(unnest.array(), windows)
                || (unnest.condition() != null && reads(unnest.condition(), windows)));
    return (looks ? putIntoWindows(flow, context) : flow)
        .then(
            new RowStep.UnnestArray(
                unnest.array(), unnest.outer(), unnest.withOffset(), unnest.condition()));
  }
}
