package dev.beamline.cli;

import dev.beamline.pipeline.run.Lateness;
import dev.beamline.pipeline.run.RunLedger;
import dev.beamline.project.Durations;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Says how late rows came, and what another allowed lateness would have lost. */
final class LatenessPrinter {

  private LatenessPrinter() {}

  static void print(RunLedger ledger, PrintWriter out) {
    if (ledger.lateness().isEmpty()) {
      return;
    }
    out.println();
    new TreeMap<>(ledger.lateness())
        .forEach(
            (query, late) -> {
              RunLedger.QueryLine line = ledger.queries().get(query);
              print(query, late, line == null ? 0 : line.used() + line.late(), out);
            });
  }

  private static void print(String query, Lateness late, long rows, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "%s: %,d %s late: half %s, 90 %% %s, 99 %% %s%n",
        query,
        late.total(),
        late.total() == 1 ? "row came" : "rows came",
        bound(late.percentile(0.5)),
        bound(late.percentile(0.9)),
        bound(late.percentile(0.99)));
    StringBuilder hint = new StringBuilder();
    for (Map.Entry<Duration, Long> loss : late.losses().entrySet()) {
      hint.append(hint.isEmpty() ? "  allowed_lateness: " : ", ")
          .append(Durations.format(loss.getKey()))
          .append(loss.getValue() == 0 ? " would have lost nothing" : " would have lost ");
      if (loss.getValue() > 0) {
        hint.append(percent(loss.getValue(), rows));
      }
    }
    if (!hint.isEmpty()) {
      out.println(hint);
    }
  }

  private static String bound(long millis) {
    return millis == Long.MAX_VALUE
        ? "by more than a week"
        : "within " + Durations.format(Duration.ofMillis(millis));
  }

  /** With as many digits as it takes to see something. */
  private static String percent(long part, long all) {
    double percent = 100.0 * part / Math.max(all, part);
    return String.format(Locale.ROOT, percent < 0.1 ? "%.1g %%" : "%.1f %%", percent);
  }
}
