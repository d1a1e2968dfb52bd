package dev.beamline.sql.analyzer;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Type;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Place;
import dev.beamline.plan.AggregateCall;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Expressions;
import dev.beamline.plan.Plan;
import dev.beamline.plan.PlanTraits;
import dev.beamline.plan.Plans;
import dev.beamline.plan.WindowSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Puts the grouping of a SELECT on top of its rows. */
final class GroupStage {

  private static final Place NOWHERE = Place.ofFile("");

  private final Compilation compilation;
  private final Aggregates aggregates;
  private final WindowCalls windowCalls;

  GroupStage(Compilation compilation, Aggregates aggregates, WindowCalls windowCalls) {
    this.compilation = compilation;
    this.aggregates = aggregates;
    this.windowCalls = windowCalls;
  }

  /**
   * Groups the stage's rows.
   *
   * @param grouping null: all rows are one group
   * @return whether the groups are in windows
   */
  boolean group(Stage stage, GroupBy.@Nullable Grouping grouping, Place place) {
    List<Typed> keys = grouping == null ? List.of() : grouping.keys();
    List<List<Integer>> sets = grouping == null ? List.of(List.of()) : grouping.sets();
    List<Expression> mapped = keys.stream().map(k -> stage.map(k.expression(), k.place())).toList();
    List<AggregateCall> calls =
        aggregates.calls().stream()
            .map(c -> Plans.mapCall(c, e -> stage.map(e, c.place())))
            .toList();
    WindowFunctions.Window window = grouping == null ? null : grouping.window();
    int timeColumn = -1;
    if (window != null && grouping != null) {
      timeColumn =
          new WindowFunctions(compilation, new ExpressionAnalyzer(compilation))
              .timeColumn(
                  stage.plan(),
                  window.time(),
                  stage.map(window.time().expression(), window.place()),
                  window.spec(),
                  grouping.function());
    }
    int setColumn = -1;
    Plan plan = stage.plan();
    if (sets.size() > 1) {
      setColumn = plan.schema().size();
      plan = expand(plan, sets.size());
      mapped = leaveOut(mapped, sets, setColumn);
    }
    Keyed keyed = keyed(plan, mapped);
    plan = keyed.plan();
    List<Integer> columns = new ArrayList<>(keyed.keys());
    if (setColumn >= 0) {
      columns.add(setColumn);
    }
    int startKey = -1;
    int endKey = -1;
    PlanTraits traits = PlanTraits.of(plan);
    if (window != null && timeColumn >= 0) {
      boolean session = window.spec() instanceof WindowSpec.Session;
      Plan.AssignWindows assign =
          compilation.at(
              Plans.assign(
                  plan,
                  window.spec(),
                  timeColumn,
                  session ? columns : List.of(),
                  ScalarType.TIMESTAMP),
              window.place());
      plan = assign;
      startKey = columns.size();
      endKey = columns.size() + 1;
      columns.add(assign.windowStart());
      columns.add(assign.windowStart() + 1);
    } else if (window == null && traits.windowed()) {
      addMissingBound(traits, columns);
    }
    Schema schema = schema(plan, columns, calls);
    boolean globalTotal = setColumn >= 0 && window == null && sets.contains(List.of());
    Plan grouped =
        compilation.at(
            new Plan.Aggregate(plan, columns, List.of(Plans.places(columns.size())), calls, schema),
            place);
    if (globalTotal && !PlanTraits.of(grouped).windowed()) {
      grouped = withTotal(stage.plan(), grouped, sets, columns.size(), calls, place);
    }
    stage.group(grouped);
    for (int i = 0; i < keys.size(); i++) {
      boolean computed =
          grouping != null
              && sets.size() > 1
              && !grouping.named().contains(i)
              && ofOtherKeys(keys.get(i).expression(), keys);
      if (!computed) {
        stage.know(keys.get(i).expression(), Plans.column(grouped, i));
      }
    }
    for (int i = 0; i < calls.size(); i++) {
      stage.know(aggregates.columns().get(i), Plans.column(grouped, columns.size() + i));
    }
    groupings(stage, keys, sets, setColumn < 0 ? -1 : keys.size());
    if (window != null && startKey >= 0) {
      bounds(stage, window, startKey, endKey);
    } else if (window != null) {
      // The window is wrong, which was said; its bounds are not wrong once more.
      windowCalls
          .items()
          .forEach(i -> stage.know(i.column(), new Expression.Literal(null, i.column().type())));
    }
    return PlanTraits.of(grouped).windowed();
  }

  /**
   * Whether the key is computed of columns that are keys, too. As in BigQuery such an expression of
   * the SELECT list is computed of those: in {@code GROUPING SETS (a, a + 1)} it is NULL where
   * {@code a} is left out, not where {@code a + 1} is.
   */
  private static boolean ofOtherKeys(Expression key, List<Typed> keys) {
    Set<Integer> columns = Expressions.columns(key);
    return !(key instanceof Expression.InputColumn)
        && !columns.isEmpty()
        && columns.stream()
            .allMatch(
                c ->
                    keys.stream()
                        .anyMatch(
                            k ->
                                k.expression() instanceof Expression.InputColumn column
                                    && column.index() == c));
  }

  private record Keyed(Plan plan, List<Integer> keys) {}

  /** The keys as columns, computed behind the others where they are none yet. */
  private static Keyed keyed(Plan plan, List<Expression> keys) {
    List<Integer> indexes = new ArrayList<>();
    List<Expression> computed = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (Expression key : keys) {
      if (key instanceof Expression.InputColumn column) {
        indexes.add(column.index());
      } else {
        indexes.add(plan.schema().size() + computed.size());
        computed.add(key);
        names.add("");
      }
    }
    return new Keyed(Plans.append(plan, computed, names), indexes);
  }

  /** Each row once for each grouping set, with the set's number as the last column. */
  private static Plan expand(Plan plan, int sets) {
    List<Object> numbers = new ArrayList<>();
    IntStream.range(0, sets).forEach(i -> numbers.add((long) i));
    return new Plan.Unnest(
        plan,
        new Expression.Literal(List.copyOf(numbers), Type.array(ScalarType.INT64)),
        false,
        false,
        null,
        Plans.plus(plan.schema(), List.of(Column.of("", ScalarType.INT64))));
  }

  /** The keys, NULL in the sets that leave them out. */
  private static List<Expression> leaveOut(
      List<Expression> keys, List<List<Integer>> sets, int setColumn) {
    List<Expression> left = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      Expression key = keys.get(i);
      Expression in = inSet(i, sets, new Expression.InputColumn(setColumn, ScalarType.INT64));
      left.add(
          in == null
              ? key
              : call("CASE", key.type(), in, key, new Expression.Literal(null, key.type())));
    }
    return left;
  }

  /** Whether the set has the key; null where every set has. */
  private static @Nullable Expression inSet(int key, List<List<Integer>> sets, Expression set) {
    List<Expression> operands = new ArrayList<>();
    operands.add(set);
    for (int i = 0; i < sets.size(); i++) {
      if (sets.get(i).contains(key)) {
        operands.add(new Expression.Literal((long) i, ScalarType.INT64));
      }
    }
    if (operands.size() == sets.size() + 1) {
      return null;
    }
    return operands.size() == 1
        ? new Expression.Literal(false, ScalarType.BOOL)
        : call("IN", ScalarType.BOOL, operands.toArray(Expression[]::new));
  }

  private static Expression call(String function, Type type, Expression... arguments) {
    return new Expression.Call(function, List.of(arguments), type, false, NOWHERE);
  }

  /** Makes GROUPING(key) known. */
  private void groupings(Stage stage, List<Typed> keys, List<List<Integer>> sets, int setColumn) {
    for (Aggregates.Grouping grouping : aggregates.groupings()) {
      int key = -1;
      for (int i = 0; i < keys.size(); i++) {
        if (Expressions.same(keys.get(i).expression(), grouping.key().expression())) {
          key = i;
        }
      }
      Expression zero = new Expression.Literal(0L, ScalarType.INT64);
      if (key < 0) {
        compilation.error(
            DiagnosticCode.SQL_NOT_GROUPED,
            grouping.key().place(),
            "the argument of GROUPING is no key of GROUP BY",
            "write it as it stands in GROUP BY");
        stage.know(grouping.column(), zero);
        continue;
      }
      Expression in =
          setColumn < 0 ? null : inSet(key, sets, Plans.column(stage.plan(), setColumn));
      stage.know(
          grouping.column(),
          in == null
              ? zero
              : call(
                  "CASE",
                  ScalarType.INT64,
                  in,
                  zero,
                  new Expression.Literal(1L, ScalarType.INT64)));
    }
  }

  /** A group by one bound of a window of fixed length is one by the window. */
  private static void addMissingBound(PlanTraits traits, List<Integer> columns) {
    boolean fixed =
        traits.window() instanceof WindowSpec.Tumble || traits.window() instanceof WindowSpec.Hop;
    boolean start = columns.stream().anyMatch(traits.starts()::contains);
    boolean end = columns.stream().anyMatch(traits.ends()::contains);
    if (fixed && start && !end) {
      columns.add(traits.ends().iterator().next());
    } else if (fixed && end && !start) {
      columns.add(traits.starts().iterator().next());
    }
  }

  private static Schema schema(Plan plan, List<Integer> keys, List<AggregateCall> calls) {
    List<Column> columns = new ArrayList<>();
    keys.forEach(k -> columns.add(Column.of(plan.schema().name(k), plan.schema().type(k))));
    calls.forEach(c -> columns.add(Column.of("", c.type())));
    return new Schema(columns);
  }

  /**
   * The grand total has a row even of no rows: it is a grouping of its own, and the others do
   * without it.
   */
  private Plan withTotal(
      Plan rows,
      Plan grouped,
      List<List<Integer>> sets,
      int keys,
      List<AggregateCall> calls,
      Place place) {
    int set = keys - 1;
    Set<Integer> totals = new java.util.TreeSet<>();
    for (int i = 0; i < sets.size(); i++) {
      if (sets.get(i).isEmpty()) {
        totals.add(i);
      }
    }
    List<Expression> operands = new ArrayList<>();
    operands.add(Plans.column(grouped, set));
    totals.forEach(t -> operands.add(new Expression.Literal((long) t, ScalarType.INT64)));
    List<Plan> inputs = new ArrayList<>();
    inputs.add(
        Plans.filter(
            grouped,
            call(
                "NOT",
                ScalarType.BOOL,
                call("IN", ScalarType.BOOL, operands.toArray(Expression[]::new)))));
    for (int total : totals) {
      Plan all =
          compilation.at(
              new Plan.Aggregate(
                  rows, List.of(), List.of(List.of()), calls, schema(rows, List.of(), calls)),
              place);
      List<Expression> columns = new ArrayList<>();
      for (int i = 0; i < keys; i++) {
        columns.add(
            new Expression.Literal(
                i == set ? (Object) (long) total : null, grouped.schema().type(i)));
      }
      for (int i = 0; i < calls.size(); i++) {
        columns.add(Plans.column(all, i));
      }
      inputs.add(Plans.project(all, columns, grouped.schema().names()));
    }
    return new Plan.Union(inputs, grouped.schema());
  }

  /** Makes TUMBLE_START and the like known; they must say what GROUP BY says. */
  private void bounds(Stage stage, WindowFunctions.Window window, int startKey, int endKey) {
    for (WindowCalls.Item item : windowCalls.items()) {
      WindowSpec spec = item.window();
      Expression time = item.time();
      if (spec != null
          && time != null
          && !(spec.equals(window.spec()) && Expressions.same(time, window.time().expression()))) {
        compilation.error(
            DiagnosticCode.WINDOW_INVALID,
            item.place(),
            item.function() + " differs from the window of GROUP BY at " + window.place(),
            "give both the same arguments");
      }
      stage.know(item.column(), Plans.column(stage.plan(), item.end() ? endKey : startKey));
    }
  }
}
