package dev.beamline.sql.analyzer;

import dev.beamline.catalog.Type;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Place;
import dev.beamline.execution.function.FunctionCatalog;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Expressions;
import dev.beamline.plan.Plan;
import dev.beamline.plan.Plans;
import dev.beamline.sql.ast.SqlExpression;
import dev.beamline.sql.ast.SqlStatement.CreateFunction;
import dev.beamline.sql.ast.SqlStatement.Parameter;
import dev.beamline.sql.ast.SqlType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Calls of CREATE FUNCTION's functions: the body is analyzed with the parameters standing for the
 * arguments.
 */
final class MacroCalls {

  private final Compilation compilation;
  private final ExpressionAnalyzer expressions;
  private final Deque<CreateFunction> open = new ArrayDeque<>();

  MacroCalls(Compilation compilation, ExpressionAnalyzer expressions) {
    this.compilation = compilation;
    this.expressions = expressions;
  }

  Typed expand(CreateFunction function, SqlExpression.Call call, Env env) {
    if (open.contains(function)) {
      compilation.error(
          DiagnosticCode.SQL_UNSUPPORTED,
          call.place(),
          "function " + function.name().name() + " calls itself",
          "SQL functions cannot be recursive");
      return Typed.error(call.place());
    }
    List<Typed> arguments = new ArrayList<>();
    for (SqlExpression argument : call.arguments()) {
      arguments.add(expressions.analyze(argument, env));
    }
    List<Parameter> parameters = function.parameters();
    if (arguments.size() != parameters.size()) {
      compilation.error(
          DiagnosticCode.SQL_WRONG_ARGUMENTS,
          call.place(),
          "function "
              + function.name().name()
              + " takes "
              + parameters.size()
              + (parameters.size() == 1 ? " argument" : " arguments")
              + ", not "
              + arguments.size(),
          "it is " + shown(function));
      return Typed.error(call.place());
    }
    List<Scope.Name> names = new ArrayList<>();
    List<Once> once = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    boolean failed = false;
    for (int i = 0; i < arguments.size(); i++) {
      Typed argument = arguments.get(i);
      Parameter parameter = parameters.get(i);
      String name = parameter.name().name();
      if (!seen.add(name.toLowerCase(Locale.ROOT))) {
        compilation.error(
            DiagnosticCode.DUPLICATE_NAME,
            parameter.name().place(),
            "two parameters are named " + name);
        failed = true;
      }
      SqlType declared = parameter.type();
      if (declared != null) {
        Type type = Types.of(declared, compilation);
        argument =
            type == null
                ? Typed.error(argument.place())
                : expressions
                    .functions()
                    .require(argument, type, "argument " + name + " of " + function.name().name());
      }
      failed |= argument.isError();
      Expression value = argument.expression();
      if (!argument.isError() && !FunctionCatalog.standard().deterministic(value)) {
        Once one = new Once(compilation.newVirtual(value.type()), value);
        once.add(one);
        value = one.column();
      }
      names.add(new Scope.Name(name, value, ""));
    }
    if (failed) {
      return Typed.error(call.place());
    }
    open.push(function);
    Typed body =
        expressions.analyze(
            function.body(),
            Env.plain(new Scope(List.of(), names, null), "a function", env.attachments()));
    open.pop();
    SqlType returns = function.returns();
    if (returns != null && !body.isError()) {
      Type type = Types.of(returns, compilation);
      body =
          type == null
              ? Typed.error(call.place())
              : expressions
                  .functions()
                  .require(body, type, "the result of " + function.name().name());
    }
    return body.isError()
        ? Typed.error(call.place())
        : Typed.value(computed(safe(body, call), once, call.place()), call.place());
  }

  /** An argument that is another value each time it is computed, and the column that it becomes. */
  private record Once(Expression.InputColumn column, Expression value) {}

  /** The body over arguments that are computed once, as (SELECT body FROM (SELECT arguments)). */
  private static Expression computed(Expression body, List<Once> once, Place place) {
    if (once.isEmpty()) {
      return body;
    }
    Plan arguments =
        Plans.project(
            FromAnalyzer.single(null).plan(),
            once.stream().map(o -> Expressions.lift(o.value(), 1)).toList(),
            once.stream().map(o -> "").toList());
    Expression inside =
        Expressions.rewrite(
            Expressions.lift(body, 1),
            (part, depth) -> {
              if (!(part instanceof Expression.OuterColumn column) || column.depth() != depth + 1) {
                return null;
              }
              for (int i = 0; i < once.size(); i++) {
                if (once.get(i).column().index() == column.index()) {
                  return depth == 0
                      ? new Expression.InputColumn(i, column.type())
                      : new Expression.OuterColumn(depth, i, column.type());
                }
              }
              return null;
            });
    return new Expression.RowSubquery(
        Expression.RowSubquery.Kind.SCALAR,
        Plans.project(arguments, List.of(inside), List.of("")),
        null,
        inside.type(),
        place);
  }

  /** SAFE. makes the outermost call of the body safe; as BigQuery, not what it calls. */
  private Expression safe(Typed body, SqlExpression.Call call) {
    if (!call.safe()) {
      return body.expression();
    }
    compilation.error(
        DiagnosticCode.SQL_UNSUPPORTED,
        call.place(),
        "SAFE. is not supported on functions of CREATE FUNCTION",
        "write SAFE. inside the function");
    return body.expression();
  }

  static String shown(CreateFunction function) {
    StringBuilder text = new StringBuilder(function.name().name()).append('(');
    for (int i = 0; i < function.parameters().size(); i++) {
      Parameter parameter = function.parameters().get(i);
      SqlType type = parameter.type();
      text.append(i == 0 ? "" : ", ").append(parameter.name().name()).append(' ');
      text.append(
          type instanceof SqlType.Named named ? named.name() : type == null ? "ANY TYPE" : "...");
    }
    return text.append(')').toString();
  }
}
