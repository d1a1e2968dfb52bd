package dev.beamline.cli;

import dev.beamline.pipeline.run.RunLedger;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/** Prints what became of every record, and how quickly. */
final class LedgerPrinter {

  private LedgerPrinter() {}

  static void print(RunLedger ledger, Duration elapsed, PrintWriter out) {
    List<String[]> lines = new ArrayList<>();
    lines.add(new String[] {"source", "read", "used", "refused", "duplicates"});
    new TreeMap<>(ledger.sources())
        .forEach(
            (name, s) ->
                lines.add(
                    new String[] {
                      name,
                      number(s.read()),
                      number(s.used()),
                      number(s.refused()),
                      number(s.duplicates())
                    }));
    columns(lines, out);
    lines.clear();
    lines.add(
        new String[] {
          "query", "rows", "used", "filtered", "failed", "late", "corrected", "results"
        });
    new TreeMap<>(ledger.queries()).forEach((name, q) -> lines.add(query(name, q)));
    out.println();
    columns(lines, out);
    if (ledger.queries().values().stream().anyMatch(LedgerPrinter::elsewhere)) {
      out.println("-: no rows from sources; what it reads of other queries is counted there");
    }
    new TreeMap<>(ledger.queries())
        .forEach(
            (name, q) -> {
              if (q.failedResults() > 0) {
                out.println(
                    name
                        + ": "
                        + number(q.failedResults())
                        + (q.failedResults() == 1 ? " result" : " results")
                        + " of used rows failed in an expression, and went to the errors");
              }
            });
    LatenessPrinter.print(ledger, out);
    double seconds = elapsed.toMillis() / 1000.0;
    out.println();
    out.printf(
        Locale.ROOT,
        "%,d events in %.1f s, %,.0f a second%n",
        ledger.read(),
        seconds,
        ledger.read() / Math.max(seconds, 0.001));
  }

  private static String[] query(String name, RunLedger.QueryLine q) {
    if (elsewhere(q)) {
      return new String[] {name, "-", "-", "-", "-", "-", "-", number(q.emitted())};
    }
    return new String[] {
      name,
      number(q.rows()),
      number(q.used()),
      number(q.filtered()),
      number(q.failedRows()),
      number(q.late()),
      number(q.corrected()),
      number(q.emitted())
    };
  }

  /** Whether the query's rows are not its own to count: it made a result of none. */
  private static boolean elsewhere(RunLedger.QueryLine q) {
    return q.rows() == 0 && q.late() == 0 && q.emitted() > 0;
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private static void columns(List<String[]> lines, PrintWriter out) {
    int[] widths = new int[lines.get(0).length];
    for (String[] line : lines) {
      for (int i = 0; i < line.length; i++) {
        widths[i] = Math.max(widths[i], line[i].length());
      }
    }
    for (String[] line : lines) {
      StringBuilder text =
          new StringBuilder(line[0]).append(" ".repeat(widths[0] - line[0].length()));
      for (int i = 1; i < line.length; i++) {
        text.append("  ").append(" ".repeat(widths[i] - line[i].length())).append(line[i]);
      }
      out.println(text);
    }
  }
}
