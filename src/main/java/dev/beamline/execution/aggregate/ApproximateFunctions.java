package dev.beamline.execution.aggregate;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.StructType;
import dev.beamline.catalog.Type;
import dev.beamline.execution.aggregate.AggregateFunction.Takes;
import dev.beamline.execution.expression.Evaluator;
import dev.beamline.execution.function.ScalarFunction.Argument;
import dev.beamline.execution.row.ValueComparator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Sketches. */
final class ApproximateFunctions {

  /** BigQuery's limit of quantiles. */
  private static final int MAX_NUMBER = 100_000;

  private ApproximateFunctions() {}

  static void register(Consumer<AggregateFunction> catalog) {
    catalog.accept(
        new AggregateFunction(
            "APPROX_COUNT_DISTINCT",
            1,
            1,
            List.of("APPROX_COUNT_DISTINCT(any type but ARRAY, STRUCT and JSON)"),
            AggregateFunction.taking(),
            (types, arguments) ->
                Kinds.orderable(types.get(0))
                    ? Resolution.accept(ScalarType.INT64, types.get(0))
                    : Typings.NO_SIGNATURE,
            call -> new ApproxCountDistinctAggregator(call.argument(0), call.type(0))));
    catalog.accept(
        new AggregateFunction(
            "APPROX_QUANTILES",
            2,
            2,
            List.of(
                "APPROX_QUANTILES([DISTINCT] any type but ARRAY, STRUCT and JSON, a constant"
                    + " INT64)"),
            AggregateFunction.taking(Takes.DISTINCT, Takes.NULLS),
            (types, arguments) ->
                Kinds.orderable(types.get(0))
                    ? withNumber(
                        "APPROX_QUANTILES",
                        arguments.get(1),
                        Resolution.accept(Type.array(types.get(0)), types.get(0), ScalarType.INT64))
                    : Typings.NO_SIGNATURE,
            SumFunctions.distinct(
                call ->
                    new QuantilesAggregator(
                        call.argument(0),
                        call.type(0),
                        call.constantNumber(1),
                        call.respectsNulls(false)))));
    catalog.accept(topCount());
    catalog.accept(topSum());
    catalog.accept(
        new AggregateFunction(
            "HLL_COUNT.INIT",
            1,
            2,
            List.of("HLL_COUNT.INIT(INT64 | STRING | BYTES [, a constant from 10 to 24])"),
            AggregateFunction.taking(),
            ApproximateFunctions::resolveInit,
            call ->
                new SketchInitAggregator(
                    call.argument(0),
                    call.type(0),
                    call.size() > 1 ? call.constantNumber(1) : HllSketches.DEFAULT_PRECISION)));
    catalog.accept(
        new AggregateFunction(
            "HLL_COUNT.MERGE",
            1,
            1,
            List.of("HLL_COUNT.MERGE(BYTES)"),
            AggregateFunction.taking(),
            Typings.fixed(ScalarType.BYTES, ScalarType.INT64),
            call -> new SketchMergeAggregator(call.argument(0), false)));
    catalog.accept(
        new AggregateFunction(
            "HLL_COUNT.MERGE_PARTIAL",
            1,
            1,
            List.of("HLL_COUNT.MERGE_PARTIAL(BYTES)"),
            AggregateFunction.taking(),
            Typings.fixed(ScalarType.BYTES, ScalarType.BYTES),
            call -> new SketchMergeAggregator(call.argument(0), true)));
  }

  private static Resolution withNumber(String function, Argument number, Resolution resolution) {
    Resolution.Refused refused = Typings.constant(number, function, "number", 1, MAX_NUMBER);
    return refused != null ? refused : resolution;
  }

  private static Resolution resolveInit(List<Type> types, List<Argument> arguments) {
    Type type = types.get(0);
    if (Kinds.decimal(type)) {
      return Resolution.refuse(
          "HLL_COUNT.INIT of "
              + type.sql()
              + " is not supported: how BigQuery counts these values in a sketch is not published",
          "CAST the value to STRING");
    }
    if (type != ScalarType.INT64 && type != ScalarType.STRING && type != ScalarType.BYTES) {
      return Typings.NO_SIGNATURE;
    }
    if (arguments.size() == 1) {
      return Resolution.accept(ScalarType.BYTES, type);
    }
    Resolution.Refused refused =
        Typings.constant(
            arguments.get(1),
            "HLL_COUNT.INIT",
            "precision",
            HllSketches.MIN_PRECISION,
            HllSketches.MAX_PRECISION);
    return refused != null ? refused : Resolution.accept(ScalarType.BYTES, type, ScalarType.INT64);
  }

  private static AggregateFunction topCount() {
    return new AggregateFunction(
        "APPROX_TOP_COUNT",
        2,
        2,
        List.of("APPROX_TOP_COUNT(any type but JSON, a constant INT64)"),
        AggregateFunction.taking(),
        (types, arguments) ->
            Kinds.groupable(types.get(0))
                ? withNumber(
                    "APPROX_TOP_COUNT",
                    arguments.get(1),
                    Resolution.accept(
                        top(types.get(0), "count", ScalarType.INT64),
                        types.get(0),
                        ScalarType.INT64))
                : Typings.NO_SIGNATURE,
        call ->
            top(call, null, new CountRowsAggregator(), ScalarType.INT64, call.constantNumber(1)));
  }

  private static AggregateFunction topSum() {
    return new AggregateFunction(
        "APPROX_TOP_SUM",
        3,
        3,
        List.of(
            "APPROX_TOP_SUM(any type but JSON, INT64 | FLOAT64 | NUMERIC | BIGNUMERIC, a constant"
                + " INT64)"),
        AggregateFunction.taking(),
        (types, arguments) ->
            Kinds.groupable(types.get(0)) && Kinds.numeric(types.get(1))
                ? withNumber(
                    "APPROX_TOP_SUM",
                    arguments.get(2),
                    Resolution.accept(
                        top(types.get(0), "sum", types.get(1)),
                        types.get(0),
                        types.get(1),
                        ScalarType.INT64))
                : Typings.NO_SIGNATURE,
        call -> {
          Type type = call.type(1);
          Evaluator weight = call.argument(1);
          int number = call.constantNumber(2);
          if (type == ScalarType.INT64) {
            return top(call, weight, new IntegerSumAggregator(weight, false), type, number);
          } else if (type == ScalarType.FLOAT64) {
            return top(call, weight, new FloatSumAggregator(weight, false), type, number);
          }
          return top(call, weight, new DecimalSumAggregator(weight, false, type), type, number);
        });
  }

  private static <A> FormattedAggregator<?> top(
      CompiledCall call,
      @Nullable Evaluator weight,
      FormattedAggregator<A> sums,
      Type sumType,
      int number) {
    return new TopAggregator<>(
        call.argument(0), call.type(0), weight, sums, ValueComparator.total(sumType), number);
  }

  private static Type top(Type value, String sum, Type sumType) {
    return Type.array(new StructType(List.of(Column.of("value", value), Column.of(sum, sumType))));
  }
}
