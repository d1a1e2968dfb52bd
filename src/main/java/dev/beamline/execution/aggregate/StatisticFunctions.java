package dev.beamline.execution.aggregate;

import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Type;
import dev.beamline.execution.aggregate.AggregateFunction.Takes;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/** STDDEV, VARIANCE, COVAR and CORR. */
final class StatisticFunctions {

  private StatisticFunctions() {}

  static void register(Consumer<AggregateFunction> catalog) {
    for (Statistic statistic : Statistic.values()) {
      catalog.accept(statistic.pairs() ? ofPairs(statistic) : ofValues(statistic));
    }
  }

  private static AggregateFunction ofValues(Statistic statistic) {
    String name = statistic.name();
    return new AggregateFunction(
        name,
        1,
        1,
        List.of(name + "(FLOAT64)", name + "(NUMERIC)", name + "(BIGNUMERIC)"),
        AggregateFunction.taking(Takes.DISTINCT),
        StatisticFunctions::resolve,
        SumFunctions.distinct(
            call -> new StatisticAggregator(statistic, call.argument(0), call.type(0))));
  }

  private static AggregateFunction ofPairs(Statistic statistic) {
    String name = statistic.name();
    return new AggregateFunction(
        name,
        2,
        2,
        List.of(
            name + "(FLOAT64, FLOAT64)",
            name + "(NUMERIC, NUMERIC)",
            name + "(BIGNUMERIC, BIGNUMERIC)"),
        AggregateFunction.taking(),
        StatisticFunctions::resolve,
        call ->
            new PairStatisticAggregator(
                statistic, call.argument(0), call.argument(1), call.type(0)));
  }

  private static Resolution resolve(List<Type> types, List<?> arguments) {
    Type type = Typings.statistical(types);
    if (type == null) {
      return Typings.NO_SIGNATURE;
    }
    return new Resolution.Accepted(Collections.nCopies(arguments.size(), type), ScalarType.FLOAT64);
  }
}
