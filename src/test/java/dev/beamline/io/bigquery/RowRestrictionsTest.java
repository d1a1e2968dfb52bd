package dev.beamline.io.bigquery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Type;
import dev.beamline.diagnostic.Place;
import dev.beamline.io.ScanRequest.Filter;
import dev.beamline.plan.Expression;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A restriction never keeps a row away that a reader wants. */
final class RowRestrictionsTest {

  private static final Schema SCHEMA =
      Schema.of(
          Column.of("n", ScalarType.INT64),
          Column.of("s", ScalarType.STRING),
          Column.of("at", ScalarType.TIMESTAMP),
          Column.of("price", ScalarType.NUMERIC),
          Column.of("ok", ScalarType.BOOL));

  private static final Expression SMALL = call("LT", column(0), literal(5L, ScalarType.INT64));
  private static final Expression CHEAP =
      call("LT", column(3), literal(BigDecimal.ONE, ScalarType.NUMERIC));
  private static final Expression ANN = call("EQ", column(1), literal("ann", ScalarType.STRING));

  @Test
  void conditionsOfSimpleTypesAreSent() {
    assertEquals("`n` < 5", of(SMALL));
    assertEquals("(`n` < 5) AND (`s` = 'ann')", of(call("AND", SMALL, ANN)));
    assertEquals("(`n` < 5) OR (`s` = 'ann')", of(call("OR", SMALL, ANN)));
    assertEquals(
        "`at` >= TIMESTAMP '2026-01-01T00:00:00.000001Z'",
        of(call("GE", column(2), literal(1_767_225_600_000_001L, ScalarType.TIMESTAMP))));
    assertEquals("`ok`", of(column(4)));
    assertEquals("(`n` < 5) AND (NOT (`ok`))", of(call("AND", SMALL, call("NOT", column(4)))));
    assertEquals("NOT (`n` < 5)", of(call("NOT", SMALL)));
    assertEquals("`s` IS NOT NULL", of(call("IS_NOT_NULL", column(1))));
    assertEquals(
        "`n` IN (1, 2)",
        of(call("IN", column(0), literal(1L, ScalarType.INT64), literal(2L, ScalarType.INT64))));
  }

  @Test
  void whatHasNoSureFormIsLeftOut() {
    assertEquals(null, of(CHEAP));
    assertEquals("`n` < 5", of(call("AND", SMALL, CHEAP)));
    assertEquals(null, of(call("OR", SMALL, CHEAP)));
    assertEquals(null, of(call("NOT", call("AND", SMALL, CHEAP))));
    assertEquals(null, of(call("EQ", column(1), literal("o'hara", ScalarType.STRING))));
    assertEquals(null, of(call("EQ", column(1), literal(null, ScalarType.STRING))));
    assertEquals(null, of(call("EQ", column(1), literal("a\\", ScalarType.STRING))));
  }

  @Test
  void everyReadersRowsCome() {
    assertEquals(
        "(`n` < 5) OR (`s` = 'ann')",
        RowRestrictions.of(List.of(new Filter(SCHEMA, SMALL), new Filter(SCHEMA, ANN))));
    assertEquals(
        null, RowRestrictions.of(List.of(new Filter(SCHEMA, SMALL), new Filter(SCHEMA, CHEAP))));
    assertEquals(null, RowRestrictions.of(List.of()));
  }

  private static String of(Expression condition) {
    return RowRestrictions.of(List.of(new Filter(SCHEMA, condition)));
  }

  private static Expression column(int index) {
    return new Expression.InputColumn(index, SCHEMA.type(index));
  }

  private static Expression literal(Object value, Type type) {
    return new Expression.Literal(value, type);
  }

  private static Expression call(String function, Expression... arguments) {
    return new Expression.Call(
        function, List.of(arguments), ScalarType.BOOL, false, Place.ofFile("q.sql"));
  }
}
