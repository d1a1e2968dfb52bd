package dev.beamline.execution.aggregate;

import dev.beamline.catalog.Type;
import dev.beamline.execution.function.ScalarFunction.Argument;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * One aggregate function: what it takes and how its aggregators are made.
 *
 * @param name canonical
 * @param signatures for people
 * @param takes the modifiers that it allows
 * @param typing given as many arguments as the signatures say; those without a type are INT64
 */
record AggregateFunction(
    String name,
    int least,
    int most,
    List<String> signatures,
    Set<Takes> takes,
    Typing typing,
    Maker maker) {

  /** Modifiers of a call. */
  enum Takes {
    DISTINCT,
    ORDER_AND_LIMIT,
    NULLS
  }

  /** Finds the parameter types and the result type. */
  interface Typing {
    Resolution resolve(List<Type> types, List<Argument> arguments);
  }

  /** Makes an aggregator of a call whose arguments are coerced. */
  interface Maker {
    FormattedAggregator<?> make(CompiledCall call);
  }

  static Set<Takes> taking(Takes... takes) {
    Set<Takes> set = EnumSet.noneOf(Takes.class);
    set.addAll(List.of(takes));
    return set;
  }
}
