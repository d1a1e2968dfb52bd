package dev.beamline.sql.analyzer;

import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Type;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Place;
import dev.beamline.execution.aggregate.AggregateCatalog;
import dev.beamline.execution.function.CastFormats;
import dev.beamline.execution.function.Casts;
import dev.beamline.execution.function.Coercion;
import dev.beamline.execution.function.FunctionCatalog;
import dev.beamline.execution.function.ScalarFunction;
import dev.beamline.plan.Expression;
import dev.beamline.sql.ast.SqlExpression;
import dev.beamline.sql.ast.SqlStatement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Calls by name: scalar functions, functions of CREATE FUNCTION, and whom to ask for the rest. */
final class Calls {

  private final Compilation compilation;
  private final ExpressionAnalyzer expressions;
  private final AggregateCalls aggregates;
  private final AnalyticCalls analytics;
  private final MacroCalls macros;
  private final LambdaCalls lambdas;

  Calls(Compilation compilation, ExpressionAnalyzer expressions) {
    this.compilation = compilation;
    this.expressions = expressions;
    aggregates = new AggregateCalls(compilation, expressions);
    analytics = new AnalyticCalls(compilation, expressions, aggregates);
    macros = new MacroCalls(compilation, expressions);
    lambdas = new LambdaCalls(compilation, expressions);
  }

  Typed call(SqlExpression.Call call, Env env) {
    String name = call.name().toUpperCase(Locale.ROOT);
    if (WindowFunctions.isBoundCall(name)) {
      return new WindowFunctions(compilation, expressions).bound(call, env);
    } else if (WindowFunctions.isGroupCall(name)) {
      compilation.error(
          DiagnosticCode.SQL_INVALID,
          call.place(),
          name + " stands only in GROUP BY",
          "write GROUP BY "
              + name
              + "(...), and "
              + name
              + "_START(...) here; or FROM TABLE("
              + name
              + "(TABLE t, DESCRIPTOR(ts), ...))");
      return Typed.error(call.place());
    } else if (name.equals("GROUPING")) {
      return aggregates.grouping(call, env);
    } else if (call.over() != null) {
      return analytics.call(call, env);
    }
    SqlStatement.CreateFunction macro = compilation.macros().find(name);
    if (macro != null) {
      return plain(call) ? macros.expand(macro, call, env) : Typed.error(call.place());
    } else if (LambdaCalls.takes(call)) {
      return lambdas.call(call, env);
    } else if (AggregateCatalog.contains(name)) {
      return aggregates.call(call, env);
    } else if (AnalyticSignatures.contains(name)) {
      compilation.error(
          DiagnosticCode.SQL_INVALID,
          call.place(),
          name + " needs OVER (...)",
          "write " + name + "(...) OVER (PARTITION BY ... ORDER BY ...)");
      return Typed.error(call.place());
    }
    return scalar(name, call, env);
  }

  private Typed scalar(String name, SqlExpression.Call call, Env env) {
    Optional<ScalarFunction> found = FunctionCatalog.standard().function(name);
    if (found.isEmpty()) {
      call.arguments().forEach(a -> analyzeQuietly(a, env));
      unknown(call, name);
      return Typed.error(call.place());
    }
    ScalarFunction function = found.get();
    List<Typed> arguments = arguments(function, call, env);
    if (!plain(call) || arguments == null) {
      return Typed.error(call.place());
    }
    if (!function.deterministic()) {
      Determinism.report(compilation, function.name(), call.place());
    }
    return expressions.functions().call(function, arguments, call.safe(), call.place());
  }

  /** Reports what is wrong inside the arguments of a call that is wrong itself. */
  private void analyzeQuietly(SqlExpression argument, Env env) {
    if (!(argument instanceof SqlExpression.NamedArgument
        || argument instanceof SqlExpression.Lambda
        || argument instanceof SqlExpression.Star
        || argument instanceof SqlExpression.WeekPart
        || argument instanceof SqlExpression.Path)) {
      expressions.analyze(argument, env);
    }
  }

  private void unknown(SqlExpression.Call call, String name) {
    Optional<String> refusal = FunctionCatalog.standard().refusal(name);
    if (refusal.isPresent()) {
      compilation.error(
          DiagnosticCode.SQL_UNSUPPORTED,
          call.place(),
          "function " + name + " is not supported",
          refusal.get());
      return;
    }
    compilation.error(
        DiagnosticCode.SQL_UNKNOWN_FUNCTION,
        call.place(),
        "there is no function " + name,
        ForeignFunctions.instead(name).orElseGet(() -> nearestFunction(name)));
  }

  private static @Nullable String castHint(Type from, Type to) {
    if (from == ScalarType.INT64 && to == ScalarType.DATE) {
      return "write DATE_FROM_UNIX_DATE(days), or DATE(year, month, day)";
    } else if (from == ScalarType.INT64 && to == ScalarType.TIMESTAMP) {
      return "write TIMESTAMP_SECONDS, TIMESTAMP_MILLIS or TIMESTAMP_MICROS";
    } else if (to == ScalarType.INT64
        && (from == ScalarType.TIMESTAMP || from == ScalarType.DATE)) {
      return from == ScalarType.DATE
          ? "write UNIX_DATE"
          : "write UNIX_SECONDS, UNIX_MILLIS or UNIX_MICROS";
    } else if (to == ScalarType.JSON) {
      return "write TO_JSON(value), or PARSE_JSON(text)";
    } else if (from == ScalarType.JSON) {
      return "write INT64, FLOAT64, BOOL or STRING(json), or their LAX_ forms";
    } else if (to == ScalarType.STRING) {
      return "write TO_JSON_STRING(value)";
    } else if (to instanceof ArrayType && from == ScalarType.STRING) {
      return "write SPLIT(text, ','), or [value] for an array of one";
    }
    return "write an expression that makes the value, such as one of its parts";
  }

  @Nullable String nearestFunction(String name) {
    Set<String> names = new TreeSet<>(FunctionCatalog.standard().names());
    names.addAll(AggregateCatalog.names());
    names.addAll(AnalyticSignatures.names());
    names.addAll(compilation.macros().names());
    return Compilation.nearest(name, names);
  }

  /** All arguments in the function's order; null where one is wrong, which was reported. */
  private @Nullable List<Typed> arguments(
      ScalarFunction function, SqlExpression.Call call, Env env) {
    List<SqlExpression> positional = new ArrayList<>();
    List<SqlExpression.NamedArgument> named = new ArrayList<>();
    for (SqlExpression argument : call.arguments()) {
      if (argument instanceof SqlExpression.NamedArgument one) {
        named.add(one);
      } else {
        positional.add(argument);
      }
    }
    List<ScalarFunction.NamedParameter> parameters = function.namedParameters();
    int count = positional.size() + parameters.size();
    List<Typed> arguments = new ArrayList<>();
    for (int i = 0; i < positional.size(); i++) {
      SqlExpression argument = positional.get(i);
      Typed word = function.takesWord(i, count) ? word(argument) : null;
      arguments.add(word != null ? word : expressions.analyze(argument, env));
    }
    boolean known = true;
    for (SqlExpression.NamedArgument one : named) {
      if (parameters.stream().noneMatch(p -> p.name().equalsIgnoreCase(one.name().name()))) {
        compilation.error(
            DiagnosticCode.SQL_WRONG_ARGUMENTS,
            one.place(),
            function.name() + " has no argument named " + one.name().name(),
            Compilation.nearest(
                one.name().name(),
                parameters.stream().map(ScalarFunction.NamedParameter::name).toList()));
        known = false;
      }
    }
    for (ScalarFunction.NamedParameter parameter : parameters) {
      Typed value = Typed.value(parameter.defaultValue(), call.place());
      for (SqlExpression.NamedArgument one : named) {
        if (parameter.name().equalsIgnoreCase(one.name().name())) {
          value = expressions.analyze(one.value(), env);
        }
      }
      arguments.add(value);
    }
    return known ? arguments : null;
  }

  /** A bare word such as a date part as the text that functions take; null where it is none. */
  private static @Nullable Typed word(SqlExpression argument) {
    String text;
    if (argument instanceof SqlExpression.Path path && path.parts().size() == 1) {
      text = path.parts().get(0).name().toUpperCase(Locale.ROOT);
    } else if (argument instanceof SqlExpression.WeekPart week) {
      text = "WEEK(" + week.day().toUpperCase(Locale.ROOT) + ")";
    } else {
      return null;
    }
    return new Typed(
        new Expression.Literal(text, ScalarType.STRING), Typed.Kind.WORD, argument.place());
  }

  /** Whether the call has nothing that only aggregates take; what it has is reported. */
  private boolean plain(SqlExpression.Call call) {
    String what =
        call.distinct()
            ? "DISTINCT"
            : call.filter() != null
                ? "FILTER"
                : !call.orderBy().isEmpty()
                    ? "ORDER BY"
                    : call.limit() != null
                        ? "LIMIT"
                        : call.having() != null
                            ? "HAVING"
                            : call.ignoreNulls() != null ? "IGNORE or RESPECT NULLS" : null;
    if (what == null) {
      return true;
    }
    compilation.error(
        DiagnosticCode.SQL_WRONG_ARGUMENTS,
        call.place(),
        call.name() + " is no aggregate function and takes no " + what);
    return false;
  }

  /** CAST and SAFE_CAST, perhaps with FORMAT and AT TIME ZONE. */
  Typed cast(
      Typed operand,
      Type type,
      boolean safe,
      @Nullable Typed format,
      @Nullable Typed zone,
      Place place) {
    if (operand.isUntyped()) {
      return Typed.value(expressions.functions().coerce(operand, type).expression(), place);
    }
    String written = format == null ? compilation.written(operand.expression()) : null;
    if (written != null && (type == ScalarType.NUMERIC || type == ScalarType.BIGNUMERIC)) {
      return safe
          ? Typed.value(
              Coercion.cast(new Expression.Literal(written, ScalarType.STRING), type, true, place),
              place)
          : expressions.functions().decimal(written, type, place);
    }
    if (format != null || zone != null) {
      return formatted(operand, type, safe, format, zone, place);
    }
    if (!Casts.allowed(operand.type(), type)) {
      compilation.error(
          DiagnosticCode.SQL_WRONG_TYPE,
          place,
          "a value of type " + operand.shown() + " cannot be cast to " + type.sql(),
          castHint(operand.type(), type));
      return Typed.error(place);
    }
    return ExpressionAnalyzer.equivalent(operand.type(), type) && operand.type().equals(type)
        ? Typed.value(operand.expression(), place)
        : Typed.value(Coercion.cast(operand.expression(), type, safe, place), place);
  }

  private Typed formatted(
      Typed operand,
      Type type,
      boolean safe,
      @Nullable Typed format,
      @Nullable Typed zone,
      Place place) {
    if (format == null) {
      compilation.error(
          DiagnosticCode.SQL_UNSUPPORTED,
          place,
          "CAST with AT TIME ZONE needs FORMAT",
          "write FORMAT_TIMESTAMP or PARSE_TIMESTAMP with a time zone");
      return Typed.error(place);
    }
    Functions functions = expressions.functions();
    Typed model = functions.require(format, ScalarType.STRING, "FORMAT");
    Typed where = zone == null ? model : functions.require(zone, ScalarType.STRING, "AT TIME ZONE");
    if (model.isError() || where.isError()) {
      return Typed.error(place);
    }
    if (!CastFormats.allowed(operand.type(), type, zone != null)) {
      compilation.error(
          DiagnosticCode.SQL_WRONG_TYPE,
          place,
          "CAST from "
              + operand.shown()
              + " to "
              + type.sql()
              + " takes no FORMAT"
              + (zone == null ? "" : " with a time zone"));
      return Typed.error(place);
    }
    List<Expression> arguments = new ArrayList<>();
    arguments.add(operand.expression());
    arguments.add(model.expression());
    if (zone != null) {
      arguments.add(where.expression());
    }
    return functions.checked(
        new Expression.Call(CastFormats.CAST_FORMAT, arguments, type, safe, place), place);
  }
}
