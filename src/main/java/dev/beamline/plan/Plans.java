package dev.beamline.plan;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What is often done with plans. None of it changes a plan: they are values. */
public final class Plans {

  private Plans() {}

  /** The rows where the condition is TRUE; the input itself where there is no condition. */
  public static Plan filter(Plan input, @Nullable Expression condition) {
    return condition == null
        ? input
        : new Plan.Calc(input, condition, identity(input.schema()), input.schema());
  }

  /** The places of so many columns: 0, 1, 2 and so on. */
  public static List<Integer> places(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  /** The input's columns as expressions. */
  public static List<Expression> identity(Schema schema) {
    List<Expression> columns = new ArrayList<>();
    for (int i = 0; i < schema.size(); i++) {
      columns.add(new Expression.InputColumn(i, schema.type(i)));
    }
    return columns;
  }

  public static Expression.InputColumn column(Plan plan, int index) {
    return new Expression.InputColumn(index, plan.schema().type(index));
  }

  /** Computes the expressions; names are given one an expression. */
  public static Plan.Calc project(Plan input, List<Expression> expressions, List<String> names) {
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < expressions.size(); i++) {
      columns.add(Column.of(names.get(i), expressions.get(i).type()));
    }
    return new Plan.Calc(input, null, expressions, new Schema(columns));
  }

  /** The input's columns and, behind them, the expressions. */
  public static Plan append(Plan input, List<Expression> expressions, List<String> names) {
    if (expressions.isEmpty()) {
      return input;
    }
    List<Expression> all = new ArrayList<>(identity(input.schema()));
    all.addAll(expressions);
    List<Column> columns = new ArrayList<>(input.schema().columns());
    for (int i = 0; i < expressions.size(); i++) {
      columns.add(Column.of(names.get(i), expressions.get(i).type()));
    }
    return new Plan.Calc(input, null, all, new Schema(columns));
  }

  /** Some of the input's columns, as they are. */
  public static Plan.Calc select(Plan input, List<Integer> indexes) {
    List<Expression> expressions = new ArrayList<>();
    List<Column> columns = new ArrayList<>();
    for (int index : indexes) {
      expressions.add(column(input, index));
      columns.add(input.schema().column(index));
    }
    return new Plan.Calc(input, null, expressions, new Schema(columns));
  }

  /** The schema with more columns behind. */
  public static Schema plus(Schema schema, List<Column> more) {
    List<Column> columns = new ArrayList<>(schema.columns());
    columns.addAll(more);
    return new Schema(columns);
  }

  public static Schema concat(Schema left, Schema right) {
    return plus(left, right.columns());
  }

  /** Adds the window's columns to the input's. */
  public static Plan.AssignWindows assign(
      Plan input, WindowSpec window, int timeColumn, List<Integer> sessionKeys, Type timestamp) {
    return new Plan.AssignWindows(
        input,
        window,
        timeColumn,
        sessionKeys,
        plus(
            input.schema(),
            List.of(Column.of("window_start", timestamp), Column.of("window_end", timestamp))));
  }

  /** The plan over other inputs, which have the same columns as its own. */
  public static Plan withInputs(Plan plan, List<Plan> inputs) {
    if (plan instanceof Plan.Calc calc) {
      return new Plan.Calc(inputs.get(0), calc.condition(), calc.projections(), calc.schema());
    } else if (plan instanceof Plan.AssignWindows assign) {
      return new Plan.AssignWindows(
          inputs.get(0),
          assign.window(),
          assign.timeColumn(),
          assign.sessionKeys(),
          assign.schema());
    } else if (plan instanceof Plan.Aggregate aggregate) {
      return new Plan.Aggregate(
          inputs.get(0),
          aggregate.keys(),
          aggregate.groupingSets(),
          aggregate.calls(),
          aggregate.schema());
    } else if (plan instanceof Plan.Analytic analytic) {
      return new Plan.Analytic(
          inputs.get(0),
          analytic.partitionBy(),
          analytic.orderBy(),
          analytic.calls(),
          analytic.schema());
    } else if (plan instanceof Plan.Limit limit) {
      return new Plan.Limit(
          inputs.get(0), limit.partitionBy(), limit.orderBy(), limit.limit(), limit.offset());
    } else if (plan instanceof Plan.Sort sort) {
      return new Plan.Sort(inputs.get(0), sort.orderBy());
    } else if (plan instanceof Plan.Join join) {
      return new Plan.Join(
          inputs.get(0),
          inputs.get(1),
          join.kind(),
          join.leftKeys(),
          join.rightKeys(),
          join.condition(),
          join.schema());
    } else if (plan instanceof Plan.Union union) {
      return new Plan.Union(inputs, union.schema());
    } else if (plan instanceof Plan.SetOperation set) {
      return new Plan.SetOperation(
          inputs.get(0), inputs.get(1), set.except(), set.all(), set.schema());
    } else if (plan instanceof Plan.Unnest unnest) {
      return new Plan.Unnest(
          inputs.get(0),
          unnest.array(),
          unnest.outer(),
          unnest.withOffset(),
          unnest.condition(),
          unnest.schema());
    } else if (plan instanceof Plan.QueryResult result) {
      return new Plan.QueryResult(result.query(), inputs.get(0));
    } else if (plan instanceof Plan.ScalarSubquery scalar) {
      return new Plan.ScalarSubquery(inputs.get(0), inputs.get(1), scalar.schema(), scalar.place());
    }
    return plan;
  }

  /** The operator with each of its own expressions replaced; its inputs stay. */
  public static Plan mapExpressions(Plan plan, UnaryOperator<Expression> map) {
    if (plan instanceof Plan.Scan scan) {
      return scan.filter() == null
          ? scan
          : new Plan.Scan(
              scan.source(),
              scan.schema(),
              scan.eventTime(),
              scan.bounded(),
              optional(scan.filter(), map));
    } else if (plan instanceof Plan.Calc calc) {
      return new Plan.Calc(
          calc.input(),
          optional(calc.condition(), map),
          calc.projections().stream().map(map).toList(),
          calc.schema());
    } else if (plan instanceof Plan.Aggregate aggregate) {
      return new Plan.Aggregate(
          aggregate.input(),
          aggregate.keys(),
          aggregate.groupingSets(),
          aggregate.calls().stream().map(c -> mapCall(c, map)).toList(),
          aggregate.schema());
    } else if (plan instanceof Plan.Analytic analytic) {
      return new Plan.Analytic(
          analytic.input(),
          analytic.partitionBy().stream().map(map).toList(),
          mapOrder(analytic.orderBy(), map),
          analytic.calls().stream().map(c -> mapCall(c, map)).toList(),
          analytic.schema());
    } else if (plan instanceof Plan.Limit limit) {
      return new Plan.Limit(
          limit.input(),
          limit.partitionBy(),
          mapOrder(limit.orderBy(), map),
          limit.limit(),
          limit.offset());
    } else if (plan instanceof Plan.Sort sort) {
      return new Plan.Sort(sort.input(), mapOrder(sort.orderBy(), map));
    } else if (plan instanceof Plan.Join join) {
      return new Plan.Join(
          join.left(),
          join.right(),
          join.kind(),
          join.leftKeys(),
          join.rightKeys(),
          optional(join.condition(), map),
          join.schema());
    } else if (plan instanceof Plan.Unnest unnest) {
      return new Plan.Unnest(
          unnest.input(),
          map.apply(unnest.array()),
          unnest.outer(),
          unnest.withOffset(),
          optional(unnest.condition(), map),
          unnest.schema());
    }
    return plan;
  }

  /** The plan with each expression of each operator replaced. */
  public static Plan mapAllExpressions(Plan plan, UnaryOperator<Expression> map) {
    return mapExpressions(
        withInputs(plan, plan.inputs().stream().map(p -> mapAllExpressions(p, map)).toList()), map);
  }

  /** Rows grouped by some of their columns, in one way; calls have no names. */
  public static Plan.Aggregate group(Plan rows, List<Integer> keys, List<AggregateCall> calls) {
    List<Column> columns = new ArrayList<>();
    keys.forEach(key -> columns.add(rows.schema().column(key)));
    calls.forEach(call -> columns.add(Column.of("", call.type())));
    return new Plan.Aggregate(rows, keys, List.of(places(keys.size())), calls, new Schema(columns));
  }

  /** The call over replaced expressions. */
  public static AggregateCall mapCall(AggregateCall call, UnaryOperator<Expression> map) {
    return new AggregateCall(
        call.function(),
        call.arguments().stream().map(map).toList(),
        call.distinct(),
        optional(call.filter(), map),
        mapHaving(call.having(), map),
        mapOrder(call.orderBy(), map),
        call.limit(),
        call.nulls(),
        call.type(),
        call.place());
  }

  private static AggregateCall.@Nullable Having mapHaving(
      AggregateCall.@Nullable Having having, UnaryOperator<Expression> map) {
    return having == null
        ? null
        : new AggregateCall.Having(map.apply(having.value()), having.max());
  }

  /** The call over replaced expressions. */
  public static AnalyticCall mapCall(AnalyticCall call, UnaryOperator<Expression> map) {
    return new AnalyticCall(
        call.function(),
        call.arguments().stream().map(map).toList(),
        call.distinct(),
        call.nulls(),
        call.frame(),
        call.type(),
        call.place());
  }

  /** The keys over replaced expressions. */
  public static List<SortKey> mapOrder(List<SortKey> keys, UnaryOperator<Expression> map) {
    return keys.stream()
        .map(k -> new SortKey(map.apply(k.expression()), k.descending(), k.nullsFirst()))
        .toList();
  }

  private static @Nullable Expression optional(
      @Nullable Expression expression, UnaryOperator<Expression> map) {
    return expression == null ? null : map.apply(expression);
  }

  /**
   * Calls the consumer with each operator, inputs first. Plans inside row subqueries are left out.
   */
  public static void forEach(Plan plan, Consumer<Plan> consumer) {
    plan.inputs().forEach(p -> forEach(p, consumer));
    consumer.accept(plan);
  }

  /** The sources that are read, also by the queries that are; by name. */
  public static Set<String> sources(Plan plan) {
    Set<String> names = new TreeSet<>();
    forEach(
        plan,
        p -> {
          if (p instanceof Plan.Scan scan) {
            names.add(scan.source());
          }
        });
    return names;
  }

  /** The queries whose results are read, by any number of steps; by name. */
  public static Set<String> queries(Plan plan) {
    Set<String> names = new TreeSet<>();
    forEach(
        plan,
        p -> {
          if (p instanceof Plan.QueryResult result) {
            names.add(result.query());
          }
        });
    return names;
  }

  /** Whether rows of some source are read. */
  public static boolean readsSource(Plan plan) {
    boolean[] found = {false};
    forEach(plan, p -> found[0] |= p instanceof Plan.Scan);
    return found[0];
  }

  /** Whether some expression reads a column of a row around the whole plan. */
  public static boolean readsOuter(Plan plan) {
    boolean[] found = {false};
    mapAllExpressions(
        plan,
        e -> {
          found[0] |= Expressions.readsOuter(e);
          return e;
        });
    return found[0];
  }
}
