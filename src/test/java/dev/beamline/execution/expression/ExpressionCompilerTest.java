package dev.beamline.execution.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import dev.beamline.diagnostic.Place;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Plan;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ExpressionCompilerTest {

  private static final Place OUTER = new Place("q.sql", 1, 1, 1);
  private static final Place INNER = new Place("q.sql", 1, 9, 1);

  @Test
  void columnsFieldsAndConstants() {
    Expression struct =
        new Expression.InputColumn(1, new StructType(List.of(Column.of("a", ScalarType.INT64))));
    Expression field = new Expression.Field(struct, 0, ScalarType.INT64);
    Evaluator sum = ExpressionCompiler.compile(call("ADD", OUTER, false, column(0), field));

    assertEquals(5L, sum.evaluate(Tuple.of(2L, Tuple.of(3L))));
    assertNull(sum.evaluate(Tuple.of(2L, null)));
    assertNull(sum.evaluate(Tuple.of(null, Tuple.of(3L))));
  }

  @Test
  void anErrorCarriesThePlaceOfTheInnermostCall() {
    Expression division = call("DIVIDE", ScalarType.FLOAT64, INNER, false, number(1), number(0));
    Expression sum = call("ADD", ScalarType.FLOAT64, OUTER, false, division, number(1));

    EvaluationException error =
        assertThrows(
            EvaluationException.class, () -> ExpressionCompiler.compile(sum).evaluate(Tuple.of()));

    assertEquals(INNER, error.place());
    assertEquals("division by zero: 1 / 0", error.getMessage());
  }

  @Test
  void safeHidesErrorsOfTheCallItselfOnly() {
    Expression negative = literal(-1L, ScalarType.INT64);
    Expression text = literal("a", ScalarType.STRING);
    Expression failing = call("LEFT", ScalarType.STRING, INNER, false, text, negative);

    assertNull(evaluate(call("LEFT", ScalarType.STRING, INNER, true, text, negative)));
    EvaluationException error =
        assertThrows(
            EvaluationException.class,
            () -> evaluate(call("UPPER", ScalarType.STRING, OUTER, true, failing)));
    assertEquals(INNER, error.place());
  }

  @Test
  void aComparisonWithAConstantIsTheSameAsWithAColumn() {
    for (String operator : List.of("EQ", "NE", "LT", "LE", "GT", "GE")) {
      Evaluator constant =
          ExpressionCompiler.compile(
              call(
                  operator,
                  ScalarType.BOOL,
                  OUTER,
                  false,
                  column(0),
                  literal(5L, ScalarType.INT64)));
      Evaluator columns =
          ExpressionCompiler.compile(
              call(operator, ScalarType.BOOL, OUTER, false, column(0), column(1)));
      for (Long value : Arrays.asList(4L, 5L, 6L, null, Long.MIN_VALUE)) {
        assertEquals(
            columns.evaluate(Tuple.of(value, 5L)),
            constant.evaluate(Tuple.of(value)),
            operator + " " + value);
      }
    }
  }

  @Test
  void foldingKeepsWhatFailsAndWhatIsNotDeterministic() {
    Expression sum =
        call("ADD", OUTER, false, literal(1L, ScalarType.INT64), literal(2L, ScalarType.INT64));
    Expression division = call("DIVIDE", ScalarType.FLOAT64, INNER, false, number(1), number(0));
    Expression random = call("RAND", ScalarType.FLOAT64, OUTER, false);

    assertEquals(literal(3L, ScalarType.INT64), ConstantFolding.fold(sum));
    assertEquals(division, ConstantFolding.fold(division));
    assertEquals(random, ConstantFolding.fold(random));
    assertEquals(
        call("ADD", OUTER, false, column(0), literal(3L, ScalarType.INT64)),
        ConstantFolding.fold(call("ADD", OUTER, false, column(0), sum)));
  }

  @Test
  void argumentsThatAreNotCoercedAreAFaultOfTheAnalyzer() {
    Expression wrong = call("ADD", OUTER, false, literal(1L, ScalarType.INT64), number(2));

    assertThrows(IllegalArgumentException.class, () -> ExpressionCompiler.compile(wrong));
    assertThrows(
        IllegalArgumentException.class,
        () -> ExpressionCompiler.compile(call("NO_SUCH", OUTER, false)));
  }

  @Test
  void subqueriesSeeTheRowsAroundThem() {
    Schema schema = Schema.of(Column.of("x", ScalarType.INT64));
    Plan rows =
        new Plan.ConstantRows(schema, List.of(Tuple.of(1L), Tuple.of(2L), Tuple.of((Object) null)));
    Expression both =
        call("ADD", INNER, false, column(0), new Expression.OuterColumn(1, 0, ScalarType.INT64));
    Plan plan = new Plan.Calc(rows, null, List.of(both), schema);

    assertEquals(
        Arrays.asList(11L, 12L, null),
        evaluate(subquery(Expression.RowSubquery.Kind.ARRAY, plan, null), Tuple.of(10L)));
    assertEquals(
        true, evaluate(subquery(Expression.RowSubquery.Kind.EXISTS, plan, null), Tuple.of(10L)));
    assertEquals(
        true,
        evaluate(
            subquery(Expression.RowSubquery.Kind.IN, plan, literal(12L, ScalarType.INT64)),
            Tuple.of(10L)));
    assertNull(
        evaluate(
            subquery(Expression.RowSubquery.Kind.IN, plan, literal(1L, ScalarType.INT64)),
            Tuple.of(10L)));
    EvaluationException error =
        assertThrows(
            EvaluationException.class,
            () ->
                evaluate(subquery(Expression.RowSubquery.Kind.SCALAR, plan, null), Tuple.of(10L)));
    assertEquals("Scalar subquery produced more than one element", error.getMessage());
    assertEquals(OUTER, error.place());
  }

  @Test
  void aSubqueryInASubqueryReachesTwoRowsOut() {
    Schema schema = Schema.of(Column.of("x", ScalarType.INT64));
    Plan one = new Plan.ConstantRows(schema, List.of(Tuple.of(1L)));
    Expression outermost = new Expression.OuterColumn(2, 0, ScalarType.INT64);
    Plan inner = new Plan.Calc(one, null, List.of(outermost), schema);
    Plan middle =
        new Plan.Calc(
            one, null, List.of(subquery(Expression.RowSubquery.Kind.SCALAR, inner, null)), schema);

    assertEquals(
        10L, evaluate(subquery(Expression.RowSubquery.Kind.SCALAR, middle, null), Tuple.of(10L)));
  }

  @Test
  void logicStopsWhereTheResultIsKnown() {
    Expression failing =
        call(
            "EQ",
            ScalarType.BOOL,
            OUTER,
            false,
            number(1),
            call("DIVIDE", ScalarType.FLOAT64, INNER, false, number(1), number(0)));
    Expression no = literal(false, ScalarType.BOOL);
    Expression yes = literal(true, ScalarType.BOOL);

    assertEquals(false, evaluate(call("AND", ScalarType.BOOL, OUTER, false, no, failing)));
    assertEquals(true, evaluate(call("OR", ScalarType.BOOL, OUTER, false, yes, failing)));
    assertEquals(false, evaluate(call("AND", ScalarType.BOOL, OUTER, false, yes, no, failing)));
    assertThrows(
        EvaluationException.class,
        () -> evaluate(call("AND", ScalarType.BOOL, OUTER, false, yes, failing)));
  }

  @Test
  void arraysThatFunctionsMakeDoNotChange() {
    Object array =
        evaluate(
            call(
                "ARRAY",
                Type.array(ScalarType.INT64),
                OUTER,
                false,
                literal(1L, ScalarType.INT64),
                literal(null, ScalarType.INT64)));

    List<?> list = assertInstanceOf(List.class, array);
    assertEquals(Arrays.asList(1L, null), list);
    assertThrows(UnsupportedOperationException.class, () -> list.remove(0));
    assertFalse(list.isEmpty());
    assertTrue(list.contains(null));
  }

  private static Expression column(int index) {
    return new Expression.InputColumn(index, ScalarType.INT64);
  }

  private static Expression literal(@Nullable Object value, Type type) {
    return new Expression.Literal(value, type);
  }

  private static Expression number(double value) {
    return literal(value, ScalarType.FLOAT64);
  }

  private static Expression call(
      String function, Place place, boolean safe, Expression... arguments) {
    return call(function, ScalarType.INT64, place, safe, arguments);
  }

  private static Expression call(
      String function, Type type, Place place, boolean safe, Expression... arguments) {
    return new Expression.Call(function, List.of(arguments), type, safe, place);
  }

  private static Expression subquery(
      Expression.RowSubquery.Kind kind, Plan plan, @Nullable Expression operand) {
    Type type =
        switch (kind) {
          case SCALAR -> ScalarType.INT64;
          case ARRAY -> Type.array(ScalarType.INT64);
          case EXISTS, IN -> ScalarType.BOOL;
        };
    return new Expression.RowSubquery(kind, plan, operand, type, OUTER);
  }

  private static @Nullable Object evaluate(Expression expression) {
    return evaluate(expression, Tuple.of());
  }

  private static @Nullable Object evaluate(Expression expression, Tuple row) {
    return ExpressionCompiler.with(new CalcRunner()).evaluator(expression).evaluate(row);
  }

  /** Runs projections of constant rows, which is all these tests need. */
  private static final class CalcRunner implements SubqueryRunner {
    @Override
    public Rows compile(Plan plan, ExpressionCompiler compiler, OuterRow outer) {
      Plan.Calc calc = (Plan.Calc) plan;
      Evaluator projection = compiler.evaluator(calc.projections().get(0));
      List<Tuple> rows = ((Plan.ConstantRows) calc.input()).rows();
      return () -> {
        Iterator<Tuple> each = rows.iterator();
        return new Iterator<>() {
          @Override
          public boolean hasNext() {
            return each.hasNext();
          }

          @Override
          public Tuple next() {
            return Tuple.of(projection.evaluate(each.next()));
          }
        };
      };
    }
  }
}
