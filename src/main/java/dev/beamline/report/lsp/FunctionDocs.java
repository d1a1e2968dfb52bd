package dev.beamline.report.lsp;

import dev.beamline.execution.aggregate.AggregateCatalog;
import dev.beamline.execution.function.FunctionCatalog;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Functions by name, with what they take. */
final class FunctionDocs {

  private static final Map<String, String> WINDOWS = new LinkedHashMap<>();

  static {
    WINDOWS.put("TUMBLE", "TUMBLE(event_time, size[, offset])\nWindows of one size, side by side.");
    WINDOWS.put(
        "HOP",
        "HOP(event_time, period, size[, offset])\nWindows of one size, one starting each period: a"
            + " row counts in size / period of them.");
    WINDOWS.put(
        "SESSION",
        "SESSION(event_time, gap)\nWindows around rows of one group that follow each other within"
            + " the gap.");
    WINDOWS.put(
        "CUMULATE",
        "CUMULATE(event_time, step, size[, offset])\nWindows that grow by a step up to the size,"
            + " then begin anew.");
    for (String window : List.of("TUMBLE", "HOP", "SESSION", "CUMULATE")) {
      WINDOWS.put(window + "_START", window + "_START(...)\nWhere the row's window starts.");
      WINDOWS.put(window + "_END", window + "_END(...)\nWhere the row's window ends, exclusive.");
    }
  }

  /** Functions that exist only with OVER. */
  private static final Map<String, String> ANALYTIC =
      Map.ofEntries(
          Map.entry("ROW_NUMBER", "ROW_NUMBER() OVER (...)"),
          Map.entry("RANK", "RANK() OVER (... ORDER BY ...)"),
          Map.entry("DENSE_RANK", "DENSE_RANK() OVER (... ORDER BY ...)"),
          Map.entry("PERCENT_RANK", "PERCENT_RANK() OVER (... ORDER BY ...)"),
          Map.entry("CUME_DIST", "CUME_DIST() OVER (... ORDER BY ...)"),
          Map.entry("NTILE", "NTILE(INT64) OVER (... ORDER BY ...)"),
          Map.entry("LAG", "LAG(T[, INT64[, T]]) OVER (... ORDER BY ...)"),
          Map.entry("LEAD", "LEAD(T[, INT64[, T]]) OVER (... ORDER BY ...)"),
          Map.entry("FIRST_VALUE", "FIRST_VALUE(T) OVER (... ORDER BY ...)"),
          Map.entry("LAST_VALUE", "LAST_VALUE(T) OVER (... ORDER BY ...)"),
          Map.entry("NTH_VALUE", "NTH_VALUE(T, INT64) OVER (... ORDER BY ...)"));

  private FunctionDocs() {}

  static Set<String> names() {
    Set<String> names = new TreeSet<>(FunctionCatalog.standard().names());
    names.addAll(AggregateCatalog.names());
    names.addAll(WINDOWS.keySet());
    names.addAll(ANALYTIC.keySet());
    return names;
  }

  /** What kind of function it is, for a list. */
  static String kind(String name) {
    return WINDOWS.containsKey(name)
        ? "window"
        : AggregateCatalog.contains(name)
            ? "aggregate"
            : ANALYTIC.containsKey(name) ? "analytic" : "function";
  }

  /** For people, in Markdown; empty where there is no such function. */
  static Optional<String> markdown(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    String window = WINDOWS.get(upper);
    if (window != null) {
      int line = window.indexOf('\n');
      return Optional.of(code(List.of(window.substring(0, line))) + window.substring(line + 1));
    }
    if (AggregateCatalog.contains(upper)) {
      return Optional.of(
          code(AggregateCatalog.signatures(AggregateCatalog.canonical(upper))) + "Aggregate.");
    }
    String analytic = ANALYTIC.get(upper);
    if (analytic != null) {
      return Optional.of(code(List.of(analytic)) + "Analytic: only with OVER.");
    }
    Optional<String> refused = FunctionCatalog.standard().refusal(upper);
    return FunctionCatalog.standard()
        .function(upper)
        .map(function -> code(function.signatures()) + "As in BigQuery.")
        .or(() -> refused.map(reason -> "**" + upper + "** is not supported: " + reason));
  }

  private static String code(List<String> signatures) {
    return "```sql\n" + String.join("\n", signatures) + "\n```\n";
  }
}
