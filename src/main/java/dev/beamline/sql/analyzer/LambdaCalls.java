package dev.beamline.sql.analyzer;

import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Expressions;
import dev.beamline.plan.Plan;
import dev.beamline.sql.ast.SqlExpression;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * ARRAY_FILTER(array, e -> condition) and ARRAY_TRANSFORM(array, e -> value), also with the index
 * as (e, i), written as {@code ARRAY(SELECT ... FROM UNNEST(array) AS e WITH OFFSET AS i ...)}.
 */
final class LambdaCalls {

  private static final Set<String> NAMES = Set.of("ARRAY_FILTER", "ARRAY_TRANSFORM");

  private final Compilation compilation;
  private final ExpressionAnalyzer expressions;

  LambdaCalls(Compilation compilation, ExpressionAnalyzer expressions) {
    this.compilation = compilation;
    this.expressions = expressions;
  }

  static boolean takes(SqlExpression.Call call) {
    return NAMES.contains(call.name().toUpperCase(Locale.ROOT));
  }

  Typed call(SqlExpression.Call call, Env env) {
    String name = call.name().toUpperCase(Locale.ROOT);
    if (call.arguments().size() != 2
        || !(call.arguments().get(1) instanceof SqlExpression.Lambda lambda)
        || lambda.parameters().isEmpty()
        || lambda.parameters().size() > 2) {
      compilation.error(
          DiagnosticCode.SQL_WRONG_ARGUMENTS,
          call.place(),
          name + " takes an array and a lambda",
          "write " + name + "(array, e -> ...) or " + name + "(array, (e, i) -> ...)");
      return Typed.error(call.place());
    }
    Typed array = expressions.analyze(call.arguments().get(0), env);
    if (array.isError()) {
      return array;
    }
    if (!(array.type() instanceof ArrayType type)) {
      compilation.error(
          DiagnosticCode.SQL_WRONG_TYPE,
          array.place(),
          "the first argument of " + name + " must be an ARRAY, not " + array.shown());
      return Typed.error(call.place());
    }
    List<Scope.Name> parameters = new ArrayList<>();
    List<Type> types = List.of(type.element(), ScalarType.INT64);
    for (int i = 0; i < lambda.parameters().size(); i++) {
      parameters.add(
          new Scope.Name(
              lambda.parameters().get(i).name(), new Expression.InputColumn(i, types.get(i)), ""));
    }
    Env inner = Env.plain(new Scope(List.of(), parameters, env.scope()), "a lambda", null);
    Typed body =
        name.equals("ARRAY_FILTER")
            ? expressions.condition(lambda.body(), inner, "the condition of ARRAY_FILTER")
            : expressions.analyze(lambda.body(), inner);
    if (body.isError()) {
      return Typed.error(call.place());
    }
    if (body.type() instanceof ArrayType && name.equals("ARRAY_TRANSFORM")) {
      compilation.error(
          DiagnosticCode.SQL_WRONG_TYPE,
          call.place(),
          "an array cannot hold arrays",
          "put a STRUCT around the inner ones");
      return Typed.error(call.place());
    }
    boolean filters = name.equals("ARRAY_FILTER");
    Plan rows =
        new Plan.Unnest(
            new Plan.ConstantRows(Schema.of(), List.of(Tuple.of())),
            Expressions.lift(array.expression(), 1),
            false,
            true,
            null,
            Schema.of(Column.of("element", type.element()), Column.of("offset", ScalarType.INT64)));
    Expression element =
        filters ? new Expression.InputColumn(0, type.element()) : body.expression();
    Plan results =
        new Plan.Calc(
            rows,
            filters ? body.expression() : null,
            List.of(element),
            Schema.of(Column.of("element", element.type())));
    Expression made =
        new Expression.RowSubquery(
            Expression.RowSubquery.Kind.ARRAY,
            results,
            null,
            Type.array(element.type()),
            call.place());
    if (call.safe()) {
      // The array was computed before, so that its own errors are seen.
      made = new Expression.Call("NULL_IF_ERROR", List.of(made), made.type(), false, call.place());
    }
    // The functions give NULL of NULL, where the subquery would give an empty array.
    return Typed.value(
        new Expression.Call(
            "CASE",
            List.of(
                new Expression.Call(
                    "IS_NULL", List.of(array.expression()), ScalarType.BOOL, false, call.place()),
                new Expression.Literal(null, made.type()),
                made),
            made.type(),
            false,
            call.place()),
        call.place());
  }
}
