package dev.beamline.plan;

import dev.beamline.catalog.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Plans for people: an operator a line, its inputs below it, further in. */
public final class PlanText {

  private PlanText() {}

  /** The plan, each line ending with a newline. */
  public static String of(Plan plan) {
    StringBuilder text = new StringBuilder();
    print(plan, 0, text);
    return text.toString();
  }

  private static void print(Plan plan, int depth, StringBuilder text) {
    text.append("  ".repeat(depth)).append(line(plan)).append('\n');
    plan.inputs().forEach(input -> print(input, depth + 1, text));
  }

  /** A constant as SQL writes it. */
  public static String literal(Expression.Literal literal) {
    return ExpressionText.literal(literal);
  }

  /** One operator without its inputs. */
  public static String line(Plan plan) {
    if (plan instanceof Plan.Scan scan) {
      return "Scan "
          + scan.source()
          + " "
          + names(scan.schema())
          + (scan.bounded() ? "" : " unbounded")
          + condition(scan.filter(), scan.schema());
    } else if (plan instanceof Plan.QueryResult result) {
      return "QueryResult " + result.query();
    } else if (plan instanceof Plan.ConstantRows rows) {
      return "ConstantRows "
          + names(rows.schema())
          + " "
          + rows.rows().stream().map(r -> values(r, rows.schema())).toList();
    } else if (plan instanceof Plan.Calc calc) {
      Schema row = calc.input().schema();
      List<String> columns = new ArrayList<>();
      for (int i = 0; i < calc.projections().size(); i++) {
        String value = ExpressionText.of(calc.projections().get(i), row);
        String name = calc.schema().name(i);
        columns.add(name.isEmpty() || name.equalsIgnoreCase(value) ? value : name + ": " + value);
      }
      return "Calc " + columns + condition(calc.condition(), row);
    } else if (plan instanceof Plan.AssignWindows assign) {
      Schema row = assign.input().schema();
      return "AssignWindows "
          + window(assign.window(), ExpressionText.column(assign.timeColumn(), row))
          + (assign.sessionKeys().isEmpty() ? "" : " by " + columns(assign.sessionKeys(), row));
    } else if (plan instanceof Plan.Aggregate aggregate) {
      Schema row = aggregate.input().schema();
      String sets = aggregate.groupingSets().size() == 1 ? "" : " sets " + aggregate.groupingSets();
      return "Aggregate by "
          + columns(aggregate.keys(), row)
          + sets
          + (aggregate.calls().isEmpty()
              ? ""
              : " " + aggregate.calls().stream().map(c -> call(c, row)).toList());
    } else if (plan instanceof Plan.Analytic analytic) {
      Schema row = analytic.input().schema();
      return "Analytic partition by "
          + analytic.partitionBy().stream().map(e -> ExpressionText.of(e, row)).toList()
          + order(analytic.orderBy(), row)
          + " "
          + analytic.calls().stream().map(c -> call(c, row)).toList();
    } else if (plan instanceof Plan.Limit limit) {
      Schema row = limit.schema();
      return "Limit "
          + (limit.limit() == Long.MAX_VALUE ? "all" : limit.limit())
          + (limit.offset() == 0 ? "" : " offset " + limit.offset())
          + (limit.partitionBy().isEmpty() ? "" : " in each " + columns(limit.partitionBy(), row))
          + order(limit.orderBy(), row);
    } else if (plan instanceof Plan.Sort sort) {
      return "Sort" + order(sort.orderBy(), sort.schema());
    } else if (plan instanceof Plan.Join join) {
      List<String> keys = new ArrayList<>();
      for (int i = 0; i < join.leftKeys().size(); i++) {
        keys.add(
            ExpressionText.column(join.leftKeys().get(i), join.left().schema())
                + " = "
                + ExpressionText.column(join.rightKeys().get(i), join.right().schema()));
      }
      return "Join "
          + join.kind()
          + " on "
          + keys
          + condition(join.condition(), Plans.concat(join.left().schema(), join.right().schema()));
    } else if (plan instanceof Plan.Union) {
      return "Union";
    } else if (plan instanceof Plan.SetOperation set) {
      return (set.except() ? "Except" : "Intersect") + (set.all() ? " all" : "");
    } else if (plan instanceof Plan.Unnest unnest) {
      return "Unnest "
          + (unnest.outer() ? "outer " : "")
          + ExpressionText.of(unnest.array(), unnest.input().schema())
          + (unnest.withOffset() ? " with offset" : "")
          + condition(unnest.condition(), unnest.schema());
    }
    return "ScalarSubquery";
  }

  private static List<String> names(Schema schema) {
    return schema.names().stream().map(n -> n.isEmpty() ? "_" : n).toList();
  }

  private static String values(dev.beamline.catalog.Tuple row, Schema schema) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < schema.size(); i++) {
      values.add(ExpressionText.literal(new Expression.Literal(row.get(i), schema.type(i))));
    }
    return values.stream().collect(Collectors.joining(", ", "(", ")"));
  }

  private static List<String> columns(List<Integer> indexes, Schema row) {
    return indexes.stream().map(i -> ExpressionText.column(i, row)).toList();
  }

  private static String condition(@Nullable Expression condition, Schema row) {
    return condition == null ? "" : " if " + ExpressionText.of(condition, row);
  }

  private static String order(List<SortKey> keys, Schema row) {
    if (keys.isEmpty()) {
      return "";
    }
    return keys.stream()
        .map(
            k ->
                ExpressionText.of(k.expression(), row)
                    + (k.descending() ? " DESC" : "")
                    + (k.nullsFirst() == k.descending()
                        ? k.nullsFirst() ? " NULLS FIRST" : " NULLS LAST"
                        : ""))
        .collect(Collectors.joining(", ", " order by ", ""));
  }

  /** A window as SQL writes it, with short durations. */
  public static String window(WindowSpec window, String time) {
    if (window instanceof WindowSpec.Tumble tumble) {
      return "TUMBLE(" + time + ", " + length(tumble.size()) + offset(tumble.offset()) + ")";
    } else if (window instanceof WindowSpec.Hop hop) {
      return "HOP("
          + time
          + ", "
          + length(hop.period())
          + ", "
          + length(hop.size())
          + offset(hop.offset())
          + ")";
    } else if (window instanceof WindowSpec.Cumulate cumulate) {
      return "CUMULATE("
          + time
          + ", "
          + length(cumulate.step())
          + ", "
          + length(cumulate.size())
          + offset(cumulate.offset())
          + ")";
    } else if (window instanceof WindowSpec.Session session) {
      return "SESSION(" + time + ", " + length(session.gap()) + ")";
    }
    return "GLOBAL(" + time + ")";
  }

  private static String length(long micros) {
    return ExpressionText.duration(micros);
  }

  private static String offset(long micros) {
    return micros == 0 ? "" : ", offset " + length(micros);
  }

  /** An aggregate call over rows of these columns, close to SQL. */
  public static String call(AggregateCall call, Schema row) {
    StringBuilder text = new StringBuilder(call.function()).append('(');
    text.append(call.distinct() ? "DISTINCT " : "");
    text.append(arguments(call.arguments(), row));
    text.append(call.nulls() == AggregateCall.Nulls.DEFAULT ? "" : " " + call.nulls() + " NULLS");
    AggregateCall.Having having = call.having();
    if (having != null) {
      text.append(having.max() ? " HAVING MAX " : " HAVING MIN ")
          .append(arguments(List.of(having.value()), row));
    }
    text.append(order(call.orderBy(), row));
    text.append(call.limit() == null ? "" : " limit " + call.limit());
    text.append(')');
    return text + condition(call.filter(), row);
  }

  private static String arguments(List<Expression> arguments, Schema row) {
    return arguments.isEmpty()
        ? "*"
        : arguments.stream().map(a -> ExpressionText.of(a, row)).collect(Collectors.joining(", "));
  }

  /** An analytic call without its window, close to SQL. */
  public static String value(AnalyticCall call, Schema row) {
    return call.function()
        + "("
        + (call.distinct() ? "DISTINCT " : "")
        + (call.arguments().isEmpty() ? "" : arguments(call.arguments(), row))
        + (call.nulls() == AggregateCall.Nulls.DEFAULT ? "" : " " + call.nulls() + " NULLS")
        + ")";
  }

  /** An analytic call with its frame, close to SQL. */
  public static String call(AnalyticCall call, Schema row) {
    String text = value(call, row);
    AnalyticCall.Frame frame = call.frame();
    return frame == null
        ? text
        : text
            + (frame.rows() ? " rows " : " range ")
            + bound(frame.start())
            + " to "
            + bound(frame.end());
  }

  private static String bound(AnalyticCall.Bound bound) {
    String kind = bound.kind().name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    return bound.offset() == null ? kind : bound.offset() + " " + kind;
  }
}
