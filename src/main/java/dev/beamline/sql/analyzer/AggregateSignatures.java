package dev.beamline.sql.analyzer;

import static dev.beamline.catalog.ScalarType.BIGNUMERIC;
import static dev.beamline.catalog.ScalarType.BOOL;
import static dev.beamline.catalog.ScalarType.BYTES;
import static dev.beamline.catalog.ScalarType.FLOAT64;
import static dev.beamline.catalog.ScalarType.INT64;
import static dev.beamline.catalog.ScalarType.INTERVAL;
import static dev.beamline.catalog.ScalarType.NUMERIC;
import static dev.beamline.catalog.ScalarType.STRING;

import dev.beamline.catalog.Type;
import dev.beamline.execution.function.ScalarFunction.Argument;
import dev.beamline.execution.function.ScalarFunction.Signature;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Signatures of aggregate and analytic functions. */
final class AggregateSignatures {

  private static final Map<String, List<String>> AGGREGATES =
      Map.ofEntries(
          Map.entry("COUNT", List.of("COUNT(*)", "COUNT(ANY)")),
          Map.entry("COUNTIF", List.of("COUNTIF(BOOL)")),
          Map.entry("SUM", List.of("SUM(INT64)", "SUM(FLOAT64)", "SUM(NUMERIC)")),
          Map.entry("AVG", List.of("AVG(FLOAT64)", "AVG(NUMERIC)")),
          Map.entry("MIN", List.of("MIN(T)")),
          Map.entry("MAX", List.of("MAX(T)")),
          Map.entry("ANY_VALUE", List.of("ANY_VALUE(T)")),
          Map.entry("LOGICAL_AND", List.of("LOGICAL_AND(BOOL)")),
          Map.entry("LOGICAL_OR", List.of("LOGICAL_OR(BOOL)")),
          Map.entry("STRING_AGG", List.of("STRING_AGG(STRING, [STRING])")),
          Map.entry("ARRAY_AGG", List.of("ARRAY_AGG(T)")),
          Map.entry("MAX_BY", List.of("MAX_BY(T, ORDERABLE)")),
          Map.entry("MIN_BY", List.of("MIN_BY(T, ORDERABLE)")),
          Map.entry("APPROX_COUNT_DISTINCT", List.of("APPROX_COUNT_DISTINCT(ANY)")));

  private static final Set<String> ANALYTICS =
      Set.of(
          "ROW_NUMBER",
          "RANK",
          "DENSE_RANK",
          "PERCENT_RANK",
          "CUME_DIST",
          "NTILE",
          "LAG",
          "LEAD",
          "FIRST_VALUE",
          "LAST_VALUE",
          "NTH_VALUE");

  private AggregateSignatures() {}

  static boolean isAggregate(String name) {
    return AGGREGATES.containsKey(name);
  }

  static boolean isAnalytic(String name) {
    return ANALYTICS.contains(name);
  }

  static Set<String> names() {
    Set<String> names = new TreeSet<>(AGGREGATES.keySet());
    names.addAll(ANALYTICS);
    return names;
  }

  static Optional<String> refusal(String name) {
    return Optional.empty();
  }

  static List<String> signatures(String name) {
    return AGGREGATES.getOrDefault(name, List.of());
  }

  static Optional<Signature> resolve(String name, List<Argument> arguments) {
    Type first = arguments.isEmpty() ? INT64 : arguments.get(0).type();
    Type type = first == null ? INT64 : first;
    return switch (name) {
      case "COUNT" ->
          arguments.size() > 1
              ? Optional.empty()
              : Optional.of(new Signature(arguments.isEmpty() ? List.of() : List.of(type), INT64));
      case "COUNTIF" -> one(arguments, BOOL, INT64);
      case "LOGICAL_AND", "LOGICAL_OR" -> one(arguments, BOOL, BOOL);
      case "SUM" ->
          Set.of(INT64, FLOAT64, NUMERIC, BIGNUMERIC, INTERVAL).contains(type)
              ? one(arguments, type, type)
              : Optional.empty();
      case "AVG" ->
          Set.of(NUMERIC, BIGNUMERIC).contains(type)
              ? one(arguments, type, type)
              : Set.of(INT64, FLOAT64).contains(type)
                  ? one(arguments, FLOAT64, FLOAT64)
                  : Optional.empty();
      case "MIN", "MAX" -> Types.orderable(type) ? one(arguments, type, type) : Optional.empty();
      case "ANY_VALUE", "FIRST_VALUE", "LAST_VALUE" -> one(arguments, type, type);
      case "ARRAY_AGG" -> one(arguments, type, Type.array(type));
      case "APPROX_COUNT_DISTINCT" -> one(arguments, type, INT64);
      case "STRING_AGG" ->
          arguments.size() == 2
              ? Optional.of(new Signature(List.of(type, type), type))
              : type == STRING || type == BYTES ? one(arguments, type, type) : Optional.empty();
      case "MAX_BY", "MIN_BY" -> {
        Type by = arguments.size() == 2 ? arguments.get(1).type() : null;
        yield arguments.size() == 2
            ? Optional.of(new Signature(List.of(type, by == null ? INT64 : by), type))
            : Optional.empty();
      }
      case "ROW_NUMBER", "RANK", "DENSE_RANK" ->
          arguments.isEmpty() ? Optional.of(new Signature(List.of(), INT64)) : Optional.empty();
      case "PERCENT_RANK", "CUME_DIST" ->
          arguments.isEmpty() ? Optional.of(new Signature(List.of(), FLOAT64)) : Optional.empty();
      case "NTILE" -> one(arguments, INT64, INT64);
      case "NTH_VALUE" ->
          arguments.size() == 2
              ? Optional.of(new Signature(List.of(type, INT64), type))
              : Optional.empty();
      case "LAG", "LEAD" ->
          arguments.isEmpty() || arguments.size() > 3
              ? Optional.empty()
              : Optional.of(
                  new Signature(List.of(type, INT64, type).subList(0, arguments.size()), type));
      default -> Optional.empty();
    };
  }

  private static Optional<Signature> one(List<Argument> arguments, Type parameter, Type result) {
    return arguments.size() == 1
        ? Optional.of(new Signature(List.of(parameter), result))
        : Optional.empty();
  }
}
