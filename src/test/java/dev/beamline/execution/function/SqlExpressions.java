package dev.beamline.execution.function;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Type;
import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.Place;
import dev.beamline.diagnostic.Problems;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.plan.Expression;
import dev.beamline.sql.ast.SqlExpression;
import dev.beamline.sql.ast.SqlType;
import dev.beamline.sql.parser.SqlParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes plan expressions of constant SQL expressions: the least that tests of functions need, so
 * that they do not depend on the analyzer.
 */
final class SqlExpressions {

  private static final Map<String, String> OPERATORS =
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
          Map.entry("&", "BITWISE_AND"),
          Map.entry("|", "BITWISE_OR"),
          Map.entry("^", "BITWISE_XOR"),
          Map.entry("~", "BITWISE_NOT"),
          Map.entry("<<", "SHIFT_LEFT"),
          Map.entry(">>", "SHIFT_RIGHT"));

  private SqlExpressions() {}

  /** An expression that no signature fits, or that is none. */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }

  static Expression of(String sql) {
    Problems problems = new Problems();
    SqlExpression parsed = SqlParser.parseExpression("test.sql", 1, 1, sql, problems);
    if (parsed == null || problems.hasErrors()) {
      throw new IllegalArgumentException(
          sql
              + ": "
              + problems.sorted().stream().map(Diagnostic::message).collect(Collectors.toList()));
    }
    return expression(parsed);
  }

  private static Expression expression(SqlExpression sql) {
    if (sql instanceof SqlExpression.NullLiteral) {
      return new Expression.Literal(null, ScalarType.INT64);
    } else if (sql instanceof SqlExpression.BoolLiteral literal) {
      return new Expression.Literal(literal.value(), ScalarType.BOOL);
    } else if (sql instanceof SqlExpression.IntegerLiteral literal) {
      return new Expression.Literal(Integers.parse(literal.text()), ScalarType.INT64);
    } else if (sql instanceof SqlExpression.FloatLiteral literal) {
      return new Expression.Literal(Floats.parse(literal.text()), ScalarType.FLOAT64);
    } else if (sql instanceof SqlExpression.StringLiteral literal) {
      return new Expression.Literal(literal.value(), ScalarType.STRING);
    } else if (sql instanceof SqlExpression.BytesLiteral literal) {
      byte[] bytes = new byte[literal.value().size()];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = literal.value().get(i);
      }
      return new Expression.Literal(ByteString.copyFrom(bytes), ScalarType.BYTES);
    } else if (sql instanceof SqlExpression.TypedLiteral literal) {
      ScalarType type = ScalarType.valueOf(literal.typeName().toUpperCase(Locale.ROOT));
      return new Expression.Literal(typed(literal.value(), type), type);
    } else if (sql instanceof SqlExpression.IntervalLiteral literal) {
      String text =
          literal.value() instanceof SqlExpression.StringLiteral string
              ? string.value()
              : literal.value() instanceof SqlExpression.IntegerLiteral number
                  ? number.text()
                  : "-" + ((SqlExpression.IntegerLiteral) operand(literal.value())).text();
      return new Expression.Literal(
          IntervalLiterals.parse(text, literal.part(), literal.toPart()), ScalarType.INTERVAL);
    } else if (sql instanceof SqlExpression.Unary unary) {
      return unary(unary);
    } else if (sql instanceof SqlExpression.Binary binary) {
      if (binary.operator().equals("NOT LIKE")) {
        return not(
            call("LIKE", false, binary.place(), binary.left(), binary.right()), binary.place());
      }
      String name = binary.operator().replace(' ', '_');
      return call(
          OPERATORS.getOrDefault(binary.operator(), name),
          false,
          binary.place(),
          binary.left(),
          binary.right());
    } else if (sql instanceof SqlExpression.Between between) {
      Expression call =
          call("BETWEEN", false, between.place(), between.value(), between.low(), between.high());
      return between.negated() ? not(call, between.place()) : call;
    } else if (sql instanceof SqlExpression.InList in) {
      List<SqlExpression> all = new ArrayList<>(List.of(in.value()));
      all.addAll(in.list());
      Expression call = call("IN", false, in.place(), all.toArray(SqlExpression[]::new));
      return in.negated() ? not(call, in.place()) : call;
    } else if (sql instanceof SqlExpression.InUnnest in) {
      Expression call = call("IN_UNNEST", false, in.place(), in.value(), in.array());
      return in.negated() ? not(call, in.place()) : call;
    } else if (sql instanceof SqlExpression.Case cases) {
      return cases(cases);
    } else if (sql instanceof SqlExpression.Cast cast) {
      return cast(cast);
    } else if (sql instanceof SqlExpression.ArrayConstructor array) {
      return array(array);
    } else if (sql instanceof SqlExpression.StructConstructor struct) {
      return struct(struct);
    } else if (sql instanceof SqlExpression.Call call) {
      return call(call);
    }
    throw new IllegalArgumentException("not for these tests: " + sql);
  }

  private static @Nullable Object typed(String text, ScalarType type) {
    if (type != ScalarType.JSON) {
      return Casts.cast(text, ScalarType.STRING, type);
    }
    try {
      return new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static SqlExpression operand(SqlExpression negative) {
    return ((SqlExpression.Unary) negative).operand();
  }

  private static Expression unary(SqlExpression.Unary unary) {
    if (unary.operator().equals("-")) {
      if (unary.operand() instanceof SqlExpression.IntegerLiteral literal
          && !literal.text().startsWith("-")) {
        return new Expression.Literal(Integers.parse("-" + literal.text()), ScalarType.INT64);
      } else if (unary.operand() instanceof SqlExpression.FloatLiteral literal
          && !literal.text().startsWith("-")) {
        return new Expression.Literal(Floats.parse("-" + literal.text()), ScalarType.FLOAT64);
      }
      return call("NEGATE", false, unary.place(), unary.operand());
    }
    String name = OPERATORS.getOrDefault(unary.operator(), unary.operator().replace(' ', '_'));
    return call(name, false, unary.place(), unary.operand());
  }

  private static Expression not(Expression operand, Place place) {
    return bind("NOT", false, place, List.of(operand));
  }

  private static Expression cases(SqlExpression.Case cases) {
    List<Expression> arguments = new ArrayList<>();
    for (SqlExpression.Case.When when : cases.whens()) {
      SqlExpression operand = cases.operand();
      arguments.add(
          operand == null
              ? expression(when.condition())
              : call("EQ", false, cases.place(), operand, when.condition()));
      arguments.add(expression(when.result()));
    }
    if (cases.otherwise() != null) {
      arguments.add(expression(cases.otherwise()));
    }
    return bind("CASE", false, cases.place(), arguments);
  }

  private static Expression cast(SqlExpression.Cast cast) {
    Expression operand = expression(cast.operand());
    Type type = type(cast.type());
    if (operand instanceof Expression.Literal literal && literal.value() == null) {
      return new Expression.Literal(null, type);
    }
    List<Expression> arguments = new ArrayList<>(List.of(operand));
    if (cast.format() != null) {
      arguments.add(Coercion.coerce(expression(cast.format()), ScalarType.STRING, cast.place()));
    }
    if (cast.timeZone() != null) {
      arguments.add(Coercion.coerce(expression(cast.timeZone()), ScalarType.STRING, cast.place()));
    }
    if (arguments.size() == 1
        ? !Casts.allowed(operand.type(), type)
        : !CastFormats.allowed(operand.type(), type, cast.timeZone() != null)) {
      throw new Refused("no CAST from " + operand.type() + " to " + type);
    }
    return new Expression.Call(
        arguments.size() == 1 ? "CAST" : "CAST_FORMAT", arguments, type, cast.safe(), cast.place());
  }

  private static Type type(SqlType type) {
    if (type instanceof SqlType.Array array) {
      return Type.array(type(array.element()));
    } else if (type instanceof SqlType.Struct struct) {
      return new StructType(
          struct.fields().stream()
              .map(f -> Column.of(f.name() == null ? "" : f.name(), type(f.type())))
              .toList());
    }
    return ScalarType.valueOf(((SqlType.Named) type).name().toUpperCase(Locale.ROOT));
  }

  private static Expression array(SqlExpression.ArrayConstructor array) {
    List<Expression> elements = array.elements().stream().map(SqlExpressions::expression).toList();
    if (array.elementType() == null) {
      return bind("ARRAY", false, array.place(), elements);
    }
    Type type = type(array.elementType());
    return new Expression.Call(
        "ARRAY",
        elements.stream().map(e -> Coercion.coerce(e, type, array.place())).toList(),
        Type.array(type),
        false,
        array.place());
  }

  private static Expression struct(SqlExpression.StructConstructor struct) {
    List<Expression> values = struct.values().stream().map(SqlExpressions::expression).toList();
    if (struct.type() == null) {
      return bind("STRUCT", false, struct.place(), values);
    }
    StructType type = (StructType) type(struct.type());
    List<Expression> coerced = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      coerced.add(Coercion.coerce(values.get(i), type.fields().get(i).type(), struct.place()));
    }
    return new Expression.Call("STRUCT", coerced, type, false, struct.place());
  }

  private static Expression call(SqlExpression.Call call) {
    ScalarFunction function =
        FunctionCatalog.standard()
            .function(call.name())
            .orElseThrow(() -> new Refused("no function " + call.name()));
    List<SqlExpression> positional =
        call.arguments().stream()
            .filter(a -> !(a instanceof SqlExpression.NamedArgument))
            .toList();
    int count = positional.size() + function.namedParameters().size();
    List<Expression> arguments = new ArrayList<>();
    for (int i = 0; i < positional.size(); i++) {
      SqlExpression argument = positional.get(i);
      if (function.takesWord(i, count) && argument instanceof SqlExpression.Path path) {
        String word = path.parts().get(0).name().toUpperCase(Locale.ROOT);
        arguments.add(new Expression.Literal(word, ScalarType.STRING));
      } else if (function.takesWord(i, count) && argument instanceof SqlExpression.WeekPart week) {
        arguments.add(new Expression.Literal("WEEK(" + week.day() + ")", ScalarType.STRING));
      } else {
        arguments.add(expression(argument));
      }
    }
    for (ScalarFunction.NamedParameter parameter : function.namedParameters()) {
      Expression value = parameter.defaultValue();
      for (SqlExpression argument : call.arguments()) {
        if (argument instanceof SqlExpression.NamedArgument named
            && named.name().name().equalsIgnoreCase(parameter.name())) {
          value = expression(named.value());
        }
      }
      arguments.add(value);
    }
    return bind(function.name(), call.safe(), call.place(), arguments);
  }

  private static Expression call(
      String name, boolean safe, Place place, SqlExpression... arguments) {
    List<Expression> bound = new ArrayList<>();
    for (SqlExpression argument : arguments) {
      bound.add(expression(argument));
    }
    return bind(name, safe, place, bound);
  }

  private static Expression bind(
      String name, boolean safe, Place place, List<Expression> arguments) {
    ScalarFunction function =
        FunctionCatalog.standard().get(name).orElseThrow(() -> new Refused("no " + name));
    ScalarFunction.Signature signature =
        function
            .resolve(arguments.stream().map(ScalarFunction.Argument::of).toList())
            .orElseThrow(
                () ->
                    new Refused(
                        "no signature of "
                            + name
                            + " for "
                            + arguments.stream().map(Expression::type).toList()));
    List<Expression> coerced = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      try {
        coerced.add(
            Coercion.coerce(arguments.get(i), signature.parameters().get(i), place));
      } catch (EvaluationException e) {
        throw new Refused(String.valueOf(e.getMessage()));
      }
    }
    return new Expression.Call(name, coerced, signature.result(), safe, place);
  }
}
