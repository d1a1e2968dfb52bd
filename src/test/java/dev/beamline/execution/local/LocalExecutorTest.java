package dev.beamline.execution.local;

import static dev.beamline.execution.local.TestPlans.aggregate;
import static dev.beamline.execution.local.TestPlans.analytic;
import static dev.beamline.execution.local.TestPlans.ascending;
import static dev.beamline.execution.local.TestPlans.call;
import static dev.beamline.execution.local.TestPlans.column;
import static dev.beamline.execution.local.TestPlans.descending;
import static dev.beamline.execution.local.TestPlans.join;
import static dev.beamline.execution.local.TestPlans.literal;
import static dev.beamline.execution.local.TestPlans.over;
import static dev.beamline.execution.local.TestPlans.rows;
import static dev.beamline.execution.local.TestPlans.scan;
import static dev.beamline.execution.local.TestPlans.schema;
import static dev.beamline.execution.local.TestPlans.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import dev.beamline.diagnostic.Place;
import dev.beamline.execution.aggregate.TestCall;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.kernel.RowErrors;
import dev.beamline.execution.row.ResultArrays;
import dev.beamline.plan.AggregateCall;
import dev.beamline.plan.AggregateCall.Nulls;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Plan;
import dev.beamline.plan.WindowSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LocalExecutorTest {

  private static final Place NOWHERE = Place.ofFile("");

  private static final ScalarType INT64 = ScalarType.INT64;
  private static final ScalarType STRING = ScalarType.STRING;
  private static final ScalarType TIMESTAMP = ScalarType.TIMESTAMP;
  private static final ScalarType FLOAT64 = ScalarType.FLOAT64;

  private static final Schema AB = schema("a", INT64, "b", INT64);

  private static List<Tuple> run(Plan plan) {
    return new LocalExecutor(SourceRows.NONE, RowErrors.THROW).run(plan);
  }

  private static void assertBag(List<Tuple> expected, Plan plan) {
    List<Tuple> rest = new ArrayList<>(run(plan));
    List<Tuple> missing = new ArrayList<>();
    for (Tuple row : expected) {
      if (!rest.remove(row)) {
        missing.add(row);
      }
    }
    assertTrue(rest.isEmpty() && missing.isEmpty(), () -> "missing " + missing + ", more " + rest);
  }

  private static Tuple t(@Nullable Object... values) {
    return Tuple.of(values);
  }

  private static final Plan ROWS =
      rows(AB, t(1L, 10L), t(2L, 0L), t(3L, null), t(null, 5L), t(4L, 2L));

  private static Expression a() {
    return column(AB, "a");
  }

  private static Expression b() {
    return column(AB, "b");
  }

  private static Expression quotient() {
    return call("DIV", INT64, literal(10L, INT64), b());
  }

  @Test
  void calcFiltersAndProjects() {
    Plan plan =
        new Plan.Calc(
            ROWS,
            call("GT", ScalarType.BOOL, a(), literal(1L, INT64)),
            List.of(b(), literal("x", STRING)),
            schema("b", INT64, "x", STRING));
    assertBag(List.of(t(0L, "x"), t(null, "x"), t(2L, "x")), plan);
  }

  @Test
  void aFailingRowThrowsOrIsCollected() {
    Plan plan = new Plan.Calc(ROWS, null, List.of(a(), quotient()), AB);
    EvaluationException e = assertThrows(EvaluationException.class, () -> run(plan));
    assertTrue(e.getMessage().contains("division by zero"), e.getMessage());
    assertEquals(TestPlans.PLACE, e.place());
    List<Tuple> failed = new ArrayList<>();
    List<Tuple> rest =
        new LocalExecutor(SourceRows.NONE, (row, error) -> failed.add(row)).run(plan);
    assertEquals(List.of(t(2L, 0L)), failed);
    assertEquals(4, rest.size());
  }

  @Test
  void aRowThatFailsInOneAggregateCountsInNone() {
    List<Tuple> failed = new ArrayList<>();
    Plan plan =
        aggregate(
            ROWS,
            List.of(),
            List.of(
                TestCall.of("COUNT").build(),
                TestCall.of("SUM", INT64).build(),
                sumOf(quotient(), null)));
    List<Tuple> result =
        new LocalExecutor(SourceRows.NONE, (row, error) -> failed.add(row)).run(plan);
    assertEquals(List.of(t(2L, 0L)), failed);
    assertEquals(List.of(t(4L, 8L, 1L + 2L + 5L)), result);
  }

  @Test
  void anArgumentIsNotEvaluatedWhereTheFilterIsFalse() {
    Plan plan =
        aggregate(
            ROWS,
            List.of(),
            List.of(
                sumOf(quotient(), call("NE", ScalarType.BOOL, b(), literal(0L, INT64))),
                TestCall.of("COUNT").build()));
    assertEquals(List.of(t(8L, 5L)), run(plan));
  }

  private static AggregateCall sumOf(Expression argument, @Nullable Expression filter) {
    return new AggregateCall(
        "SUM",
        List.of(argument),
        false,
        filter,
        List.of(),
        null,
        Nulls.DEFAULT,
        INT64,
        TestPlans.PLACE);
  }

  @Test
  void anOverflowFailsItsGroupAlone() {
    Plan input = rows(AB, t(1L, Long.MAX_VALUE), t(1L, 1L), t(2L, 5L));
    Plan plan = aggregate(input, List.of(0), List.of(TestCall.of("SUM").column(1, INT64).build()));
    List<Tuple> failed = new ArrayList<>();
    List<Tuple> result =
        new LocalExecutor(SourceRows.NONE, (row, error) -> failed.add(row)).run(plan);
    assertEquals(List.of(t(2L, 5L)), result);
    assertEquals(List.of(t(1L)), failed);
  }

  @Test
  void groupsTellValuesApartAsSqlDoes() {
    Schema schema = schema("f", FLOAT64);
    Plan input = rows(schema, t(0.0), t(-0.0), t(Double.NaN), t(Double.NaN), t((Object) null));
    assertBag(
        List.of(t(0.0, 2L), t(Double.NaN, 2L), t(null, 1L)),
        aggregate(input, List.of(0), List.of(TestCall.of("COUNT").build())));
  }

  @Test
  void noRowsGiveOneRowOnlyWithoutKeys() {
    Plan none = rows(AB);
    List<AggregateCall> calls =
        List.of(TestCall.of("COUNT").build(), TestCall.of("SUM", INT64).build());
    assertEquals(List.of(t(0L, null)), run(aggregate(none, List.of(), calls)));
    assertEquals(List.of(), run(aggregate(none, List.of(0), calls)));
    assertEquals(
        List.of(t(null, 0L, null)),
        run(aggregate(none, List.of(0), List.of(List.of(0), List.of()), calls)));
  }

  @Test
  void nanAndNullKeysJoinNothing() {
    Schema schema = schema("f", FLOAT64);
    Plan left = rows(schema, t(Double.NaN), t((Object) null), t(-0.0), t(1.0));
    Plan right = rows(schema, t(Double.NaN), t((Object) null), t(0.0));
    assertBag(
        List.of(t(-0.0, 0.0)),
        join(left, right, Plan.Join.Kind.INNER, List.of(0), List.of(0), null));
    assertBag(
        List.of(
            t(Double.NaN, null),
            t(null, null),
            t(-0.0, 0.0),
            t(1.0, null),
            t(null, Double.NaN),
            t(null, null)),
        join(left, right, Plan.Join.Kind.FULL, List.of(0), List.of(0), null));
  }

  @Test
  void notInOfNothingIsTrueEvenForNull() {
    Plan left = rows(AB, t(null, 1L));
    assertBag(
        List.of(t(null, 1L)),
        join(left, rows(AB), Plan.Join.Kind.NULL_AWARE_ANTI, List.of(0), List.of(0), null));
  }

  @Test
  void notInOfPairsKnowsThatOneDifferenceIsEnough() {
    Plan left = rows(AB, t(1L, 1L), t(2L, 1L), t(null, 7L), t(null, 1L));
    Plan right = rows(AB, t(2L, null), t(5L, 1L));
    assertBag(
        List.of(t(1L, 1L), t(null, 7L)).subList(0, 1),
        join(
            left,
            rows(AB, t(2L, null), t(5L, 1L), t(6L, 7L)),
            Plan.Join.Kind.NULL_AWARE_ANTI,
            List.of(0, 1),
            List.of(0, 1),
            null));
    assertBag(
        List.of(t(1L, 1L)),
        join(left, right, Plan.Join.Kind.NULL_AWARE_ANTI, List.of(0, 1), List.of(0, 1), null));
  }

  @Test
  void limitCutsTiesByAllColumns() {
    Plan input = rows(AB, t(2L, 9L), t(1L, 3L), t(1L, 2L), t(null, 1L), t(1L, null));
    Plan limit = new Plan.Limit(input, List.of(), List.of(descending(a())), 3, 0);
    assertEquals(List.of(t(2L, 9L), t(1L, null), t(1L, 2L)), run(limit));
    assertEquals(
        List.of(t(1L, 3L), t(null, 1L)),
        run(new Plan.Limit(input, List.of(), List.of(descending(a())), Long.MAX_VALUE, 3)));
    assertEquals(List.of(), run(new Plan.Limit(input, List.of(), List.of(), 0, Long.MAX_VALUE)));
  }

  @Test
  void sortPutsNullsWhereItSays() {
    assertEquals(
        java.util.Arrays.asList(null, 1L, 2L, 3L, 4L).toString(),
        run(new Plan.Sort(ROWS, List.of(ascending(a())))).stream()
            .map(r -> r.get(0))
            .toList()
            .toString());
  }

  @Test
  void unnestKeepsOrDropsRowsOfNothing() {
    Type array = Type.array(INT64);
    Schema schema = schema("id", INT64, "x", array);
    Plan input =
        rows(
            schema,
            t(1L, List.of(5L, 6L)),
            t(2L, List.of()),
            t(3L, null),
            t(4L, Arrays.asList((Object) null)));
    Expression x = column(schema, "x");
    assertBag(
        List.of(
            t(1L, List.of(5L, 6L), 5L),
            t(1L, List.of(5L, 6L), 6L),
            t(4L, Arrays.asList((Object) null), null)),
        new Plan.Unnest(input, x, false, false, null, with(schema, INT64)));
    Plan outer = new Plan.Unnest(input, x, true, true, null, with(schema, INT64, INT64));
    assertBag(
        List.of(
            t(1L, List.of(5L, 6L), 5L, 0L),
            t(1L, List.of(5L, 6L), 6L, 1L),
            t(2L, List.of(), null, null),
            t(3L, null, null, null),
            t(4L, Arrays.asList((Object) null), null, 0L)),
        outer);
    Expression more =
        call("GT", ScalarType.BOOL, new Expression.InputColumn(2, INT64), literal(5L, INT64));
    assertEquals(4, run(new Plan.Unnest(input, x, true, false, more, with(schema, INT64))).size());
  }

  @Test
  void windowsMultiplyRows() {
    Schema schema = schema("t", TIMESTAMP, "k", INT64);
    Plan input = rows(schema, t(-1L, 1L), t(4L, 1L), t(9L, 2L), t(null, 3L));
    List<Tuple> failed = new ArrayList<>();
    Plan hop =
        new Plan.AssignWindows(
            input, new WindowSpec.Hop(5, 10, 0), 0, List.of(), with(schema, TIMESTAMP, TIMESTAMP));
    List<Tuple> result =
        new LocalExecutor(SourceRows.NONE, (row, error) -> failed.add(row)).run(hop);
    assertEquals(
        new HashSet<>(
            List.of(
                t(-1L, 1L, -10L, 0L),
                t(-1L, 1L, -5L, 5L),
                t(4L, 1L, -5L, 5L),
                t(4L, 1L, 0L, 10L),
                t(9L, 2L, 0L, 10L),
                t(9L, 2L, 5L, 15L))),
        new HashSet<>(result));
    assertEquals(List.of(t(null, 3L)), failed);
    Plan sessions =
        new Plan.AssignWindows(
            rows(schema, t(-1L, 1L), t(4L, 1L), t(3L, 2L), t(10L, 1L)),
            new WindowSpec.Session(6),
            0,
            List.of(1),
            with(schema, TIMESTAMP, TIMESTAMP));
    assertBag(
        List.of(t(-1L, 1L, -1L, 10L), t(4L, 1L, -1L, 10L), t(3L, 2L, 3L, 9L), t(10L, 1L, 10L, 16L)),
        sessions);
  }

  @Test
  void aScalarSubqueryHasOneRowAtMost() {
    Schema one = schema("n", INT64);
    assertBag(
        List.of(t(7L, 5L)),
        new Plan.ScalarSubquery(rows(one, t(7L)), rows(one, t(5L)), with(one, INT64), NOWHERE));
    assertBag(
        List.of(t(7L, null)),
        new Plan.ScalarSubquery(rows(one, t(7L)), rows(one), with(one, INT64), NOWHERE));
    Plan two =
        new Plan.ScalarSubquery(
            rows(one, t(7L)), rows(one, t(5L), t(5L)), with(one, INT64), NOWHERE);
    List<Tuple> failed = new ArrayList<>();
    assertThrows(
        EvaluationException.class,
        () -> new LocalExecutor(SourceRows.NONE, (row, e) -> failed.add(row)).run(two));
  }

  @Test
  void setOperationsCount() {
    Schema one = schema("n", INT64);
    Plan left = rows(one, t(1L), t(1L), t(1L), t(2L), t((Object) null));
    Plan right = rows(one, t(1L), t((Object) null), t((Object) null));
    assertBag(List.of(t(2L)), new Plan.SetOperation(left, right, true, false, one));
    assertBag(List.of(t(1L), t(1L), t(2L)), new Plan.SetOperation(left, right, true, true, one));
    assertBag(
        List.of(t(1L), t((Object) null)), new Plan.SetOperation(left, right, false, true, one));
  }

  @Test
  void aQueryThatIsReadTwiceIsComputedOnce() {
    AtomicInteger reads = new AtomicInteger();
    SourceRows source =
        scan -> {
          reads.incrementAndGet();
          return List.of(t(1L, 2L));
        };
    Plan query = new Plan.QueryResult("q", scan("s", AB));
    List<Tuple> result =
        new LocalExecutor(source, RowErrors.THROW).run(new Plan.Union(List.of(query, query), AB));
    assertEquals(2, result.size());
    assertEquals(1, reads.get());
  }

  @Test
  void sourcesAreFoundByName() {
    SourceRows source = SourceRows.of(Map.of("s", List.of(t(1L, 2L))));
    assertEquals(List.of(t(1L, 2L)), new LocalExecutor(source, RowErrors.THROW).run(scan("s", AB)));
    assertThrows(IllegalArgumentException.class, () -> run(scan("nowhere", AB)));
  }

  /** SELECT id, (SELECT SUM(x * id) FROM UNNEST(xs) AS x WHERE x > id) FROM rows. */
  @Test
  void subqueriesSeeTheRowAroundThem() {
    Schema schema = schema("id", INT64, "xs", Type.array(INT64));
    Plan input = rows(schema, t(1L, List.of(1L, 2L, 3L)), t(2L, List.of(2L, 3L)), t(3L, null));
    Schema unnested = schema("x", INT64);
    Plan elements =
        new Plan.Unnest(
            rows(schema(), t()),
            new Expression.OuterColumn(1, 1, Type.array(INT64)),
            false,
            false,
            call(
                "GT",
                ScalarType.BOOL,
                column(unnested, "x"),
                new Expression.OuterColumn(1, 0, INT64)),
            unnested);
    Expression product =
        call("MULTIPLY", INT64, column(unnested, "x"), new Expression.OuterColumn(1, 0, INT64));
    Plan sum = aggregate(elements, List.of(), List.of(sumOf(product, null)));
    Expression subquery =
        new Expression.RowSubquery(
            Expression.RowSubquery.Kind.SCALAR, sum, null, INT64, TestPlans.PLACE);
    Plan plan = new Plan.Calc(input, null, List.of(column(schema, "id"), subquery), AB);
    assertBag(List.of(t(1L, 5L), t(2L, 6L), t(3L, null)), plan);
    Expression array =
        new Expression.RowSubquery(
            Expression.RowSubquery.Kind.ARRAY,
            new Plan.Sort(elements, List.of(descending(column(unnested, "x")))),
            null,
            Type.array(INT64),
            TestPlans.PLACE);
    assertBag(
        List.of(t(1L, List.of(3L, 2L)), t(2L, List.of(3L)), t(3L, List.of())),
        new Plan.Calc(input, null, List.of(column(schema, "id"), array), AB));
  }

  @Test
  void aRowThatFailsTakesNoPartInItsWindow() {
    List<Tuple> failed = new ArrayList<>();
    Plan plan =
        analytic(
            ROWS,
            List.of(),
            List.of(ascending(a())),
            List.of(
                over("ROW_NUMBER", INT64, null, Nulls.DEFAULT),
                over("SUM", INT64, null, Nulls.DEFAULT, quotient())));
    List<Tuple> result =
        new LocalExecutor(SourceRows.NONE, (row, error) -> failed.add(row)).run(plan);
    assertEquals(List.of(t(2L, 0L)), failed);
    assertEquals(
        List.of(t(null, 5L, 1L, 2L), t(1L, 10L, 2L, 3L), t(3L, null, 3L, 3L), t(4L, 2L, 4L, 8L)),
        result);
  }

  @Test
  void percentilesOverWindowsTakeThePartition() {
    Plan plan =
        analytic(
            rows(AB, t(1L, 1L), t(1L, 2L), t(1L, 10L)),
            List.of(a()),
            List.of(),
            List.of(
                over("PERCENTILE_DISC", INT64, null, Nulls.DEFAULT, b(), literal(0.5, FLOAT64))));
    assertBag(List.of(t(1L, 1L, 2L), t(1L, 2L, 2L), t(1L, 10L, 2L)), plan);
  }

  @Test
  void resultsHaveNoNullsInArrays() {
    Schema schema = schema("xs", Type.array(INT64));
    assertTrue(ResultArrays.concerns(schema));
    ResultArrays.check(t(List.of(1L)), schema);
    ResultArrays.check(t((Object) null), schema);
    assertThrows(
        EvaluationException.class, () -> ResultArrays.check(t(Arrays.asList(1L, null)), schema));
  }
}
