package dev.beamline.sql.analyzer;

import dev.beamline.catalog.Column;
import dev.beamline.diagnostic.Place;
import dev.beamline.plan.AggregateCall;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Expressions;
import dev.beamline.plan.Plan;
import dev.beamline.plan.Plans;
import dev.beamline.plan.WindowSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Makes sessions tables whose rows may be filtered, joined and ranked. A session is known when all
 * of its rows are, so where it is not grouped at once its rows are collected, and given out again
 * with the bounds of the whole session: what a condition behind TABLE(SESSION(...)) leaves out has
 * held its session together.
 */
final class SessionRows {

  private final Compilation compilation;
  private final Place statement;
  private final Set<Plan> spread = Collections.newSetFromMap(new IdentityHashMap<>());

  SessionRows(Compilation compilation, Place statement) {
    this.compilation = compilation;
    this.statement = statement;
  }

  /** Sessions of a plan that its consumer must group, with where their columns are. */
  private record Open(Plan.AssignWindows assign, Map<Integer, Integer> columns) {}

  /** The plan where each session is grouped; what another query does is that query's matter. */
  Plan apply(Plan plan) {
    find(plan);
    return spread.isEmpty() ? plan : rewrite(plan);
  }

  private void find(Plan plan) {
    Open open = open(plan);
    if (open != null) {
      spread.add(open.assign());
    }
  }

  /** Sessions that are still to be grouped; null where there are none. */
  private @Nullable Open open(Plan plan) {
    if (plan instanceof Plan.QueryResult) {
      return null;
    } else if (plan instanceof Plan.AssignWindows assign
        && assign.window() instanceof WindowSpec.Session) {
      find(assign.input());
      Map<Integer, Integer> columns = new HashMap<>();
      for (int i = 0; i < assign.schema().size(); i++) {
        columns.put(i, i);
      }
      return new Open(assign, columns);
    } else if (plan instanceof Plan.Calc calc) {
      Open input = open(calc.input());
      return input == null ? null : through(calc, input);
    } else if (plan instanceof Plan.Aggregate aggregate) {
      Open input = open(aggregate.input());
      if (input != null && !groups(aggregate, input)) {
        spread.add(input.assign());
      }
      return null;
    }
    plan.inputs().forEach(this::find);
    return null;
  }

  private @Nullable Open through(Plan.Calc calc, Open input) {
    Set<Integer> read = new HashSet<>();
    for (Expression conjunct : Expressions.conjuncts(calc.condition())) {
      Expressions.columns(conjunct).forEach(c -> read.add(input.columns().getOrDefault(c, -1)));
    }
    boolean looks =
        calc.projections().stream()
            .anyMatch(p -> !(p instanceof Expression.InputColumn) && readsBounds(p, input));
    if (looks || !input.assign().sessionKeys().containsAll(read)) {
      spread.add(input.assign());
      return null;
    }
    Map<Integer, Integer> columns = new HashMap<>();
    for (int i = 0; i < calc.projections().size(); i++) {
      if (calc.projections().get(i) instanceof Expression.InputColumn column
          && input.columns().containsKey(column.index())) {
        columns.put(i, input.columns().getOrDefault(column.index(), -1));
      }
    }
    return new Open(input.assign(), columns);
  }

  /**
   * Whether each session is one group: any further key, or a look at its bounds, needs its rows.
   */
  private static boolean groups(Plan.Aggregate aggregate, Open input) {
    int start = input.assign().windowStart();
    Set<Integer> keys = new HashSet<>();
    aggregate.keys().forEach(k -> keys.add(input.columns().getOrDefault(k, -1)));
    Set<Integer> session = new HashSet<>(input.assign().sessionKeys());
    session.add(start);
    session.add(start + 1);
    return aggregate.groupingSets().size() == 1
        && keys.equals(session)
        && aggregate.calls().stream()
            .flatMap(call -> call.expressions().stream())
            .noneMatch(e -> readsBounds(e, input));
  }

  private static boolean readsBounds(Expression expression, Open input) {
    int start = input.assign().windowStart();
    return Expressions.columns(expression).stream()
        .map(c -> input.columns().getOrDefault(c, -1))
        .anyMatch(c -> c == start || c == start + 1);
  }

  /**
   * The plan with the rows of sessions in place of the sessions.
   *
   * @param read the columns that are needed
   */
  private Plan rewrite(Plan plan, Set<Integer> read) {
    if (plan instanceof Plan.QueryResult) {
      return plan;
    } else if (plan instanceof Plan.AssignWindows assign && spread.contains(assign)) {
      return rows(assign, read);
    } else if (plan instanceof Plan.Calc calc) {
      Set<Integer> below = new TreeSet<>();
      Expressions.conjuncts(calc.condition()).forEach(e -> below.addAll(Expressions.columns(e)));
      read.forEach(i -> below.addAll(Expressions.columns(calc.projections().get(i))));
      return at(Plans.withInputs(calc, List.of(rewrite(calc.input(), below))), plan);
    } else if (plan instanceof Plan.Aggregate aggregate) {
      Set<Integer> below = new TreeSet<>(aggregate.keys());
      for (AggregateCall call : aggregate.calls()) {
        call.expressions().forEach(e -> below.addAll(Expressions.columns(e)));
      }
      return at(Plans.withInputs(aggregate, List.of(rewrite(aggregate.input(), below))), plan);
    }
    return at(Plans.withInputs(plan, plan.inputs().stream().map(this::rewrite).toList()), plan);
  }

  private Plan rewrite(Plan plan) {
    return rewrite(plan, new TreeSet<>(Plans.places(plan.schema().size())));
  }

  private Plan at(Plan plan, Plan former) {
    Place place = compilation.place(former);
    return place == null ? plan : compilation.at(plan, place);
  }

  /**
   * The rows of the sessions with their columns in the old places.
   *
   * @param read the columns that are needed; others become NULL
   */
  private Plan rows(Plan.AssignWindows assign, Set<Integer> read) {
    Place known = compilation.place(assign);
    Place place = known == null ? statement : known;
    Plan assigned = at(Plans.withInputs(assign, List.of(rewrite(assign.input()))), assign);
    List<Integer> keys = new ArrayList<>(assign.sessionKeys());
    keys.add(assign.windowStart());
    keys.add(assign.windowStart() + 1);
    List<Integer> kept = read.stream().filter(c -> !keys.contains(c)).toList();
    RowStruct struct = new RowStruct(assigned.schema(), kept, true);
    AggregateCall collect = SubqueryAnalyzer.arrayAgg(struct.of(assigned, place), List.of(), place);
    Plan sessions = compilation.at(Plans.group(assigned, keys, List.of(collect)), place);
    Plan elements =
        compilation.at(
            new Plan.Unnest(
                sessions,
                Plans.column(sessions, keys.size()),
                false,
                false,
                null,
                Plans.plus(sessions.schema(), List.of(Column.of("", struct.type())))),
            place);
    List<Expression> columns = new ArrayList<>();
    for (int i = 0; i < assign.schema().size(); i++) {
      int key = keys.indexOf(i);
      columns.add(
          key >= 0
              ? Plans.column(elements, key)
              : struct.column(Plans.column(elements, keys.size() + 1), i));
    }
    return Plans.project(elements, columns, assign.schema().names());
  }
}
