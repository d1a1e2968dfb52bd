package dev.beamline.sql.analyzer;

import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Type;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Place;
import dev.beamline.plan.Expression;
import dev.beamline.sql.ast.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The parameters of a type in a CAST: STRING(10) refuses longer texts, NUMERIC(10, 2) rounds to two
 * digits and refuses numbers of more than eight before the point. The type itself stays the same.
 *
 * @param bare the type without them
 * @param parameters none where it has none
 */
record TypeLimits(SqlType bare, String name, List<Long> parameters) {

  TypeLimits {
    parameters = List.copyOf(parameters);
  }

  static TypeLimits of(SqlType type) {
    if (type instanceof SqlType.Named named && !named.parameters().isEmpty()) {
      String name = named.name().toUpperCase(Locale.ROOT);
      String canonical =
          switch (name) {
            case "DECIMAL" -> "NUMERIC";
            case "BIGDECIMAL" -> "BIGNUMERIC";
            case "VARCHAR" -> "STRING";
            default -> name;
          };
      boolean limited = List.of("STRING", "BYTES", "NUMERIC", "BIGNUMERIC").contains(canonical);
      if (limited) {
        return new TypeLimits(
            new SqlType.Named(name, List.of(), named.place()), canonical, named.parameters());
      }
    }
    return new TypeLimits(type, "", List.of());
  }

  /** Whether the parameters are right; what is wrong is reported. */
  boolean check(Compilation compilation) {
    if (parameters.isEmpty()) {
      return true;
    }
    String allowed =
        switch (name) {
          case "STRING", "BYTES" ->
              parameters.size() == 1 && parameters.get(0) >= 1 ? "" : name + "(length from 1 on)";
          case "NUMERIC" -> digits(9, 29);
          default -> digits(38, 38);
        };
    if (!allowed.isEmpty()) {
      compilation.error(
          DiagnosticCode.SQL_WRONG_TYPE,
          bare.place(),
          "there is no type " + name + parameters.toString().replace('[', '(').replace(']', ')'),
          "write " + allowed);
    }
    return allowed.isEmpty();
  }

  /** Precision and scale; empty where they are right. */
  private String digits(int mostScale, int mostWhole) {
    long precision = parameters.get(0);
    long scale = parameters.size() > 1 ? parameters.get(1) : 0;
    boolean right =
        parameters.size() <= 2
            && scale >= 0
            && scale <= mostScale
            && precision >= Math.max(1, scale)
            && precision <= scale + mostWhole;
    return right
        ? ""
        : name
            + "(precision, scale): the scale from 0 to "
            + mostScale
            + ", the precision at least that and at most "
            + mostWhole
            + " more";
  }

  /** The value held to the limits. */
  Typed apply(Typed value, boolean safe, Place place) {
    if (parameters.isEmpty()) {
      return value;
    }
    Type type = value.type();
    boolean length = type == ScalarType.STRING || type == ScalarType.BYTES;
    List<Expression> arguments = new ArrayList<>(List.of(value.expression()));
    arguments.add(constant(parameters.get(0)));
    if (!length) {
      arguments.add(constant(parameters.size() > 1 ? parameters.get(1) : 0));
    }
    String function = length ? "LIMIT_LENGTH" : "LIMIT_DIGITS";
    return Typed.value(new Expression.Call(function, arguments, type, safe, place), place);
  }

  private static Expression constant(long value) {
    return new Expression.Literal(value, ScalarType.INT64);
  }
}
