package dev.beamline.execution.aggregate;

import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Type;
import dev.beamline.execution.aggregate.AggregateFunction.Takes;
import dev.beamline.execution.function.ScalarFunction.Argument;
import dev.beamline.execution.row.ValueComparator;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Functions that choose one of the values. */
final class ValueFunctions {

  private ValueFunctions() {}

  static void register(Consumer<AggregateFunction> catalog) {
    catalog.accept(
        extreme(
            "MIN",
            call -> {
              Type type = call.type(0);
              return new ExtremeAggregator(
                  call.argument(0), type, ValueComparator.forMin(type), false);
            }));
    catalog.accept(
        extreme(
            "MAX",
            call -> {
              Type type = call.type(0);
              return new ExtremeAggregator(
                  call.argument(0), type, ValueComparator.forMax(type), true);
            }));
    catalog.accept(
        new AggregateFunction(
            "ANY_VALUE",
            1,
            1,
            List.of("ANY_VALUE(ANY)"),
            AggregateFunction.taking(),
            Typings.same(t -> true),
            call ->
                new ExtremeAggregator(
                    call.argument(0), call.type(0), ValueComparator.forMin(call.type(0)), false)));
    catalog.accept(extremeBy("MIN_BY", false));
    catalog.accept(extremeBy("MAX_BY", true));
    catalog.accept(percentile("PERCENTILE_CONT", true));
    catalog.accept(percentile("PERCENTILE_DISC", false));
    catalog.accept(
        new AggregateFunction(
            "GROUPING",
            1,
            1,
            List.of("GROUPING(a GROUP BY expression)"),
            AggregateFunction.taking(),
            (types, arguments) -> Resolution.accept(ScalarType.INT64, types.get(0)),
            call -> {
              throw new IllegalArgumentException("GROUPING depends on the grouping set");
            }));
  }

  private static AggregateFunction extreme(String name, AggregateFunction.Maker maker) {
    return new AggregateFunction(
        name,
        1,
        1,
        List.of(name + "(any type but ARRAY, STRUCT and JSON)"),
        // DISTINCT changes nothing here, and nothing is kept for it.
        AggregateFunction.taking(Takes.DISTINCT),
        Typings.same(Kinds::orderable),
        maker);
  }

  private static AggregateFunction extremeBy(String name, boolean largest) {
    return new AggregateFunction(
        name,
        2,
        2,
        List.of(name + "(ANY, any type but ARRAY, STRUCT and JSON)"),
        AggregateFunction.taking(),
        (types, arguments) ->
            Kinds.orderable(types.get(1))
                ? Resolution.accept(types.get(0), types.get(0), types.get(1))
                : Typings.NO_SIGNATURE,
        call ->
            new ExtremeByAggregator(
                call.argument(0), call.type(0), call.argument(1), call.type(1), largest));
  }

  private static AggregateFunction percentile(String name, boolean continuous) {
    return new AggregateFunction(
        name,
        2,
        2,
        continuous
            ? List.of(name + "(FLOAT64 | NUMERIC | BIGNUMERIC, a constant from 0 to 1)")
            : List.of(name + "(any type but ARRAY, STRUCT and JSON, a constant from 0 to 1)"),
        AggregateFunction.taking(Takes.NULLS),
        (types, arguments) -> percentile(name, continuous, types, arguments),
        call -> {
          BigDecimal percentile = decimal(call.constant(1));
          if (percentile == null) {
            throw new IllegalArgumentException(name + " needs a percentile");
          }
          return new PercentileAggregator(
              call.argument(0), call.type(0), percentile, continuous, call.respectsNulls(false));
        });
  }

  private static Resolution percentile(
      String name, boolean continuous, List<Type> types, List<Argument> arguments) {
    Type type = types.get(0);
    Argument percentile = arguments.get(1);
    boolean fits = continuous ? Kinds.numeric(type) : Kinds.orderable(type);
    if (!fits || !Kinds.numeric(types.get(1))) {
      return Typings.NO_SIGNATURE;
    }
    BigDecimal value = decimal(percentile.value());
    if (!percentile.literal()) {
      return Resolution.refuse(
          "The percentile of " + name + " must be a constant", "Write a number from 0 to 1");
    }
    if (value == null || value.signum() < 0 || value.compareTo(BigDecimal.ONE) > 0) {
      return Resolution.refuse(
          "The percentile of " + name + " must be from 0 to 1, not " + percentile.value(), null);
    }
    if (!continuous) {
      Type second = types.get(1) == ScalarType.INT64 ? ScalarType.FLOAT64 : types.get(1);
      return Resolution.accept(type, type, second);
    }
    Type result = type == ScalarType.INT64 ? ScalarType.FLOAT64 : type;
    return Resolution.accept(result, result, result);
  }

  private static @Nullable BigDecimal decimal(@Nullable Object value) {
    if (value instanceof BigDecimal decimal) {
      return decimal;
    } else if (value instanceof Double number && Double.isFinite(number)) {
      return new BigDecimal(number);
    }
    return value instanceof Long number ? BigDecimal.valueOf(number) : null;
  }
}
