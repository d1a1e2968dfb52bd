package dev.beamline.execution.kernel;

import dev.beamline.catalog.Tuple;
import dev.beamline.execution.expression.EvaluationException;
import dev.beamline.execution.row.KeyExtractor;
import dev.beamline.execution.window.Sessions;
import dev.beamline.execution.window.WindowAssigner;
import dev.beamline.execution.window.WindowRange;
import dev.beamline.plan.Plan;
import dev.beamline.plan.WindowSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Appends window_start and window_end to rows, all of which are there. */
public final class WindowKernel {

  private final Plan.AssignWindows plan;
  private final RowErrors errors;

  public WindowKernel(Plan.AssignWindows plan, RowErrors errors) {
    this.plan = plan;
    this.errors = errors;
  }

  /** Gives each row once a window that it is in. */
  public void apply(Iterable<Tuple> rows, Consumer<Tuple> out) {
    WindowRange range = WindowRange.of(plan.window());
    List<Tuple> timed = new ArrayList<>();
    for (Tuple row : rows) {
      try {
        range.check(time(row));
        timed.add(row);
      } catch (EvaluationException e) {
        errors.failed(row, e);
      }
    }
    if (plan.window() instanceof WindowSpec.Session session) {
      sessions(timed, session.gap(), out);
    } else if (plan.window() instanceof WindowSpec.Global) {
      timed.forEach(row -> out.accept(RowBuilder.append(row, null, null)));
    } else {
      WindowAssigner assigner = WindowAssigner.of(plan.window());
      for (Tuple row : timed) {
        assigner.assign(time(row), (start, end) -> out.accept(RowBuilder.append(row, start, end)));
      }
    }
  }

  private EvaluationException noTime() {
    return new EvaluationException(
        "The event time (column "
            + plan.input().schema().name(plan.timeColumn())
            + ") is NULL, so the row is in no window");
  }

  private long time(Tuple row) {
    if (row.get(plan.timeColumn()) instanceof Long micros) {
      return micros;
    }
    throw noTime();
  }

  private void sessions(List<Tuple> rows, long gap, Consumer<Tuple> out) {
    KeyExtractor keys = KeyExtractor.of(plan.sessionKeys(), plan.input().schema());
    Map<Tuple, List<Tuple>> byKey = new LinkedHashMap<>();
    for (Tuple row : rows) {
      byKey.computeIfAbsent(keys.group(row), k -> new ArrayList<>()).add(row);
    }
    for (List<Tuple> group : byKey.values()) {
      long[] bounds = Sessions.assign(group.stream().mapToLong(this::time).toArray(), gap);
      for (int i = 0; i < group.size(); i++) {
        out.accept(RowBuilder.append(group.get(i), bounds[2 * i], bounds[2 * i + 1]));
      }
    }
  }
}
