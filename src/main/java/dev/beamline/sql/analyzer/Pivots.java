package dev.beamline.sql.analyzer;

import dev.beamline.catalog.ScalarType;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Place;
import dev.beamline.execution.aggregate.AggregateCatalog;
import dev.beamline.plan.AggregateCall;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Expressions;
import dev.beamline.plan.Plan;
import dev.beamline.plan.PlanTraits;
import dev.beamline.plan.Plans;
import dev.beamline.sql.ast.SqlExpression;
import dev.beamline.sql.ast.SqlQuery;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * PIVOT: groups by the columns that it does not name, with a column for each value and aggregate,
 * which sees only the rows that have the value.
 */
final class Pivots {

  private final Compilation compilation;
  private final ExpressionAnalyzer expressions;
  private final FromAnalyzer from;

  Pivots(Compilation compilation, ExpressionAnalyzer expressions, FromAnalyzer from) {
    this.compilation = compilation;
    this.expressions = expressions;
    this.from = from;
  }

  /** A column of the result. */
  private record Made(String name, Typed value) {}

  FromAnalyzer.Rows analyze(SqlQuery.Pivot pivot) {
    FromAnalyzer.Rows rows = from.analyze(pivot.input());
    if (rows.failed()) {
      return rows;
    }
    if (rows.scope().columns().stream().anyMatch(Pivots::isField)) {
      compilation.error(
          DiagnosticCode.SQL_INVALID,
          pivot.place(),
          "PIVOT is not possible on a table of values (SELECT AS STRUCT or AS VALUE)",
          "make their fields columns: (SELECT * FROM ...) PIVOT (...)");
      return from.failure();
    }
    Aggregates aggregates = new Aggregates(compilation);
    Env env =
        new Env(rows.scope(), "PIVOT", aggregates, null, null, null, null, Map.of(), Map.of());
    Typed column = expressions.analyze(pivot.column(), Env.plain(rows.scope(), "PIVOT", null));
    boolean failed = column.isError();
    List<Made> made = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (SqlQuery.ExpressionItem value : pivot.values()) {
      for (SqlQuery.ExpressionItem aggregate : pivot.aggregates()) {
        Typed result = failed ? column : aggregate(pivot, aggregate, value, env);
        String name = result.isError() ? "" : name(aggregate, value, env);
        if (name == null || result.isError()) {
          failed = true;
          continue;
        }
        if (!names.add(name.toLowerCase(Locale.ROOT))) {
          compilation.error(
              DiagnosticCode.SQL_DUPLICATE_COLUMN,
              value.place(),
              "PIVOT makes two columns named " + name,
              "give the values or the aggregates different aliases");
          failed = true;
        }
        made.add(new Made(name, result));
      }
    }
    return failed ? from.failure() : grouped(pivot, rows, aggregates, made);
  }

  /** Whether a name stands for a part of a column, so that not all of the column is named by it. */
  private static boolean isField(Scope.Name name) {
    return name.expression() instanceof Expression.Field;
  }

  /** The aggregate over the rows with the value; an error, which was reported. */
  private Typed aggregate(
      SqlQuery.Pivot pivot,
      SqlQuery.ExpressionItem aggregate,
      SqlQuery.ExpressionItem value,
      Env env) {
    SqlExpression.Call call = (SqlExpression.Call) aggregate.expression();
    if (!AggregateCatalog.contains(call.name()) || call.over() != null) {
      compilation.error(
          DiagnosticCode.SQL_INVALID,
          call.place(),
          "PIVOT needs an aggregate function, which "
              + call.name()
              + (call.over() == null ? " is not" : " OVER is not"),
          "write PIVOT (SUM(x) FOR column IN ('a', 'b'))");
      return Typed.error(call.place());
    }
    SqlExpression has =
        new SqlExpression.Binary(
            "IS NOT DISTINCT FROM", pivot.column(), value.expression(), value.place());
    SqlExpression.Call filtered =
        new SqlExpression.Call(
            call.name(),
            call.safe(),
            call.distinct(),
            call.arguments(),
            call.ignoreNulls(),
            call.having(),
            call.orderBy(),
            call.limit(),
            call.filter() == null
                ? has
                : new SqlExpression.Binary("AND", call.filter(), has, value.place()),
            call.over(),
            call.place());
    Typed constant =
        expressions.analyze(value.expression(), Env.plain(Scope.empty(null), "IN", null));
    if (constant.isError()) {
      return constant;
    }
    return expressions.analyze(filtered, env);
  }

  /** The column's name by BigQuery's rules; null where it needs an alias, which is reported. */
  private @Nullable String name(
      SqlQuery.ExpressionItem aggregate, SqlQuery.ExpressionItem value, Env env) {
    SqlExpression.Identifier given = value.alias();
    Typed constant = expressions.analyze(value.expression(), Env.plain(env.scope(), "IN", null));
    String name = given == null ? implicit(constant) : given.name();
    if (name == null) {
      compilation.error(
          DiagnosticCode.SQL_INVALID,
          value.place(),
          "this value of PIVOT needs an alias, which names its column",
          "write IN (value AS name)");
      return null;
    }
    SqlExpression.Identifier function = aggregate.alias();
    if (function == null) {
      return name;
    }
    return function.name() + (given == null && name.startsWith("_") ? name : "_" + name);
  }

  private static @Nullable String implicit(Typed constant) {
    if (constant.isUntyped()) {
      return "NULL";
    }
    if (!(constant.expression() instanceof Expression.Literal literal)) {
      return null;
    }
    Object value = literal.value();
    if (value == null) {
      return "NULL";
    }
    if (!(literal.type() instanceof ScalarType type)) {
      return null;
    }
    return switch (type) {
      case STRING -> String.valueOf(value);
      case BOOL -> Boolean.TRUE.equals(value) ? "true" : "false";
      case INT64, NUMERIC, BIGNUMERIC -> {
        String text =
            value instanceof BigDecimal decimal ? decimal.toPlainString() : String.valueOf(value);
        yield (text.startsWith("-") ? "minus_" + text.substring(1) : "_" + text)
            .replace(".", "_point_");
      }
      case DATE -> "_" + LocalDate.ofEpochDay((Long) value).toString().replace('-', '_');
      default -> null;
    };
  }

  private FromAnalyzer.Rows grouped(
      SqlQuery.Pivot pivot, FromAnalyzer.Rows rows, Aggregates aggregates, List<Made> made) {
    Place place = pivot.place();
    Set<Integer> used = new HashSet<>();
    for (AggregateCall call : aggregates.calls()) {
      call.expressions().forEach(e -> used.addAll(Expressions.columns(e)));
    }
    List<Typed> keys = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (Scope.Name name : rows.scope().columns()) {
      if (used.containsAll(Expressions.columns(name.expression()))) {
        continue;
      }
      if (!Types.groupable(name.expression().type())) {
        compilation.error(
            DiagnosticCode.SQL_WRONG_TYPE,
            place,
            "PIVOT groups by the columns that it does not name, and cannot by "
                + name.name()
                + " of type "
                + name.expression().type().sql(),
            "leave the column out in a subquery: (SELECT ... FROM ...) PIVOT (...)");
        return from.failure();
      }
      keys.add(Typed.value(name.expression(), place));
      names.add(name.name());
    }
    Stage stage = new Stage(compilation, rows.plan());
    GroupBy.Grouping grouping =
        new GroupBy.Grouping(keys, List.of(Plans.places(keys.size())), Set.of(), null, "");
    new GroupStage(compilation, aggregates, new WindowCalls(compilation, false))
        .group(stage, keys.isEmpty() ? null : grouping, place);
    List<Expression> columns = new ArrayList<>();
    keys.forEach(k -> columns.add(stage.map(k.expression(), place)));
    for (Made one : made) {
      columns.add(stage.map(one.value().expression(), place));
      names.add(one.name());
    }
    int visible = columns.size();
    carry(stage.plan(), columns, names);
    Plan plan = Plans.project(stage.plan(), columns, names);
    SqlExpression.Identifier alias = pivot.alias();
    return from.ofRelation(
        Relation.of(plan, visible, IntStream.range(0, visible).mapToObj(i -> place).toList()),
        alias == null ? "" : alias.name(),
        List.of(),
        place);
  }

  /** A window's bounds that no column shows go on behind the others. */
  private static void carry(Plan plan, List<Expression> columns, List<String> names) {
    PlanTraits traits = PlanTraits.of(plan);
    List<Integer> bounds = new ArrayList<>(traits.starts());
    bounds.addAll(traits.ends());
    for (int bound : bounds) {
      Expression column = Plans.column(plan, bound);
      if (columns.stream().noneMatch(c -> Expressions.same(c, column))) {
        columns.add(column);
        names.add("");
      }
    }
  }
}
