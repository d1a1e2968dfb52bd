package dev.beamline.sql.analyzer;

import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Type;
import dev.beamline.diagnostic.Place;
import dev.beamline.execution.function.ScalarFunction;
import dev.beamline.plan.Expression;

/**
 * An expression after analysis.
 *
 * @param place where it stands, for errors about it
 */
record Typed(Expression expression, Kind kind, Place place) {

  /** What is known beside the type. */
  enum Kind {
    VALUE,
    /** A literal without a type name, or a parameter: it coerces further than a value. */
    LITERAL,
    /** A bare word such as a date part, passed as a text. */
    WORD,
    /** A bare NULL, {@code []} or ERROR(): it takes any type, or any array type. */
    UNTYPED,
    /** What is wrong was reported; nothing that follows from it shall be. */
    ERROR
  }

  static Typed value(Expression expression, Place place) {
    return new Typed(expression, Kind.VALUE, place);
  }

  static Typed literal(Expression.Literal expression, Place place) {
    return new Typed(expression, Kind.LITERAL, place);
  }

  static Typed untypedNull(Place place) {
    return new Typed(new Expression.Literal(null, ScalarType.INT64), Kind.UNTYPED, place);
  }

  static Typed error(Place place) {
    return new Typed(new Expression.Literal(null, ScalarType.INT64), Kind.ERROR, place);
  }

  Type type() {
    return expression.type();
  }

  boolean isError() {
    return kind == Kind.ERROR;
  }

  boolean isUntyped() {
    return kind == Kind.UNTYPED;
  }

  /** As functions look at it. */
  ScalarFunction.Argument argument() {
    return switch (kind) {
      case ERROR -> new ScalarFunction.Argument(null, true, null);
      case LITERAL, WORD ->
          new ScalarFunction.Argument(
              type(), true, expression instanceof Expression.Literal l ? l.value() : null);
      case UNTYPED ->
          expression instanceof Expression.Literal
              ? ScalarFunction.Argument.of(expression)
              : new ScalarFunction.Argument(null, true, null);
      case VALUE ->
          expression instanceof Expression.Literal
              ? ScalarFunction.Argument.of(type())
              : ScalarFunction.Argument.of(expression);
    };
  }

  /** The type for messages. */
  String shown() {
    if (kind == Kind.WORD && expression instanceof Expression.Literal word) {
      return String.valueOf(word.value());
    }
    return isUntyped()
        ? expression instanceof Expression.Literal literal && literal.value() != null
            ? "ARRAY"
            : "NULL"
        : type().sql();
  }
}
