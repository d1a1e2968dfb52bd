package dev.beamline.sql.analyzer;

import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Type;
import dev.beamline.execution.aggregate.Resolution;
import dev.beamline.execution.function.Coercion;
import dev.beamline.execution.function.ScalarFunction.Argument;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The functions that exist only with OVER: what they take and give. */
final class AnalyticSignatures {

  private static final Map<String, List<String>> SIGNATURES =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("ROW_NUMBER", List.of("ROW_NUMBER()")),
              Map.entry("RANK", List.of("RANK()")),
              Map.entry("DENSE_RANK", List.of("DENSE_RANK()")),
              Map.entry("PERCENT_RANK", List.of("PERCENT_RANK()")),
              Map.entry("CUME_DIST", List.of("CUME_DIST()")),
              Map.entry("NTILE", List.of("NTILE(INT64)")),
              Map.entry("LAG", List.of("LAG(T, [INT64], [T])")),
              Map.entry("LEAD", List.of("LEAD(T, [INT64], [T])")),
              Map.entry("FIRST_VALUE", List.of("FIRST_VALUE(T)")),
              Map.entry("LAST_VALUE", List.of("LAST_VALUE(T)")),
              Map.entry("NTH_VALUE", List.of("NTH_VALUE(T, INT64)"))));

  /** Those that can pass over NULLs. */
  private static final Set<String> NULL_AWARE =
      Set.of("FIRST_VALUE", "LAST_VALUE", "NTH_VALUE", "LAG", "LEAD");

  private AnalyticSignatures() {}

  static boolean contains(String name) {
    return SIGNATURES.containsKey(name);
  }

  static Set<String> names() {
    return SIGNATURES.keySet();
  }

  /** Whether the function takes IGNORE NULLS and RESPECT NULLS. */
  static boolean takesNulls(String name) {
    return NULL_AWARE.contains(name);
  }

  /** Parameter types and the result's; the number of rows or tiles is checked to be a constant. */
  static Resolution resolve(String name, List<Argument> arguments) {
    int count = arguments.size();
    Type type = count == 0 ? ScalarType.INT64 : typeOf(arguments.get(0));
    return switch (name) {
      case "ROW_NUMBER", "RANK", "DENSE_RANK" ->
          count == 0 ? Resolution.accept(ScalarType.INT64) : refused(name, arguments);
      case "PERCENT_RANK", "CUME_DIST" ->
          count == 0 ? Resolution.accept(ScalarType.FLOAT64) : refused(name, arguments);
      case "FIRST_VALUE", "LAST_VALUE" ->
          count == 1 ? Resolution.accept(type, type) : refused(name, arguments);
      case "NTILE" ->
          count == 1
              ? number(name, arguments, 0, 1, Resolution.accept(ScalarType.INT64, ScalarType.INT64))
              : refused(name, arguments);
      case "NTH_VALUE" ->
          count == 2
              ? number(name, arguments, 1, 1, Resolution.accept(type, type, ScalarType.INT64))
              : refused(name, arguments);
      default -> neighbour(name, arguments);
    };
  }

  private static Resolution neighbour(String name, List<Argument> arguments) {
    int count = arguments.size();
    if (count < 1 || count > 3) {
      return refused(name, arguments);
    }
    Type type = typeOf(arguments.get(0));
    if (count == 3) {
      Optional<Type> common = Coercion.supertype(List.of(arguments.get(0), arguments.get(2)));
      if (common.isEmpty()) {
        return refused(name, arguments);
      }
      type = common.get();
    }
    List<Type> parameters = List.of(type, ScalarType.INT64, type).subList(0, count);
    Resolution accepted = new Resolution.Accepted(parameters, type);
    return count == 1 ? accepted : number(name, arguments, 1, 0, accepted);
  }

  /** The resolution, if the argument is a constant of at least that. */
  private static Resolution number(
      String name, List<Argument> arguments, int index, long least, Resolution accepted) {
    Argument argument = arguments.get(index);
    if (argument.literal() && argument.value() instanceof Long value && value >= least) {
      return accepted;
    }
    return argument.type() == ScalarType.INT64
        ? Resolution.refuse(
            "argument " + (index + 1) + " of " + name + " must be a constant of at least " + least,
            null)
        : refused(name, arguments);
  }

  private static Type typeOf(Argument argument) {
    Type type = argument.type();
    return type == null ? ScalarType.INT64 : type;
  }

  private static Resolution refused(String name, List<Argument> arguments) {
    String types =
        String.join(
            ", ",
            arguments.stream()
                .map(
                    a -> {
                      Type type = a.type();
                      return type == null ? "NULL" : type.sql();
                    })
                .toList());
    return Resolution.refuse(
        name + " cannot be called with (" + types + ")",
        "allowed: " + String.join(" or ", SIGNATURES.getOrDefault(name, List.of())));
  }
}
