package dev.beamline.sql.analyzer;

import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Place;
import dev.beamline.plan.Expression;
import dev.beamline.plan.JoinTimeBounds;
import dev.beamline.plan.Plan;
import dev.beamline.plan.PlanTraits;
import dev.beamline.plan.WindowSpec;
import java.util.List;

/** Refuses in a stream what would have to wait for its end, and says what to write instead. */
final class StreamingCheck {

  private final Compilation compilation;
  private final Place statement;

  /**
   * @param statement where operators are reported that have no place of their own
   */
  StreamingCheck(Compilation compilation, Place statement) {
    this.compilation = compilation;
    this.statement = statement;
  }

  /** Checks each operator; what another query does is that query's matter. */
  void check(Plan plan) {
    if (plan instanceof Plan.QueryResult) {
      return;
    }
    plan.inputs().forEach(this::check);
    if (plan instanceof Plan.Aggregate aggregate) {
      checkAggregate(aggregate);
    } else if (plan instanceof Plan.Analytic analytic) {
      checkAnalytic(analytic);
    } else if (plan instanceof Plan.Limit limit) {
      checkLimit(limit);
    } else if (plan instanceof Plan.Join join) {
      checkJoin(join);
    } else if (plan instanceof Plan.SetOperation set) {
      PlanTraits traits = PlanTraits.of(set);
      if (!traits.bounded() && !traits.windowed()) {
        error(
            DiagnosticCode.UNBOUNDED_NOT_SUPPORTED,
            plan,
            "INTERSECT and EXCEPT of a stream need its end, which never comes",
            "let both sides be grouped by the same window and select window_start and window_end");
      }
    } else if (plan instanceof Plan.ScalarSubquery scalar
        && !PlanTraits.of(scalar.subquery()).bounded()) {
      error(
          DiagnosticCode.UNBOUNDED_NOT_SUPPORTED,
          plan,
          "the value of a subquery over a stream is known only at its end, which never comes",
          "join with a subquery that is grouped by the same window, on window_start and window_end");
    }
  }

  private void error(DiagnosticCode code, Plan plan, String message, String hint) {
    Place place = compilation.place(plan);
    compilation.error(code, place == null ? statement : place, message, hint);
  }

  private boolean global() {
    return compilation.context().windowing() instanceof WindowSpec.Global;
  }

  private void checkAggregate(Plan.Aggregate aggregate) {
    PlanTraits input = PlanTraits.of(aggregate.input());
    if (input.bounded() || global()) {
      return;
    }
    if (!PlanTraits.of(aggregate).windowed()) {
      error(
          DiagnosticCode.WINDOW_MISSING,
          aggregate,
          "a group of a stream without a window never ends",
          input.windowed()
              ? "add window_start and window_end to GROUP BY (or SELECT DISTINCT)"
              : "add TUMBLE("
                  + timeName(aggregate.input(), input)
                  + ", INTERVAL 1 HOUR) to GROUP BY, or set windowing of the query in"
                  + " pipelines.yaml");
    }
  }

  private static String timeName(Plan plan, PlanTraits traits) {
    String name =
        traits.eventTime().isEmpty()
            ? ""
            : plan.schema().name(traits.eventTime().iterator().next());
    return name.isEmpty() ? "event_time" : name;
  }

  private void checkAnalytic(Plan.Analytic analytic) {
    PlanTraits input = PlanTraits.of(analytic.input());
    if (input.bounded()) {
      return;
    }
    List<Integer> columns =
        analytic.partitionBy().stream()
            .filter(e -> e instanceof Expression.InputColumn)
            .map(e -> ((Expression.InputColumn) e).index())
            .toList();
    boolean start = columns.stream().anyMatch(input.starts()::contains);
    boolean end = columns.stream().anyMatch(input.ends()::contains);
    boolean fixed =
        input.window() instanceof WindowSpec.Tumble || input.window() instanceof WindowSpec.Hop;
    if (!input.windowed() || !(fixed ? start || end : start && end)) {
      error(
          DiagnosticCode.UNBOUNDED_NOT_SUPPORTED,
          analytic,
          "OVER all rows of a stream needs its end, which never comes",
          input.windowed()
              ? "write PARTITION BY window_start, window_end (or TUMBLE_START(...) ...)"
              : "group by a window first, and write PARTITION BY window_start, window_end");
    }
  }

  private void checkLimit(Plan.Limit limit) {
    if (!PlanTraits.of(limit.input()).bounded() && limit.partitionBy().isEmpty() && !global()) {
      error(
          DiagnosticCode.UNBOUNDED_NOT_SUPPORTED,
          limit,
          "LIMIT of a stream without a window needs its end, which never comes",
          "group by a window: then LIMIT takes the first rows of each");
    }
  }

  private void checkJoin(Plan.Join join) {
    PlanTraits left = PlanTraits.of(join.left());
    PlanTraits right = PlanTraits.of(join.right());
    if (left.bounded() && right.bounded()) {
      return;
    }
    boolean both = !left.bounded() && !right.bounded();
    if (!both) {
      checkWithTable(join, left.bounded());
    } else if (left.window() != null || right.window() != null) {
      if (!PlanTraits.sameWindow(join)) {
        boolean equal = left.window() != null && left.window().equals(right.window());
        error(
            DiagnosticCode.WINDOW_MISSING,
            join,
            equal
                ? "a join of two windowed streams must join rows of the same window"
                : "a join of two streams needs the same window on both sides",
            equal
                ? "add a.window_start = b.window_start AND a.window_end = b.window_end to ON"
                : "give both sides the same TUMBLE or HOP, and join on window_start and window_end");
      }
    } else if (JoinTimeBounds.of(join).isEmpty()) {
      error(
          DiagnosticCode.WINDOW_MISSING,
          join,
          "a join of two streams without a window would have to keep all rows forever",
          "add a bound such as a.event_time BETWEEN b.event_time - INTERVAL 10 MINUTE AND"
              + " b.event_time to ON, give both sides the same window, or set windowing of the"
              + " query in pipelines.yaml");
    }
  }

  /** A stream with a table: rows of the table that find no partner are known only at the end. */
  private void checkWithTable(Plan.Join join, boolean tableIsLeft) {
    boolean keepsTable =
        switch (join.kind()) {
          case INNER -> false;
          case LEFT -> tableIsLeft;
          case RIGHT -> !tableIsLeft;
          case FULL -> true;
          case SEMI, ANTI, NULL_AWARE_ANTI -> tableIsLeft;
        };
    if (keepsTable) {
      error(
          DiagnosticCode.UNBOUNDED_NOT_SUPPORTED,
          join,
          "which rows of the table find no partner in the stream is known only at its end, which"
              + " never comes",
          "write the stream on the left of LEFT JOIN, or INNER JOIN");
    }
  }
}
