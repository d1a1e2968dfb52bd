package dev.beamline.pipeline;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import dev.beamline.diagnostic.Place;
import dev.beamline.plan.AggregateCall;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Plan;
import dev.beamline.plan.QueryPlan;
import dev.beamline.plan.SortKey;
import dev.beamline.plan.WindowSpec;
import dev.beamline.project.Windowing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Plans over one source of events, made by hand. */
final class TestPlans {

  static final Place PLACE = Place.ofFile("test.sql");

  static final long SECOND = 1_000_000L;
  static final long MINUTE = 60 * SECOND;
  static final long HOUR = 60 * MINUTE;

  static final Schema EVENTS =
      Schema.of(
          Column.of("team", ScalarType.STRING),
          Column.of("user", ScalarType.STRING),
          Column.of("score", ScalarType.INT64),
          Column.of("ts", ScalarType.TIMESTAMP));

  private TestPlans() {}

  static Tuple event(@Nullable String team, String user, @Nullable Long score, long micros) {
    return Tuple.of(team, user, score, micros);
  }

  /** A column that is a number or a time, not NULL. */
  static long number(Tuple row, int column) {
    return (Long) Objects.requireNonNull(row.get(column));
  }

  /** Reads all columns. */
  static Plan.Scan events(boolean bounded) {
    return new Plan.Scan("events", EVENTS, 3, bounded, null);
  }

  static Expression.InputColumn column(Plan plan, String name) {
    int index = plan.schema().indexOf(name);
    return new Expression.InputColumn(index, plan.schema().type(index));
  }

  static Expression literal(long value) {
    return new Expression.Literal(value, ScalarType.INT64);
  }

  static Expression call(String function, Type type, Expression... arguments) {
    return new Expression.Call(function, List.of(arguments), type, false, PLACE);
  }

  static Plan assign(Plan input, WindowSpec window, String time, String... sessionKeys) {
    List<Column> columns = new ArrayList<>(input.schema().columns());
    columns.add(Column.of("window_start", ScalarType.TIMESTAMP));
    columns.add(Column.of("window_end", ScalarType.TIMESTAMP));
    return new Plan.AssignWindows(
        input,
        window,
        input.schema().indexOf(time),
        List.of(sessionKeys).stream().map(input.schema()::indexOf).toList(),
        new Schema(columns));
  }

  static AggregateCall sum(Plan input, String column) {
    return new AggregateCall(
        "SUM",
        List.of(column(input, column)),
        false,
        null,
        List.of(),
        null,
        AggregateCall.Nulls.DEFAULT,
        ScalarType.INT64,
        PLACE);
  }

  static AggregateCall count() {
    return new AggregateCall(
        "COUNT",
        List.of(),
        false,
        null,
        List.of(),
        null,
        AggregateCall.Nulls.DEFAULT,
        ScalarType.INT64,
        PLACE);
  }

  static Plan aggregate(Plan input, List<String> keys, AggregateCall... calls) {
    List<Integer> indexes = keys.stream().map(input.schema()::indexOf).toList();
    List<Integer> all = new ArrayList<>();
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < indexes.size(); i++) {
      all.add(i);
      columns.add(input.schema().column(indexes.get(i)));
    }
    for (int i = 0; i < calls.length; i++) {
      columns.add(Column.of("a" + i, calls[i].type()));
    }
    return new Plan.Aggregate(input, indexes, List.of(all), List.of(calls), new Schema(columns));
  }

  static Plan filter(Plan input, Expression condition) {
    List<Expression> all = new ArrayList<>();
    for (Column column : input.schema().columns()) {
      all.add(column(input, column.name()));
    }
    return new Plan.Calc(input, condition, all, input.schema());
  }

  static Plan select(Plan input, String... names) {
    List<Expression> expressions = new ArrayList<>();
    List<Column> columns = new ArrayList<>();
    for (String name : names) {
      expressions.add(column(input, name));
      columns.add(input.schema().column(input.schema().indexOf(name)));
    }
    return new Plan.Calc(input, null, expressions, new Schema(columns));
  }

  static SortKey descending(Plan input, String column) {
    return new SortKey(column(input, column), true, false);
  }

  /** The query of a plan whose key are the given columns, windowed where it has window columns. */
  static QueryPlan query(String name, Plan plan, WindowSpec window, String... key) {
    int start = plan.schema().indexOf("window_start");
    return new QueryPlan(
        name,
        plan,
        start < 0
            ? null
            : new QueryPlan.ResultWindow(window, start, plan.schema().indexOf("window_end")),
        List.of(key).stream().map(plan.schema()::indexOf).toList());
  }

  static QueryJob job(QueryPlan plan, Windowing windowing) {
    return new QueryJob(plan, windowing, !plan.key().isEmpty(), true, PLACE);
  }

  static Windowing windowing(
      Duration lateness, Windowing.@Nullable Firing early, Windowing.@Nullable Firing late) {
    return new Windowing(
        null,
        true,
        lateness,
        new Windowing.Trigger(early, late),
        Windowing.AccumulationMode.ACCUMULATING);
  }

  static Windowing discarding(Windowing windowing) {
    return new Windowing(
        windowing.window(),
        windowing.inherited(),
        windowing.allowedLateness(),
        windowing.trigger(),
        Windowing.AccumulationMode.DISCARDING);
  }
}
