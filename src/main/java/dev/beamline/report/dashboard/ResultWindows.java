package dev.beamline.report.dashboard;

import dev.beamline.catalog.Schema;
import dev.beamline.plan.Plan;
import dev.beamline.plan.QueryPlan;
import dev.beamline.plan.WindowSpec;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The windows of a result's rows, as far as they tell what of it may be added.
 *
 * @param start the column of the window's start
 * @param end the column of the window's end
 * @param overlap whether a record can be in several windows, so that values of two windows are
 *     never added
 * @param sharedStart whether windows have their start in common, so that only the end tells them
 *     apart
 * @param session whether a window that grew leaves panes of its shorter self behind
 */
public record ResultWindows(
    String start, String end, boolean overlap, boolean sharedStart, boolean session) {

  /** Null: the stored rows have no window. */
  static @Nullable ResultWindows of(QueryPlan plan, Schema stored) {
    QueryPlan.ResultWindow window = plan.window();
    if (window == null || window.start() < 0 || window.end() < 0) {
      return null;
    }
    String start = plan.schema().name(window.start());
    String end = plan.schema().name(window.end());
    if (stored.indexOf(start) < 0 || stored.indexOf(end) < 0) {
      return null;
    }
    return new ResultWindows(
        start,
        end,
        overlap(plan.plan()),
        window.spec() instanceof WindowSpec.Cumulate,
        window.spec() instanceof WindowSpec.Session);
  }

  /** Whether a plan puts any record into several windows, be they of one kind or of several. */
  static boolean overlap(Plan plan) {
    Set<WindowSpec> found = new HashSet<>();
    collect(plan, found);
    return found.size() > 1 || found.stream().anyMatch(ResultWindows::overlap);
  }

  private static void collect(Plan plan, Set<WindowSpec> found) {
    if (plan instanceof Plan.AssignWindows windows) {
      found.add(windows.window());
    }
    plan.inputs().forEach(input -> collect(input, found));
  }

  private static boolean overlap(WindowSpec spec) {
    if (spec instanceof WindowSpec.Hop hop) {
      return hop.period() < hop.size();
    }
    return spec instanceof WindowSpec.Cumulate cumulate && cumulate.step() < cumulate.size();
  }
}
