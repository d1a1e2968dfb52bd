package dev.beamline.sql.analyzer;

import dev.beamline.catalog.ArrayType;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Type;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Place;
import dev.beamline.execution.function.Coercion;
import dev.beamline.execution.function.FunctionCatalog;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Expressions;
import dev.beamline.sql.ast.SqlExpression;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gives each expression its meaning and type. Reports all that is wrong in it. */
final class ExpressionAnalyzer {

  /** Names of one WITH(...): each may stand twice in the next, and be written out so. */
  private static final int MOST_BINDINGS = 16;

  private static final Map<String, String> BINARY =
      Map.ofEntries(
          Map.entry("+", "ADD"),
          Map.entry("-", "SUBTRACT"),
          Map.entry("*", "MULTIPLY"),
          Map.entry("/", "DIVIDE"),
          Map.entry("||", "CONCAT_OPERATOR"),
          Map.entry("=", "EQ"),
          Map.entry("!=", "NE"),
          Map.entry("<", "LT"),
          Map.entry("<=", "LE"),
          Map.entry(">", "GT"),
          Map.entry(">=", "GE"),
          Map.entry("AND", "AND"),
          Map.entry("OR", "OR"),
          Map.entry("&", "BITWISE_AND"),
          Map.entry("|", "BITWISE_OR"),
          Map.entry("^", "BITWISE_XOR"),
          Map.entry("<<", "SHIFT_LEFT"),
          Map.entry(">>", "SHIFT_RIGHT"),
          Map.entry("LIKE", "LIKE"),
          Map.entry("LIKE ANY UNNEST", "LIKE_ANY"),
          Map.entry("LIKE ALL UNNEST", "LIKE_ALL"),
          Map.entry("IS DISTINCT FROM", "IS_DISTINCT_FROM"),
          Map.entry("IS NOT DISTINCT FROM", "IS_NOT_DISTINCT_FROM"));

  private static final Map<String, String> UNARY =
      Map.ofEntries(
          Map.entry("NOT", "NOT"),
          Map.entry("~", "BITWISE_NOT"),
          Map.entry("IS NULL", "IS_NULL"),
          Map.entry("IS NOT NULL", "IS_NOT_NULL"),
          Map.entry("IS TRUE", "IS_TRUE"),
          Map.entry("IS NOT TRUE", "IS_NOT_TRUE"),
          Map.entry("IS FALSE", "IS_FALSE"),
          Map.entry("IS NOT FALSE", "IS_NOT_FALSE"));

  /** Calcite's short names of two parts; its DOW counts from Sunday = 1, as BigQuery does. */
  private static final Map<String, String> EXTRACT_ALIASES =
      Map.of("DOW", "DAYOFWEEK", "DOY", "DAYOFYEAR");

  private static final List<String> DATE_PARTS =
      List.of(
          "MICROSECOND",
          "MILLISECOND",
          "SECOND",
          "MINUTE",
          "HOUR",
          "DAYOFWEEK",
          "DAY",
          "DAYOFYEAR",
          "WEEK",
          "WEEK(MONDAY)",
          "ISOWEEK",
          "MONTH",
          "QUARTER",
          "YEAR",
          "ISOYEAR",
          "DATE",
          "TIME");

  private final Compilation compilation;
  private final Functions functions;
  private final Literals literals;
  private final Paths paths;
  private final Calls calls;
  private final SubqueryAnalyzer subqueries;

  ExpressionAnalyzer(Compilation compilation) {
    this.compilation = compilation;
    functions = new Functions(compilation);
    literals = new Literals(compilation);
    paths = new Paths(compilation, functions);
    calls = new Calls(compilation, this);
    subqueries = new SubqueryAnalyzer(compilation, this);
  }

  Functions functions() {
    return functions;
  }

  Paths paths() {
    return paths;
  }

  SubqueryAnalyzer subqueries() {
    return subqueries;
  }

  /** The expression, which must be BOOL. */
  Typed condition(SqlExpression expression, Env env, String what) {
    return functions.require(analyze(expression, env), ScalarType.BOOL, what);
  }

  Typed analyze(SqlExpression expression, Env env) {
    if (expression instanceof SqlExpression.Path path) {
      return paths.resolve(path, env);
    } else if (expression instanceof SqlExpression.NullLiteral literal) {
      return Typed.untypedNull(literal.place());
    } else if (expression instanceof SqlExpression.BoolLiteral literal) {
      return Typed.literal(
          new Expression.Literal(literal.value(), ScalarType.BOOL), literal.place());
    } else if (expression instanceof SqlExpression.IntegerLiteral literal) {
      return literals.integer(literal, false, literal.place());
    } else if (expression instanceof SqlExpression.FloatLiteral literal) {
      return literals.floating(literal, false, literal.place());
    } else if (expression instanceof SqlExpression.StringLiteral literal) {
      return literals.string(literal);
    } else if (expression instanceof SqlExpression.BytesLiteral literal) {
      return literals.bytes(literal);
    } else if (expression instanceof SqlExpression.TypedLiteral literal) {
      return literals.typed(literal);
    } else if (expression instanceof SqlExpression.IntervalLiteral literal) {
      return interval(literal, env);
    } else if (expression instanceof SqlExpression.Parameter parameter) {
      return literals.parameter(parameter);
    } else if (expression instanceof SqlExpression.Unary unary) {
      return unary(unary, env);
    } else if (expression instanceof SqlExpression.Binary binary) {
      return binary(binary, env);
    } else if (expression instanceof SqlExpression.Between between) {
      return negated(
          functions.operator(
              "BETWEEN",
              List.of(
                  analyze(between.value(), env),
                  analyze(between.low(), env),
                  analyze(between.high(), env)),
              between.place()),
          between.negated());
    } else if (expression instanceof SqlExpression.InList in) {
      List<Typed> operands = new ArrayList<>();
      operands.add(analyze(in.value(), env));
      in.list().forEach(e -> operands.add(analyze(e, env)));
      return negated(functions.operator("IN", operands, in.place()), in.negated());
    } else if (expression instanceof SqlExpression.InUnnest in) {
      return negated(
          functions.operator(
              "IN_UNNEST", List.of(analyze(in.value(), env), analyze(in.array(), env)), in.place()),
          in.negated());
    } else if (expression instanceof SqlExpression.InSubquery in) {
      return subqueries.in(in, env);
    } else if (expression instanceof SqlExpression.Exists exists) {
      return subqueries.exists(exists, env);
    } else if (expression instanceof SqlExpression.With with) {
      return with(with, env);
    } else if (expression instanceof SqlExpression.ScalarSubquery scalar) {
      return subqueries.scalar(scalar, env);
    } else if (expression instanceof SqlExpression.ArraySubquery array) {
      return subqueries.array(array, env);
    } else if (expression instanceof SqlExpression.Case branches) {
      return caseOf(branches, env);
    } else if (expression instanceof SqlExpression.Cast cast) {
      return cast(cast, env);
    } else if (expression instanceof SqlExpression.Extract extract) {
      return extract(extract, env);
    } else if (expression instanceof SqlExpression.Call call) {
      return calls.call(call, env);
    } else if (expression instanceof SqlExpression.ArrayConstructor array) {
      return array(array, env);
    } else if (expression instanceof SqlExpression.StructConstructor struct) {
      return struct(struct, env);
    } else if (expression instanceof SqlExpression.Subscript subscript) {
      return subscript(subscript, env);
    } else if (expression instanceof SqlExpression.FieldAccess access) {
      return paths.field(analyze(access.operand(), env), access.field());
    }
    return misplaced(expression);
  }

  private Typed misplaced(SqlExpression expression) {
    String what =
        expression instanceof SqlExpression.Star
            ? "* stands only in SELECT and COUNT(*)"
            : expression instanceof SqlExpression.NamedArgument named
                ? "no function here takes the named argument " + named.name().name()
                : expression instanceof SqlExpression.Lambda
                    ? "no function here takes a lambda"
                    : "WEEK(...) stands only where a date part does";
    compilation.error(DiagnosticCode.SQL_INVALID, expression.place(), what);
    return Typed.error(expression.place());
  }

  private Typed interval(SqlExpression.IntervalLiteral literal, Env env) {
    Typed constant = literals.interval(literal);
    if (constant != null) {
      return constant;
    }
    if (literal.toPart() != null) {
      compilation.error(
          DiagnosticCode.SQL_WRONG_TYPE,
          literal.place(),
          "INTERVAL ... " + literal.part() + " TO " + literal.toPart() + " takes a text",
          "write such as INTERVAL '1:30' HOUR TO MINUTE");
      return Typed.error(literal.place());
    }
    Typed count =
        functions.require(
            analyze(literal.value(), env), ScalarType.INT64, "the number of an INTERVAL");
    Typed part =
        Typed.literal(new Expression.Literal(literal.part(), ScalarType.STRING), literal.place());
    return functions.operator("INTERVAL", List.of(count, part), literal.place());
  }

  private Typed unary(SqlExpression.Unary unary, Env env) {
    if (unary.operator().equals("-")) {
      if (unary.operand() instanceof SqlExpression.IntegerLiteral literal) {
        return literals.integer(literal, true, unary.place());
      } else if (unary.operand() instanceof SqlExpression.FloatLiteral literal) {
        return literals.floating(literal, true, unary.place());
      }
      return functions.operator("NEGATE", List.of(analyze(unary.operand(), env)), unary.place());
    } else if (unary.operator().equals("+")) {
      // There is no operator for it: a number stays what it is, and anything else is refused.
      Typed operand = analyze(unary.operand(), env);
      Typed checked = functions.operator("NEGATE", List.of(operand), unary.place());
      return checked.isError() ? checked : operand;
    }
    Typed operand = analyze(unary.operand(), env);
    return functions.operator(known(UNARY, unary.operator()), List.of(operand), unary.place());
  }

  private Typed binary(SqlExpression.Binary binary, Env env) {
    Typed left = analyze(binary.left(), env);
    Typed right = analyze(binary.right(), env);
    if (binary.operator().equals("NOT LIKE")) {
      return negated(functions.operator("LIKE", List.of(left, right), binary.place()), true);
    }
    if (binary.operator().startsWith("NOT LIKE ")) {
      // x NOT LIKE ANY means that one pattern does not match.
      String opposite = binary.operator().contains("ANY") ? "LIKE_ALL" : "LIKE_ANY";
      return negated(functions.operator(opposite, List.of(left, right), binary.place()), true);
    }
    return functions.operator(
        known(BINARY, binary.operator()), List.of(left, right), binary.place());
  }

  private static String known(Map<String, String> names, String operator) {
    String name = names.get(operator);
    if (name == null) {
      throw new IllegalArgumentException("no operator " + operator);
    }
    return name;
  }

  Typed negated(Typed condition, boolean negated) {
    return negated ? functions.operator("NOT", List.of(condition), condition.place()) : condition;
  }

  private Typed caseOf(SqlExpression.Case branches, Env env) {
    SqlExpression operand = branches.operand();
    Typed compared = operand == null ? null : analyze(operand, env);
    List<Typed> conditions = new ArrayList<>();
    List<Typed> results = new ArrayList<>();
    boolean failed = false;
    for (SqlExpression.Case.When when : branches.whens()) {
      Typed condition;
      if (compared == null) {
        condition = condition(when.condition(), env, "the condition of WHEN");
      } else {
        Typed value = analyze(when.condition(), env);
        condition = functions.operator("EQ", List.of(compared, value), value.place());
      }
      failed |= condition.isError();
      conditions.add(condition);
      results.add(analyze(when.result(), env));
    }
    SqlExpression otherwise = branches.otherwise();
    results.add(otherwise == null ? Typed.untypedNull(branches.place()) : analyze(otherwise, env));
    Optional<Type> type = functions.supertype(results, "the results of CASE", branches.place());
    if (failed || type.isEmpty()) {
      return Typed.error(branches.place());
    }
    List<Expression> arguments = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      if (i < conditions.size()) {
        arguments.add(conditions.get(i).expression());
      }
      Typed result = functions.coerce(results.get(i), type.get());
      if (result.isError()) {
        return result;
      }
      arguments.add(result.expression());
    }
    return Typed.value(
        new Expression.Call("CASE", arguments, type.get(), false, branches.place()),
        branches.place());
  }

  /**
   * WITH(name AS value, result). Where a value or the result is an aggregate or another that is
   * computed later, each name is replaced by what it stands for; else it is a subquery around the
   * row, in which each value is computed once.
   */
  private Typed with(SqlExpression.With with, Env env) {
    if (with.bindings().size() > MOST_BINDINGS) {
      compilation.error(
          DiagnosticCode.SQL_UNSUPPORTED,
          with.place(),
          "WITH(...) has more than " + MOST_BINDINGS + " names",
          "compute some of them in a subquery");
      return Typed.error(with.place());
    }
    Env inside = env;
    for (SqlExpression.Binding binding : with.bindings()) {
      Typed value = analyze(binding.value(), inside);
      if (value.isError()) {
        return value;
      }
      inside = inside.with(binding.name().name(), value.expression());
    }
    Typed result = analyze(with.result(), inside);
    return result.isError() || Expressions.contains(result.expression(), Compilation::isVirtual)
        ? result
        : analyze(with.subquery(), env);
  }

  private Typed cast(SqlExpression.Cast cast, Env env) {
    Typed operand = analyze(cast.operand(), env);
    TypeLimits limits = TypeLimits.of(cast.type());
    Type type = Types.of(limits.bare(), compilation);
    SqlExpression format = cast.format();
    SqlExpression zone = cast.timeZone();
    Typed formatValue = format == null ? null : analyze(format, env);
    Typed zoneValue = zone == null ? null : analyze(zone, env);
    if (operand.isError() || type == null || !limits.check(compilation)) {
      return Typed.error(cast.place());
    }
    Typed value = calls.cast(operand, type, cast.safe(), formatValue, zoneValue, cast.place());
    return value.isError() ? value : limits.apply(value, cast.safe(), cast.place());
  }

  private Typed extract(SqlExpression.Extract extract, Env env) {
    List<Typed> arguments = new ArrayList<>();
    arguments.add(
        new Typed(
            new Expression.Literal(
                EXTRACT_ALIASES.getOrDefault(extract.part(), extract.part()), ScalarType.STRING),
            Typed.Kind.WORD,
            extract.place()));
    arguments.add(analyze(extract.operand(), env));
    SqlExpression zone = extract.timeZone();
    if (zone != null) {
      arguments.add(analyze(zone, env));
    }
    boolean known =
        arguments.stream().anyMatch(Typed::isError)
            || FunctionCatalog.standard()
                .get("EXTRACT")
                .flatMap(f -> f.resolve(arguments.stream().map(Typed::argument).toList()))
                .isPresent();
    if (!known) {
      compilation.error(
          DiagnosticCode.SQL_WRONG_ARGUMENTS,
          extract.place(),
          "EXTRACT cannot take "
              + extract.part()
              + " from "
              + arguments.get(1).shown()
              + (zone == null ? "" : " AT TIME ZONE"),
          "parts of a TIMESTAMP and DATETIME are "
              + String.join(", ", DATE_PARTS)
              + "; a DATE and a TIME have only their own, and only TIMESTAMP takes AT TIME ZONE");
      return Typed.error(extract.place());
    }
    return functions.operator("EXTRACT", arguments, extract.place());
  }

  private Typed array(SqlExpression.ArrayConstructor array, Env env) {
    List<Typed> elements = array.elements().stream().map(e -> analyze(e, env)).toList();
    if (elements.stream().anyMatch(Typed::isError)) {
      return Typed.error(array.place());
    }
    Type element;
    if (array.elementType() != null) {
      element = Types.of(array.elementType(), compilation);
    } else if (elements.isEmpty()) {
      return new Typed(
          new Expression.Literal(List.of(), Type.array(ScalarType.INT64)),
          Typed.Kind.UNTYPED,
          array.place());
    } else {
      element =
          functions.supertype(elements, "the elements of the array", array.place()).orElse(null);
    }
    if (element == null) {
      return Typed.error(array.place());
    }
    if (element instanceof ArrayType) {
      compilation.error(
          DiagnosticCode.SQL_WRONG_TYPE,
          array.place(),
          "an array cannot hold arrays",
          "put a STRUCT around the inner ones: [STRUCT([1, 2] AS a)]");
      return Typed.error(array.place());
    }
    List<Expression> coerced = new ArrayList<>();
    for (Typed one : elements) {
      Typed value = functions.require(one, element, "an element of this array");
      if (value.isError()) {
        return value;
      }
      coerced.add(value.expression());
    }
    return Typed.value(
        new Expression.Call("ARRAY", coerced, Type.array(element), false, array.place()),
        array.place());
  }

  private Typed struct(SqlExpression.StructConstructor struct, Env env) {
    List<Typed> values = struct.values().stream().map(e -> analyze(e, env)).toList();
    if (values.stream().anyMatch(Typed::isError)) {
      return Typed.error(struct.place());
    }
    List<Column> fields = new ArrayList<>();
    List<Expression> coerced = new ArrayList<>();
    if (struct.type() == null) {
      for (int i = 0; i < values.size(); i++) {
        String name = i < struct.names().size() ? struct.names().get(i) : "";
        if (name.isEmpty()
            && i < struct.names().size()
            && struct.values().get(i) instanceof SqlExpression.Path path) {
          name = path.parts().get(path.parts().size() - 1).name();
        }
        fields.add(Column.of(name, values.get(i).type()));
        coerced.add(values.get(i).expression());
      }
    } else {
      Type declared = Types.of(struct.type(), compilation);
      if (!(declared instanceof StructType type)) {
        return Typed.error(struct.place());
      }
      if (type.fields().size() != values.size()) {
        compilation.error(
            DiagnosticCode.SQL_WRONG_ARGUMENTS,
            struct.place(),
            type.sql()
                + " has "
                + type.fields().size()
                + " fields but "
                + values.size()
                + " values are given");
        return Typed.error(struct.place());
      }
      for (int i = 0; i < values.size(); i++) {
        Column field = type.fields().get(i);
        Typed value = functions.require(values.get(i), field.type(), "this field of the STRUCT");
        if (value.isError()) {
          return value;
        }
        fields.add(field);
        coerced.add(value.expression());
      }
    }
    return Typed.value(
        new Expression.Call("STRUCT", coerced, new StructType(fields), false, struct.place()),
        struct.place());
  }

  private Typed subscript(SqlExpression.Subscript subscript, Env env) {
    Typed operand = analyze(subscript.operand(), env);
    Typed index = analyze(subscript.index(), env);
    if (operand.isError() || index.isError()) {
      return Typed.error(subscript.place());
    }
    String accessor = subscript.accessor();
    if (operand.type() instanceof ArrayType) {
      String name = accessor.isEmpty() ? "OFFSET" : accessor;
      return functions.operator("ARRAY_" + name, List.of(operand, index), subscript.place());
    } else if (operand.type() instanceof StructType struct) {
      return structField(operand, struct, index, accessor, subscript.place());
    } else if (operand.type() == ScalarType.JSON && accessor.isEmpty()) {
      return functions.operator("JSON_SUBSCRIPT", List.of(operand, index), subscript.place());
    }
    compilation.error(
        DiagnosticCode.SQL_WRONG_TYPE,
        subscript.place(),
        "[] cannot be applied to " + operand.shown(),
        "it takes an ARRAY, a STRUCT or JSON");
    return Typed.error(subscript.place());
  }

  private Typed structField(
      Typed operand, StructType struct, Typed index, String accessor, Place place) {
    long position =
        index.expression() instanceof Expression.Literal literal
                && literal.value() instanceof Long number
            ? number - (accessor.equals("ORDINAL") ? 1 : 0)
            : -1;
    if (position < 0 || position >= struct.fields().size()) {
      compilation.error(
          DiagnosticCode.SQL_INVALID,
          index.place(),
          "the position in a STRUCT must be a constant from 0 to " + (struct.fields().size() - 1),
          "name the field");
      return Typed.error(place);
    }
    int at = (int) position;
    return Typed.value(
        new Expression.Field(operand.expression(), at, struct.fields().get(at).type()), place);
  }

  /** Whether a value of one type is one of the other without change. */
  static boolean equivalent(Type a, Type b) {
    return Coercion.equivalent(a, b);
  }
}
