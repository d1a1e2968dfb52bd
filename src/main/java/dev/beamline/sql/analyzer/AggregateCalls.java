package dev.beamline.sql.analyzer;

import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Type;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Place;
import dev.beamline.execution.aggregate.AggregateCatalog;
import dev.beamline.execution.aggregate.AggregateModifiers;
import dev.beamline.execution.aggregate.Resolution;
import dev.beamline.execution.function.ScalarFunction.Argument;
import dev.beamline.plan.AggregateCall;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Expressions;
import dev.beamline.plan.SortKey;
import dev.beamline.sql.ast.SqlExpression;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Calls of aggregate functions over the rows of a group. */
final class AggregateCalls {

  private final Compilation compilation;
  private final ExpressionAnalyzer expressions;

  AggregateCalls(Compilation compilation, ExpressionAnalyzer expressions) {
    this.compilation = compilation;
    this.expressions = expressions;
  }

  /** A call's function, arguments and what else it was given, typed. */
  record Parts(
      String function,
      List<Expression> arguments,
      AggregateCall.@Nullable Having having,
      Type result) {}

  Typed call(SqlExpression.Call call, Env env) {
    Aggregates aggregates = env.aggregates();
    if (aggregates == null) {
      compilation.error(
          DiagnosticCode.SQL_INVALID,
          call.place(),
          "aggregate function " + call.name() + " is not allowed in " + env.clause(),
          env.clause().equals("WHERE")
              ? "write the condition in HAVING"
              : env.clause().startsWith("an argument of")
                  ? "compute the inner one in a subquery"
                  : null);
      return Typed.error(call.place());
    }
    if (call.safe()) {
      compilation.error(
          DiagnosticCode.SQL_UNSUPPORTED,
          call.place(),
          "SAFE. is not allowed before aggregate function " + call.name());
    }
    Env inside = env.inside("an argument of " + call.name(), env.argumentAttachments());
    List<SortKey> order = order(call.orderBy(), inside, "ORDER BY of " + call.name());
    Long limit = limit(call, inside);
    SqlExpression filter = call.filter();
    Typed condition =
        filter == null ? null : expressions.condition(filter, inside, "the condition of FILTER");
    Parts parts = parts(call, inside, order == null ? List.of() : order);
    if (parts == null
        || order == null
        || (condition != null && condition.isError())
        || (limit != null && limit < 0)) {
      return Typed.error(call.place());
    }
    AggregateCall made =
        new AggregateCall(
            parts.function(),
            parts.arguments(),
            call.distinct(),
            condition == null ? null : condition.expression(),
            parts.having(),
            order,
            limit,
            nulls(call.ignoreNulls()),
            parts.result(),
            call.place());
    return aggregatesAlias(made, env, aggregates)
        ? Typed.error(call.place())
        : Typed.value(aggregates.add(made, true), call.place());
  }

  /**
   * Whether an argument is an aggregate of the SELECT list by its alias, which is reported: in
   * HAVING, QUALIFY and ORDER BY an alias hides the column of its name, as in BigQuery.
   */
  private boolean aggregatesAlias(AggregateCall made, Env env, Aggregates aggregates) {
    for (Map.Entry<String, List<Typed>> alias : new TreeMap<>(env.aliases()).entrySet()) {
      boolean aggregated =
          alias.getValue().stream()
              .flatMap(item -> Expressions.columns(item.expression()).stream())
              .filter(aggregates::makes)
              .anyMatch(
                  c ->
                      made.expressions().stream()
                          .anyMatch(e -> Expressions.columns(e).contains(c)));
      if (aggregated) {
        String name = alias.getKey();
        String column =
            env.scope().columns().stream()
                .filter(c -> c.name().equalsIgnoreCase(name) && !c.table().isEmpty())
                .map(
                    c -> " for the aggregate, or " + c.table() + "." + c.name() + " for the column")
                .findFirst()
                .orElse("");
        compilation.error(
            DiagnosticCode.SQL_INVALID,
            made.place(),
            name
                + " is an aggregate of the SELECT list here, which no argument of "
                + made.function()
                + " can be",
            "an alias hides the column of its name here: write " + name + column);
        return true;
      }
    }
    return false;
  }

  static AggregateCall.Nulls nulls(@Nullable Boolean ignore) {
    return ignore == null
        ? AggregateCall.Nulls.DEFAULT
        : ignore ? AggregateCall.Nulls.IGNORE : AggregateCall.Nulls.RESPECT;
  }

  /**
   * Function, coerced arguments and type; null where something is wrong, which was reported.
   *
   * @param order of ORDER BY among the arguments
   */
  @Nullable Parts parts(SqlExpression.Call call, Env inside, List<SortKey> order) {
    String name = call.name().toUpperCase(Locale.ROOT);
    List<Typed> arguments = new ArrayList<>();
    boolean star =
        call.arguments().size() == 1 && call.arguments().get(0) instanceof SqlExpression.Star;
    if (!star) {
      call.arguments().forEach(a -> arguments.add(expressions.analyze(a, inside)));
    } else if (!name.equals("COUNT") || call.distinct()) {
      compilation.error(
          DiagnosticCode.SQL_WRONG_ARGUMENTS,
          call.place(),
          name + "(" + (call.distinct() ? "DISTINCT " : "") + "*) is not allowed",
          "* stands only in COUNT(*)");
      return null;
    } else if (call.ignoreNulls() != null) {
      compilation.error(
          DiagnosticCode.SQL_WRONG_ARGUMENTS,
          call.place(),
          "COUNT(*) takes no IGNORE or RESPECT NULLS");
      return null;
    }
    SqlExpression.HavingBound having = call.having();
    Typed bound = null;
    if (having != null) {
      bound = expressions.analyze(having.expression(), inside);
      if (bound.isError()) {
        return null;
      }
      if (!Types.orderable(bound.type())) {
        notOrderable(bound, "HAVING MAX");
        return null;
      }
    }
    if (arguments.stream().anyMatch(Typed::isError)) {
      return null;
    }
    if (arguments.isEmpty() && !star && name.equals("COUNT")) {
      compilation.error(
          DiagnosticCode.SQL_WRONG_ARGUMENTS, call.place(), "COUNT() needs an argument or *");
      return null;
    }
    String function = AggregateCatalog.canonical(name);
    List<Argument> typed = arguments.stream().map(Typed::argument).toList();
    Resolution resolution =
        AnalyticSignatures.contains(function)
            ? AnalyticSignatures.resolve(function, typed)
            : AggregateCatalog.resolve(name, typed, modifiers(call, arguments, order));
    if (resolution instanceof Resolution.Refused refused) {
      compilation.error(
          DiagnosticCode.SQL_WRONG_ARGUMENTS, call.place(), refused.message(), refused.hint());
      return null;
    }
    Resolution.Accepted accepted = (Resolution.Accepted) resolution;
    List<Expression> coerced = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      Typed one = expressions.functions().coerce(arguments.get(i), accepted.parameters().get(i));
      if (one.isError()) {
        return null;
      }
      coerced.add(one.expression());
    }
    return new Parts(
        function,
        coerced,
        bound == null || having == null
            ? null
            : new AggregateCall.Having(bound.expression(), having.max()),
        accepted.result());
  }

  private static AggregateModifiers modifiers(
      SqlExpression.Call call, List<Typed> arguments, List<SortKey> order) {
    boolean byArgument =
        order.stream()
            .allMatch(
                k ->
                    !arguments.isEmpty()
                        && Expressions.same(k.expression(), arguments.get(0).expression()));
    return new AggregateModifiers(
        call.distinct(),
        order.stream().map(k -> k.expression().type()).toList(),
        byArgument,
        call.limit() != null,
        nulls(call.ignoreNulls()));
  }

  /** The keys; null where one is wrong. */
  @Nullable List<SortKey> order(List<SqlExpression.OrderItem> items, Env inside, String what) {
    List<SortKey> keys = new ArrayList<>();
    boolean failed = false;
    for (SqlExpression.OrderItem item : items) {
      Typed key = expressions.analyze(item.expression(), inside);
      if (!key.isError() && !Types.orderable(key.type())) {
        notOrderable(key, what);
        failed = true;
      }
      failed |= key.isError();
      keys.add(sortKey(item, key.expression()));
    }
    return failed ? null : keys;
  }

  void notOrderable(Typed key, String what) {
    compilation.error(
        DiagnosticCode.SQL_WRONG_TYPE,
        key.place(),
        "values of type " + key.shown() + " have no order, which " + what + " needs");
  }

  static SortKey sortKey(SqlExpression.OrderItem item, Expression key) {
    Boolean nullsFirst = item.nullsFirst();
    return new SortKey(
        key, item.descending(), nullsFirst == null ? !item.descending() : nullsFirst);
  }

  /** The limit; null: none; -1 where it is wrong. */
  private @Nullable Long limit(SqlExpression.Call call, Env inside) {
    SqlExpression limit = call.limit();
    if (limit == null) {
      return null;
    }
    Typed value =
        expressions
            .functions()
            .require(expressions.analyze(limit, inside), ScalarType.INT64, "LIMIT");
    Long count = LimitClause.count(value);
    if (count != null) {
      return count;
    }
    if (!value.isError()) {
      compilation.error(
          DiagnosticCode.SQL_INVALID,
          value.place(),
          "LIMIT must be a constant that is not negative");
    }
    return -1L;
  }

  /** {@code GROUPING(key)}: 1 where the key is left out of the grouping set, else 0. */
  Typed grouping(SqlExpression.Call call, Env env) {
    Aggregates aggregates = env.aggregates();
    if (aggregates == null || call.arguments().size() != 1) {
      compilation.error(
          DiagnosticCode.SQL_INVALID,
          call.place(),
          aggregates == null
              ? "GROUPING is not allowed in " + env.clause()
              : "GROUPING takes one argument");
      return Typed.error(call.place());
    }
    Place place = call.place();
    Typed key =
        expressions.analyze(call.arguments().get(0), env.inside("the argument of GROUPING", null));
    return key.isError() ? key : Typed.value(aggregates.addGrouping(key, ScalarType.INT64), place);
  }
}
