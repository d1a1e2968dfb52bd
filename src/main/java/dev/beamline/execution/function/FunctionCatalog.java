package dev.beamline.execution.function;

import dev.beamline.plan.Expression;
import dev.beamline.plan.Expressions;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;

/** All scalar functions, operators and special forms, by name. */
public final class FunctionCatalog {

  private static final FunctionCatalog STANDARD = new FunctionCatalog(Groups.ALL);

  private final Map<String, Registry.OverloadedFunction> functions;
  private final Map<String, String> aliases;
  private final Map<String, String> refusals;

  FunctionCatalog(List<Consumer<Registry>> groups) {
    Registry registry = new Registry();
    groups.forEach(group -> group.accept(registry));
    functions = Map.copyOf(registry.functions());
    aliases = Map.copyOf(registry.aliases());
    refusals = Map.copyOf(registry.refusals());
  }

  /** The functions of BigQuery that Beamline has. */
  public static FunctionCatalog standard() {
    return STANDARD;
  }

  /** What SQL calls by this name, in any case, aliases included; operators are not found. */
  public Optional<ScalarFunction> function(String name) {
    return get(name).filter(f -> !f.operator());
  }

  /** A function, operator or special form by its canonical name or an alias, in any case. */
  public Optional<ScalarFunction> get(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    return Optional.ofNullable(functions.get(aliases.getOrDefault(upper, upper)));
  }

  /** Whether an expression of these functions is the same each time it is computed of a row. */
  public boolean deterministic(Expression expression) {
    return !Expressions.contains(
        expression,
        part ->
            part instanceof Expression.Call call
                && get(call.function()).filter(f -> !f.deterministic()).isPresent());
  }

  /** Why a known function of BigQuery's is refused, and what to write instead. */
  public Optional<String> refusal(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    String reason = refusals.get(upper);
    if (reason != null || get(upper).isPresent()) {
      return Optional.ofNullable(reason);
    }
    return refusals.entrySet().stream()
        .filter(e -> isFamily(e.getKey()) && upper.startsWith(e.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /** Whether the name stands for all that begin so. */
  private static boolean isFamily(String name) {
    return name.endsWith("_") || name.endsWith(".");
  }

  /** The names that SQL may call, aliases included: what a wrong name is compared with. */
  public NavigableSet<String> names() {
    NavigableSet<String> names = new TreeSet<>(aliases.keySet());
    functions.values().stream()
        .filter(f -> !f.operator())
        .map(ScalarFunction::name)
        .forEach(names::add);
    return names;
  }
}
