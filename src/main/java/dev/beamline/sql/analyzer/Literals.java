package dev.beamline.sql.analyzer;

import com.google.protobuf.ByteString;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Type;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Place;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.function.Casts;
import dev.beamline.execution.function.IntervalLiterals;
import dev.beamline.execution.function.JsonText;
import dev.beamline.plan.Expression;
import dev.beamline.sql.ast.SqlExpression;
import dev.beamline.sql.ast.SqlType;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Constants as written. */
final class Literals {

  private static final BigInteger LEAST = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger GREATEST = BigInteger.valueOf(Long.MAX_VALUE);

  private final Compilation compilation;

  Literals(Compilation compilation) {
    this.compilation = compilation;
  }

  Typed integer(SqlExpression.IntegerLiteral literal, boolean negated, Place place) {
    String text = literal.text();
    BigInteger value =
        text.length() > 2 && text.substring(0, 2).equalsIgnoreCase("0x")
            ? new BigInteger(text.substring(2), 16)
            : new BigInteger(text);
    BigInteger signed = negated ? value.negate() : value;
    if (signed.compareTo(LEAST) < 0 || signed.compareTo(GREATEST) > 0) {
      compilation.error(
          DiagnosticCode.SQL_INVALID_LITERAL,
          place,
          "integer " + signed + " is out of the range of INT64",
          "write NUMERIC '" + signed + "' or a FLOAT64");
      return Typed.error(place);
    }
    return Typed.literal(new Expression.Literal(signed.longValueExact(), ScalarType.INT64), place);
  }

  Typed floating(SqlExpression.FloatLiteral literal, boolean negated, Place place) {
    double value = Double.parseDouble(literal.text());
    if (Double.isInfinite(value)) {
      compilation.error(
          DiagnosticCode.SQL_INVALID_LITERAL,
          place,
          literal.text() + " is out of the range of FLOAT64");
      return Typed.error(place);
    }
    return Typed.literal(
        compilation.written(
            new Expression.Literal(negated ? -value : value, ScalarType.FLOAT64),
            (negated ? "-" : "") + literal.text()),
        place);
  }

  Typed string(SqlExpression.StringLiteral literal) {
    return Typed.literal(
        new Expression.Literal(literal.value(), ScalarType.STRING), literal.place());
  }

  Typed bytes(SqlExpression.BytesLiteral literal) {
    byte[] bytes = new byte[literal.value().size()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = literal.value().get(i);
    }
    return Typed.literal(
        new Expression.Literal(ByteString.copyFrom(bytes), ScalarType.BYTES), literal.place());
  }

  /** {@code DATE '2026-01-01'} and the like. */
  Typed typed(SqlExpression.TypedLiteral literal) {
    Type type =
        Types.of(
            new SqlType.Named(
                literal.typeName().toUpperCase(Locale.ROOT), List.of(), literal.place()),
            compilation);
    if (type == null) {
      return Typed.error(literal.place());
    }
    try {
      Object value =
          type == ScalarType.JSON
              ? JsonText.parse(literal.value())
              : Casts.cast(literal.value(), ScalarType.STRING, type);
      return Typed.value(new Expression.Literal(value, type), literal.place());
    } catch (EvaluationException e) {
      compilation.error(
          DiagnosticCode.SQL_INVALID_LITERAL,
          literal.place(),
          "'" + literal.value() + "' is no " + type.sql() + ": " + e.getMessage(),
          example(type));
      return Typed.error(literal.place());
    }
  }

  private static @Nullable String example(Type type) {
    if (!(type instanceof ScalarType scalar)) {
      return null;
    }
    return switch (scalar) {
      case DATE -> "write such as DATE '2026-01-31'";
      case TIMESTAMP -> "write such as TIMESTAMP '2026-01-31 23:59:59.123456+00'";
      case DATETIME -> "write such as DATETIME '2026-01-31 23:59:59'";
      case TIME -> "write such as TIME '23:59:59'";
      case NUMERIC, BIGNUMERIC -> "write such as " + type.sql() + " '1.5'";
      case JSON -> "write such as JSON '{\"a\": 1}'";
      default -> null;
    };
  }

  Typed parameter(SqlExpression.Parameter parameter) {
    for (var entry : compilation.context().parameters().entrySet()) {
      if (entry.getKey().equalsIgnoreCase(parameter.name())) {
        return Typed.literal(entry.getValue(), parameter.place());
      }
    }
    String near =
        Compilation.nearest(
            parameter.name(),
            compilation.context().parameters().keySet().stream().sorted().toList());
    compilation.error(
        DiagnosticCode.SQL_UNKNOWN_PARAMETER,
        parameter.place(),
        "parameter @" + parameter.name() + " has no value",
        near == null
            ? "give it in pipelines.yaml, as queries: {NAME: {parameters: {"
                + parameter.name()
                + ": ...}}}, or to run, query, verify and backfill as --parameter "
                + parameter.name()
                + "=..."
            : near);
    return Typed.error(parameter.place());
  }

  /** The constant that an interval of a literal is; null where it has another operand. */
  @Nullable Typed interval(SqlExpression.IntervalLiteral literal) {
    String text = literal.toPart() == null ? wholeNumber(literal.value()) : null;
    if (literal.value() instanceof SqlExpression.StringLiteral string) {
      text = string.value();
    }
    if (text == null) {
      return null;
    }
    try {
      return Typed.value(
          new Expression.Literal(
              IntervalLiterals.parse(text, literal.part(), literal.toPart()), ScalarType.INTERVAL),
          literal.place());
    } catch (EvaluationException e) {
      compilation.error(
          DiagnosticCode.SQL_INVALID_LITERAL,
          literal.place(),
          String.valueOf(e.getMessage()),
          "write such as INTERVAL 1 HOUR or INTERVAL '1-2 3 4:5:6.7' YEAR TO SECOND");
      return Typed.error(literal.place());
    }
  }

  /** Of 1 and -1; null of anything else. */
  private static @Nullable String wholeNumber(SqlExpression value) {
    if (value instanceof SqlExpression.IntegerLiteral number) {
      return number.text();
    } else if (value instanceof SqlExpression.Unary unary
        && unary.operator().equals("-")
        && unary.operand() instanceof SqlExpression.IntegerLiteral number) {
      return "-" + number.text();
    }
    return null;
  }
}
