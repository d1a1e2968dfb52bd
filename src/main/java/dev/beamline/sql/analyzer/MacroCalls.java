package dev.beamline.sql.analyzer;

import dev.beamline.catalog.Type;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.plan.Expression;
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
      names.add(new Scope.Name(name, argument.expression(), ""));
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
    return body.isError() ? Typed.error(call.place()) : Typed.value(safe(body, call), call.place());
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
