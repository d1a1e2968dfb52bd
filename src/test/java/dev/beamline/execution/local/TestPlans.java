package dev.beamline.execution.local;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.Type;
import dev.beamline.diagnostic.Place;
import dev.beamline.plan.AggregateCall;
import dev.beamline.plan.AggregateCall.Nulls;
import dev.beamline.plan.AnalyticCall;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Plan;
import dev.beamline.plan.SortKey;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Short ways to write plans. */
public final class TestPlans {

  public static final Place PLACE = Place.ofFile("test");

  private TestPlans() {}

  public static Schema schema(Object... namesAndTypes) {
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < namesAndTypes.length; i += 2) {
      columns.add(Column.of((String) namesAndTypes[i], (Type) namesAndTypes[i + 1]));
    }
    return new Schema(columns);
  }

  public static Schema with(Schema schema, Type... types) {
    List<Column> columns = new ArrayList<>(schema.columns());
    for (Type type : types) {
      columns.add(Column.of("c" + columns.size(), type));
    }
    return new Schema(columns);
  }

  public static Plan.Scan scan(String source, Schema schema) {
    return new Plan.Scan(source, schema, -1, true, null);
  }

  public static Plan.ConstantRows rows(Schema schema, Tuple... rows) {
    return new Plan.ConstantRows(schema, List.of(rows));
  }

  public static Expression column(Schema schema, String name) {
    int index = schema.indexOf(name);
    return new Expression.InputColumn(index, schema.type(index));
  }

  public static Expression call(String function, Type type, Expression... arguments) {
    return new Expression.Call(function, List.of(arguments), type, false, PLACE);
  }

  public static Expression literal(@Nullable Object value, Type type) {
    return new Expression.Literal(value, type);
  }

  public static SortKey ascending(Expression expression) {
    return new SortKey(expression, false, true);
  }

  public static SortKey descending(Expression expression) {
    return new SortKey(expression, true, false);
  }

  public static Plan.Aggregate aggregate(
      Plan input, List<Integer> keys, List<AggregateCall> calls) {
    return aggregate(input, keys, List.of(IntStream.range(0, keys.size()).boxed().toList()), calls);
  }

  public static Plan.Aggregate aggregate(
      Plan input, List<Integer> keys, List<List<Integer>> sets, List<AggregateCall> calls) {
    List<Column> columns = new ArrayList<>();
    keys.forEach(k -> columns.add(input.schema().column(k)));
    calls.forEach(c -> columns.add(Column.of("c" + columns.size(), c.type())));
    return new Plan.Aggregate(input, keys, sets, calls, new Schema(columns));
  }

  public static Plan.Analytic analytic(
      Plan input, List<Expression> partitionBy, List<SortKey> orderBy, List<AnalyticCall> calls) {
    Schema schema =
        with(input.schema(), calls.stream().map(AnalyticCall::type).toArray(Type[]::new));
    return new Plan.Analytic(input, partitionBy, orderBy, calls, schema);
  }

  public static AnalyticCall over(
      String function,
      Type type,
      AnalyticCall.@Nullable Frame frame,
      Nulls nulls,
      Expression... arguments) {
    return new AnalyticCall(function, List.of(arguments), false, nulls, frame, type, PLACE);
  }

  public static Plan.Join join(
      Plan left,
      Plan right,
      Plan.Join.Kind kind,
      List<Integer> leftKeys,
      List<Integer> rightKeys,
      @Nullable Expression condition) {
    List<Column> columns = new ArrayList<>(left.schema().columns());
    if (kind.compareTo(Plan.Join.Kind.SEMI) < 0) {
      columns.addAll(right.schema().columns());
    }
    return new Plan.Join(left, right, kind, leftKeys, rightKeys, condition, new Schema(columns));
  }

  public static Type int64() {
    return ScalarType.INT64;
  }
}
