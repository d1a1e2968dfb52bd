package dev.beamline.execution.aggregate;

import dev.beamline.catalog.Type;
import dev.beamline.diagnostic.Place;
import dev.beamline.execution.function.Coercion;
import dev.beamline.execution.function.ScalarFunction.Argument;
import dev.beamline.plan.AggregateCall;
import dev.beamline.plan.AggregateCall.Nulls;
import dev.beamline.plan.Expression;
import dev.beamline.plan.SortKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Builds aggregate calls over the columns of a row, through the catalog. */
public final class TestCall {

  private final String function;
  private final List<Expression> arguments = new ArrayList<>();
  private final List<SortKey> orderBy = new ArrayList<>();
  private boolean distinct;
  private @Nullable Expression filter;
  private @Nullable Long limit;
  private Nulls nulls = Nulls.DEFAULT;

  private TestCall(String function) {
    this.function = function;
  }

  public static TestCall of(String function) {
    return new TestCall(function);
  }

  public static TestCall of(String function, Type type) {
    return new TestCall(function).column(0, type);
  }

  public TestCall column(int index, Type type) {
    arguments.add(new Expression.InputColumn(index, type));
    return this;
  }

  public TestCall literal(@Nullable Object value, Type type) {
    arguments.add(new Expression.Literal(value, type));
    return this;
  }

  public TestCall distinct() {
    distinct = true;
    return this;
  }

  public TestCall filter(Expression condition) {
    filter = condition;
    return this;
  }

  public TestCall orderBy(int index, Type type, boolean descending) {
    orderBy.add(new SortKey(new Expression.InputColumn(index, type), descending, !descending));
    return this;
  }

  public TestCall limit(long rows) {
    limit = rows;
    return this;
  }

  public TestCall nulls(Nulls treatment) {
    nulls = treatment;
    return this;
  }

  public Resolution resolve() {
    return AggregateCatalog.resolve(
        function,
        arguments.stream().map(Argument::of).toList(),
        new AggregateModifiers(
            distinct,
            orderBy.stream().map(k -> k.expression().type()).toList(),
            orderBy.stream().allMatch(k -> Expressions.same(k.expression(), arguments.get(0))),
            limit != null,
            nulls));
  }

  public AggregateCall build() {
    if (!(resolve() instanceof Resolution.Accepted accepted)) {
      throw new IllegalArgumentException(function + ": " + resolve());
    }
    List<Expression> coerced = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      coerced.add(
          Coercion.coerce(arguments.get(i), accepted.parameters().get(i), Place.ofFile("test")));
    }
    return new AggregateCall(
        AggregateCatalog.canonical(function),
        coerced,
        distinct,
        filter,
        orderBy,
        limit,
        nulls,
        accepted.result(),
        Place.ofFile("test"));
  }
}
