package dev.beamline.execution.aggregate;

import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Type;
import dev.beamline.execution.aggregate.AggregateFunction.Takes;
import dev.beamline.execution.function.ScalarFunction.Argument;
import dev.beamline.plan.AggregateCall.Nulls;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The aggregate functions: names, signatures, and which arguments they take. */
public final class AggregateCatalog {

  private static final Map<String, AggregateFunction> FUNCTIONS = new TreeMap<>();

  private static final Map<String, String> ALIASES =
      Map.of("STDDEV", "STDDEV_SAMP", "VARIANCE", "VAR_SAMP");

  static {
    SumFunctions.register(AggregateCatalog::register);
    StatisticFunctions.register(AggregateCatalog::register);
    ValueFunctions.register(AggregateCatalog::register);
    ArrayFunctions.register(AggregateCatalog::register);
    ApproximateFunctions.register(AggregateCatalog::register);
  }

  private AggregateCatalog() {}

  private static void register(AggregateFunction function) {
    if (FUNCTIONS.put(function.name(), function) != null) {
      throw new IllegalStateException(function.name() + " is registered twice");
    }
  }

  /** Whether there is an aggregate function of that name, in any case, aliases included. */
  public static boolean contains(String name) {
    return FUNCTIONS.containsKey(canonical(name));
  }

  /** The name that plans use: upper case, and the function's own where the name is an alias. */
  public static String canonical(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    return ALIASES.getOrDefault(upper, upper);
  }

  /** All names, aliases included: what a wrong name is compared with. */
  public static SortedSet<String> names() {
    SortedSet<String> names = new TreeSet<>(FUNCTIONS.keySet());
    names.addAll(ALIASES.keySet());
    return Collections.unmodifiableSortedSet(names);
  }

  /** As shown to people, one a line. */
  public static List<String> signatures(String name) {
    return get(name).signatures();
  }

  static AggregateFunction get(String name) {
    AggregateFunction function = FUNCTIONS.get(canonical(name));
    if (function == null) {
      throw new IllegalArgumentException("no aggregate function " + name);
    }
    return function;
  }

  /** Whether the function takes such arguments and modifiers, and what comes out. */
  public static Resolution resolve(
      String name, List<Argument> arguments, AggregateModifiers modifiers) {
    AggregateFunction function = get(name);
    String shown = name.toUpperCase(Locale.ROOT);
    Resolution.Refused refused = checkModifiers(shown, function, arguments, modifiers);
    if (refused != null) {
      return refused;
    }
    if (arguments.size() < function.least() || arguments.size() > function.most()) {
      return noSignature(shown, function, arguments);
    }
    List<Type> types =
        arguments.stream().map(a -> a.type() == null ? (Type) ScalarType.INT64 : a.type()).toList();
    Resolution resolution = function.typing().resolve(types, arguments);
    if (resolution == Typings.NO_SIGNATURE) {
      return noSignature(shown, function, arguments);
    }
    if (resolution instanceof Resolution.Accepted accepted && modifiers.distinct()) {
      Type type = accepted.parameters().get(0);
      if (!Kinds.groupable(type)) {
        return new Resolution.Refused(
            shown + "(DISTINCT ...) cannot compare values of type " + type.sql(),
            "Use TO_JSON_STRING(...) to compare their text");
      }
    }
    return resolution;
  }

  private static Resolution.@Nullable Refused checkModifiers(
      String name,
      AggregateFunction function,
      List<Argument> arguments,
      AggregateModifiers modifiers) {
    if (modifiers.distinct() && !function.takes().contains(Takes.DISTINCT)) {
      return new Resolution.Refused(name + " does not take DISTINCT", "Leave DISTINCT out");
    }
    if (modifiers.distinct() && arguments.isEmpty()) {
      return new Resolution.Refused(
          name + "(*) does not take DISTINCT",
          "Count the different values of a column: COUNT(DISTINCT column)");
    }
    if (!function.takes().contains(Takes.ORDER_AND_LIMIT)) {
      if (!modifiers.orderBy().isEmpty()) {
        return new Resolution.Refused(
            name + " does not take ORDER BY: its result does not depend on the order of the rows",
            "Leave ORDER BY out");
      }
      if (modifiers.limit()) {
        return new Resolution.Refused(name + " does not take LIMIT", "Leave LIMIT out");
      }
    }
    for (Type type : modifiers.orderBy()) {
      if (!Kinds.orderable(type)) {
        return new Resolution.Refused("ORDER BY does not take values of type " + type.sql(), null);
      }
    }
    if (modifiers.distinct() && !modifiers.orderByArgument()) {
      return new Resolution.Refused(
          name
              + " with both DISTINCT and ORDER BY can only be ordered by the value that is"
              + " DISTINCT",
          "Order by the first argument");
    }
    if (modifiers.nulls() != Nulls.DEFAULT && !function.takes().contains(Takes.NULLS)) {
      return new Resolution.Refused(
          name + " does not take " + modifiers.nulls() + " NULLS", "Leave it out");
    }
    return null;
  }

  private static Resolution.Refused noSignature(
      String name, AggregateFunction function, List<Argument> arguments) {
    String types =
        arguments.stream()
            .map(a -> a.type() == null ? "NULL" : a.type().sql())
            .collect(Collectors.joining(", "));
    return new Resolution.Refused(
        "No matching signature for aggregate function "
            + name
            + " for "
            + (arguments.isEmpty() ? "no arguments" : "argument types: " + types),
        "Supported: " + String.join("; ", function.signatures()));
  }
}
