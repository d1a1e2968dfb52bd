package dev.beamline.report.explain;

import dev.beamline.plan.AggregateCall;
import dev.beamline.plan.Plan;
import dev.beamline.plan.QueryPlan;
import dev.beamline.plan.WindowSpec;
import dev.beamline.project.Durations;
import dev.beamline.project.Query;
import dev.beamline.project.Windowing;
import dev.beamline.report.explain.Explanation.Totals;
import dev.beamline.report.explain.Explanation.Warning;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds what will be slow, dear or surprising. */
final class ExplainWarnings {

  private static final long MANY_WINDOWS = 500;
  private static final double HOT = 0.3;
  private static final long FEW_ROWS = 200;
  private static final double MUCH_STATE = 10e9;

  private static final List<String> ORDER =
      List.of(
          "MANY_WINDOWS",
          "NEVER_ENDS",
          "MUCH_STATE",
          "MORE_OUT_THAN_IN",
          "CROSS_JOIN",
          "NO_LATENESS",
          "MANY_PANES",
          "HOT_KEY",
          "EXACT_DISTINCT");

  private final Query query;
  private final boolean streaming;
  private final List<Warning> found = new ArrayList<>();

  ExplainWarnings(Query query, boolean streaming) {
    this.query = query;
    this.streaming = streaming;
  }

  /** What matters most first. */
  List<Warning> found() {
    return found.stream().sorted(Comparator.comparingInt(w -> ORDER.indexOf(w.code()))).toList();
  }

  private void add(String code, String message, String hint) {
    Warning warning = new Warning(code, message, hint);
    if (!found.contains(warning)) {
      found.add(warning);
    }
  }

  void ofWindow(WindowSpec window, long fanOut, Windowing windowing) {
    if (fanOut >= MANY_WINDOWS) {
      boolean hop = window instanceof WindowSpec.Hop;
      add(
          "MANY_WINDOWS",
          "each row counts in "
              + Words.count(fanOut, "window")
              + (hop ? " that overlap" : "")
              + ", and each of them is a row of the result for each group",
          hop ? "a longer period: readers rarely need a new value so often" : "a longer step");
    }
    if (streaming && window instanceof WindowSpec.Global && windowing.trigger().early() == null) {
      add(
          "NEVER_ENDS",
          "the window is all time, which never ends in a stream: nothing is sent before the stream"
              + " itself ends",
          "windowing: {trigger: {early: {every: 1m}}} of " + query.name());
    }
  }

  void ofCall(AggregateCall call, boolean open) {
    if (open && call.distinct() && call.function().equals("COUNT")) {
      add(
          "EXACT_DISTINCT",
          "COUNT(DISTINCT) keeps each different value of each open window",
          "where a percent does not matter, APPROX_COUNT_DISTINCT keeps a few kilobytes");
    }
  }

  void crossJoin() {
    add(
        "CROSS_JOIN",
        "the join has no equality between its sides: each row meets each",
        "add a condition a.x = b.y");
  }

  void ofKeys(SampleStatistics.Sums sums, Plan.Aggregate aggregate) {
    if (sums.largest() >= HOT && sums.groups() >= 20 && !aggregate.keys().isEmpty()) {
      add(
          "HOT_KEY",
          String.format(
              Locale.ROOT,
              "one group has %.0f %% of the rows: its sums are all merged by one worker",
              sums.largest() * 100),
          "sums are made before sending, so this hurts only at high rates");
    }
  }

  void ofWindowing(QueryPlan plan, Windowing windowing, @Nullable Duration outOfOrder) {
    if (plan.window() == null || outOfOrder == null) {
      return;
    }
    if (windowing.allowedLateness().isZero() && outOfOrder.isZero()) {
      add(
          "NO_LATENESS",
          "rows that come out of order are dropped: the watermark follows the newest event at once,"
              + " and nothing late is allowed",
          "watermark: {max_out_of_orderness: 30s} of the source, or allowed_lateness of the query");
    }
    if (windowing.trigger().early() instanceof Windowing.AfterCount after
        && after.count() < FEW_ROWS / 20) {
      add(
          "MANY_PANES",
          "a result is sent after every " + Words.count(after.count(), "row"),
          "trigger: {early: {every: 10s}}");
    }
  }

  void ofTotals(Totals totals) {
    if (totals.stateBytes() > MUCH_STATE) {
      add(
          "MUCH_STATE",
          "about " + Words.bytes(totals.stateBytes()) + " of state are kept",
          "shorter windows or allowed_lateness ("
              + Durations.format(query.windowing().allowedLateness())
              + " now), or fewer groups");
    }
    if (totals.rowsRead() > FEW_ROWS && totals.rowsWritten() > 10 * totals.rowsRead()) {
      add(
          "MORE_OUT_THAN_IN",
          "the result has about "
              + Words.number(totals.rowsWritten())
              + " rows a day, made of "
              + Words.number(totals.rowsRead())
              + " that are read",
          "fewer windows a row, or fewer groups");
    }
  }
}
