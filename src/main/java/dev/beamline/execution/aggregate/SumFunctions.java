package dev.beamline.execution.aggregate;

import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Type;
import dev.beamline.execution.aggregate.AggregateFunction.Maker;
import dev.beamline.execution.aggregate.AggregateFunction.Takes;
import dev.beamline.execution.aggregate.AggregateFunction.Typing;
import java.util.List;
import java.util.function.Consumer;

/** COUNT, SUM, AVG and functions of bits. */
final class SumFunctions {

  private SumFunctions() {}

  static void register(Consumer<AggregateFunction> catalog) {
    catalog.accept(
        new AggregateFunction(
            "COUNT",
            0,
            1,
            List.of("COUNT(*)", "COUNT([DISTINCT] ANY)"),
            AggregateFunction.taking(Takes.DISTINCT),
            (types, arguments) -> new Resolution.Accepted(types, ScalarType.INT64),
            SumFunctions::count));
    catalog.accept(
        new AggregateFunction(
            "COUNTIF",
            1,
            1,
            List.of("COUNTIF([DISTINCT] BOOL)"),
            AggregateFunction.taking(Takes.DISTINCT),
            Typings.fixed(ScalarType.BOOL, ScalarType.INT64),
            distinct(call -> new CountAggregator(call.argument(0), true))));
    catalog.accept(
        sum(
            "SUM",
            List.of(
                "SUM(INT64)", "SUM(FLOAT64)", "SUM(NUMERIC)", "SUM(BIGNUMERIC)", "SUM(INTERVAL)"),
            Typings.same(t -> Kinds.numeric(t) || t == ScalarType.INTERVAL),
            false));
    catalog.accept(
        sum(
            "AVG",
            List.of(
                "AVG(INT64)", "AVG(FLOAT64)", "AVG(NUMERIC)", "AVG(BIGNUMERIC)", "AVG(INTERVAL)"),
            (types, arguments) -> {
              Type type = types.get(0);
              if (!Kinds.numeric(type) && type != ScalarType.INTERVAL) {
                return Typings.NO_SIGNATURE;
              }
              return Resolution.accept(type == ScalarType.INT64 ? ScalarType.FLOAT64 : type, type);
            },
            true));
    bits(catalog, "BIT_AND", BitAggregator.Operation.AND, false);
    bits(catalog, "BIT_OR", BitAggregator.Operation.OR, false);
    bits(catalog, "BIT_XOR", BitAggregator.Operation.XOR, false);
    bits(catalog, "LOGICAL_AND", BitAggregator.Operation.AND, true);
    bits(catalog, "LOGICAL_OR", BitAggregator.Operation.OR, true);
  }

  private static AggregateFunction sum(
      String name, List<String> signatures, Typing typing, boolean average) {
    return new AggregateFunction(
        name,
        1,
        1,
        signatures,
        AggregateFunction.taking(Takes.DISTINCT),
        typing,
        distinct(
            call -> {
              Type type = call.type(0);
              if (type == ScalarType.INT64) {
                return new IntegerSumAggregator(call.argument(0), average);
              } else if (type == ScalarType.FLOAT64) {
                return new FloatSumAggregator(call.argument(0), average);
              } else if (type == ScalarType.INTERVAL) {
                return new IntervalSumAggregator(call.argument(0), average);
              }
              return new DecimalSumAggregator(call.argument(0), average, type);
            }));
  }

  private static void bits(
      Consumer<AggregateFunction> catalog,
      String name,
      BitAggregator.Operation operation,
      boolean logical) {
    Type type = logical ? ScalarType.BOOL : ScalarType.INT64;
    catalog.accept(
        new AggregateFunction(
            name,
            1,
            1,
            List.of(name + "([DISTINCT] " + type.sql() + ")"),
            AggregateFunction.taking(Takes.DISTINCT),
            Typings.fixed(type, type),
            distinct(call -> new BitAggregator(call.argument(0), operation, logical))));
  }

  private static FormattedAggregator<?> count(CompiledCall call) {
    if (call.size() == 0) {
      return new CountRowsAggregator();
    }
    return call.call().distinct()
        ? DistinctAggregator.count(call.argument(0), call.type(0))
        : new CountAggregator(call.argument(0), false);
  }

  /** Makes an aggregator that is put behind a set of different values where the call says so. */
  interface UnaryMaker {
    UnaryAggregator<?> make(CompiledCall call);
  }

  static Maker distinct(UnaryMaker maker) {
    return call -> {
      UnaryAggregator<?> aggregator = maker.make(call);
      return call.call().distinct() ? behindSet(call, aggregator) : aggregator;
    };
  }

  private static <A> FormattedAggregator<?> behindSet(
      CompiledCall call, UnaryAggregator<A> aggregator) {
    return DistinctAggregator.of(call.argument(0), call.type(0), aggregator);
  }
}
