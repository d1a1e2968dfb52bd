package dev.beamline.sql.analyzer;

import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Problems;
import dev.beamline.sql.ast.SqlStatement.CreateFunction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The functions that were made with CREATE FUNCTION, by name in any case. */
final class Macros {

  private final Map<String, CreateFunction> functions = new LinkedHashMap<>();

  /** Collects functions; one of the query hides one of the library. Doubles are reported. */
  static Macros of(List<CreateFunction> library, List<CreateFunction> own, Problems problems) {
    Macros macros = new Macros();
    library.forEach(f -> macros.functions.put(key(f.name().name()), f));
    Map<String, CreateFunction> seen = new LinkedHashMap<>();
    for (CreateFunction function : own) {
      CreateFunction before = seen.putIfAbsent(key(function.name().name()), function);
      if (before != null) {
        problems.add(
            Diagnostic.error(
                DiagnosticCode.DUPLICATE_NAME,
                function.name().place(),
                "function " + function.name().name() + " is defined twice",
                "the other one is at " + before.name().place()));
      }
      macros.functions.put(key(function.name().name()), function);
    }
    return macros;
  }

  @Nullable CreateFunction find(String name) {
    return functions.get(key(name));
  }

  Set<String> names() {
    Set<String> names = new TreeSet<>();
    functions.values().forEach(f -> names.add(f.name().name()));
    return names;
  }

  private static String key(String name) {
    return name.toUpperCase(Locale.ROOT);
  }
}
