package dev.beamline.sql.analyzer;

import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Place;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Expressions;
import dev.beamline.plan.Plan;
import dev.beamline.plan.WindowSpec;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets sessions be used only as groups: a session is known when all of its rows are, so what stands
 * between its assignment and its grouping may neither drop rows nor join them with others.
 */
final class SessionCheck {

  private final Compilation compilation;
  private final Place statement;

  SessionCheck(Compilation compilation, Place statement) {
    this.compilation = compilation;
    this.statement = statement;
  }

  /** Sessions of a plan that its consumer must group, with where their columns are. */
  private record Open(Plan.AssignWindows assign, Map<Integer, Integer> columns) {}

  /** Checks each operator; what another query does is that query's matter. */
  void check(Plan plan) {
    Open open = open(plan);
    if (open != null) {
      refuse(open, "the rows of a SESSION must be grouped");
    }
  }

  private void refuse(Open open, String message) {
    Place place = compilation.place(open.assign());
    compilation.error(
        DiagnosticCode.SQL_UNSUPPORTED,
        place == null ? statement : place,
        message,
        "group by the columns of its PARTITION BY, window_start and window_end; filter and join the"
            + " table inside TABLE(SESSION((SELECT ...), ...)) or behind the grouping");
  }

  /** Sessions that are still to be grouped; null where there are none. */
  private @Nullable Open open(Plan plan) {
    if (plan instanceof Plan.QueryResult) {
      return null;
    } else if (plan instanceof Plan.AssignWindows assign
        && assign.window() instanceof WindowSpec.Session) {
      check(assign.input());
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
        refuse(input, "the rows of a SESSION must be grouped by its keys and its window");
      }
      return null;
    }
    plan.inputs().forEach(this::check);
    return null;
  }

  private @Nullable Open through(Plan.Calc calc, Open input) {
    Set<Integer> read = new HashSet<>();
    for (Expression conjunct : Expressions.conjuncts(calc.condition())) {
      Expressions.columns(conjunct).forEach(c -> read.add(input.columns().getOrDefault(c, -1)));
    }
    if (!input.assign().sessionKeys().containsAll(read)) {
      refuse(input, "the rows of a SESSION cannot be filtered before they are grouped");
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

  private static boolean groups(Plan.Aggregate aggregate, Open input) {
    Set<Integer> keys = new HashSet<>();
    aggregate.keys().forEach(k -> keys.add(input.columns().getOrDefault(k, -1)));
    int start = input.assign().windowStart();
    return aggregate.groupingSets().size() == 1
        && keys.containsAll(input.assign().sessionKeys())
        && keys.contains(start)
        && keys.contains(start + 1);
  }
}
