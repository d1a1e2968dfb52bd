package dev.beamline.execution.function;

import static dev.beamline.catalog.ScalarType.BIGNUMERIC;
import static dev.beamline.catalog.ScalarType.BOOL;
import static dev.beamline.catalog.ScalarType.BYTES;
import static dev.beamline.catalog.ScalarType.DATE;
import static dev.beamline.catalog.ScalarType.DATETIME;
import static dev.beamline.catalog.ScalarType.FLOAT64;
import static dev.beamline.catalog.ScalarType.INT64;
import static dev.beamline.catalog.ScalarType.NUMERIC;
import static dev.beamline.catalog.ScalarType.STRING;
import static dev.beamline.catalog.ScalarType.TIME;
import static dev.beamline.catalog.ScalarType.TIMESTAMP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Type;
import dev.beamline.diagnostic.Place;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.function.ScalarFunction.Argument;
import dev.beamline.plan.Expression;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class CoercionTest {

  private static final Place PLACE = new Place("q.sql", 1, 1, 1);
  private static final Argument NULL = new Argument(null, true, null);

  @Test
  void valuesBecomeWhatTheReferenceSays() {
    Map<ScalarType, Set<ScalarType>> allowed = new EnumMap<>(ScalarType.class);
    allowed.put(INT64, EnumSet.of(FLOAT64, NUMERIC, BIGNUMERIC));
    allowed.put(NUMERIC, EnumSet.of(BIGNUMERIC, FLOAT64));
    allowed.put(BIGNUMERIC, EnumSet.of(FLOAT64));
    allowed.put(DATE, EnumSet.of(DATETIME));
    for (ScalarType from : ScalarType.values()) {
      for (ScalarType to : ScalarType.values()) {
        boolean expected = from == to || allowed.getOrDefault(from, Set.of()).contains(to);
        assertEquals(expected, Coercion.coerces(from, to), from + " to " + to);
      }
    }
  }

  @Test
  void literalsBecomeMore() {
    for (ScalarType to : List.of(DATE, DATETIME, TIME, TIMESTAMP)) {
      assertEquals(true, Coercion.coerces(literal("x", STRING), to), to.name());
    }
    assertEquals(true, Coercion.coerces(literal(0.5, FLOAT64), NUMERIC));
    assertEquals(false, Coercion.coerces(literal(0.5, FLOAT64), INT64));
    assertEquals(false, Coercion.coerces(literal("1", STRING), INT64));
    assertEquals(false, Coercion.coerces(literal("x", STRING), BYTES));
    assertEquals(true, Coercion.coerces(NULL, Type.array(BOOL)));
  }

  @Test
  void supertypes() {
    assertEquals(Optional.of(INT64), Coercion.supertype(List.of(NULL)));
    assertEquals(Optional.of(FLOAT64), supertype(INT64, FLOAT64));
    assertEquals(Optional.of(NUMERIC), supertype(NUMERIC, INT64));
    assertEquals(Optional.of(FLOAT64), supertype(NUMERIC, FLOAT64, INT64));
    assertEquals(Optional.of(DATETIME), supertype(DATE, DATETIME));
    assertEquals(Optional.empty(), supertype(DATE, TIMESTAMP));
    assertEquals(Optional.empty(), supertype(STRING, INT64));
    assertEquals(
        Optional.of(NUMERIC),
        Coercion.supertype(List.of(Argument.of(NUMERIC), literal(0.5, FLOAT64))));
    assertEquals(
        Optional.of(FLOAT64),
        Coercion.supertype(List.of(Argument.of(INT64), literal(0.5, FLOAT64))));
    assertEquals(
        Optional.of(TIMESTAMP),
        Coercion.supertype(List.of(literal("2020-01-01", STRING), Argument.of(TIMESTAMP))));
    assertEquals(
        Optional.of(Type.array(FLOAT64)), supertype(Type.array(INT64), Type.array(FLOAT64)));
    assertEquals(
        Optional.of(struct("a", FLOAT64)), supertype(struct("a", INT64), struct("b", FLOAT64)));
    assertEquals(Optional.empty(), supertype(struct("a", INT64), INT64));
  }

  @Test
  void literalsAreConvertedAndValuesCast() {
    Expression half = new Expression.Literal(0.1, FLOAT64);
    Expression column = new Expression.InputColumn(0, INT64);

    assertEquals(
        new Expression.Literal(new BigDecimal("0.1"), BIGNUMERIC),
        Coercion.coerce(half, BIGNUMERIC, PLACE));
    assertEquals(
        new Expression.Literal(18262L, DATE),
        Coercion.coerce(new Expression.Literal("2020-01-01", STRING), DATE, PLACE));
    assertEquals(column, Coercion.coerce(column, INT64, PLACE));
    assertEquals(
        new Expression.Call("CAST", List.of(column), FLOAT64, false, PLACE),
        Coercion.coerce(column, FLOAT64, PLACE));
    assertEquals(
        new Expression.Literal(null, STRING),
        Coercion.coerce(new Expression.Literal(null, INT64), STRING, PLACE));
    EvaluationException error =
        assertThrows(
            EvaluationException.class,
            () -> Coercion.coerce(new Expression.Literal("soon", STRING), DATE, PLACE));
    assertEquals("Could not cast literal \"soon\" to type DATE", error.getMessage());
    assertEquals(PLACE, error.place());
  }

  private static Argument literal(Object value, Type type) {
    return new Argument(type, true, value);
  }

  private static Optional<Type> supertype(Type... types) {
    return Coercion.supertype(List.of(types).stream().map(Argument::of).toList());
  }

  private static Type struct(String name, Type type) {
    return new StructType(List.of(Column.of(name, type)));
  }
}
