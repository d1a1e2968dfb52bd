package dev.beamline.deploy.backfill;

import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.deploy.manifest.WindowGrid;
import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.InvalidProjectException;
import dev.beamline.io.TableRange;
import dev.beamline.pipeline.run.RunSettings;
import dev.beamline.plan.Expression;
import dev.beamline.plan.Plan;
import dev.beamline.plan.QueryPlan;
import dev.beamline.plan.WindowSpec;
import dev.beamline.project.PipelineDefinition.Mode;
import dev.beamline.project.Project;
import dev.beamline.project.Query;
import dev.beamline.project.Sink;
import dev.beamline.project.Target;
import dev.beamline.sql.CompiledProject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One query computed again for the windows that start from one time to another. A window belongs to
 * the range by its start alone, so that ranges that touch share no window and leave none out.
 *
 * @param plan the query's, with only the rows of the range
 * @param range with both ends on the windows' grid
 * @param grid of the windows
 */
public record Backfill(QueryPlan plan, TableRange range, WindowGrid grid) {

  /**
   * Makes a backfill.
   *
   * @param compiled the query in batch, and those that it reads
   * @param from microseconds; goes back to the start of a window where it is in the middle of one
   * @param to microseconds; goes on to the end of that window
   * @throws InvalidProjectException where the query has no windows that could be told apart
   */
  public static Backfill of(CompiledProject compiled, String name, long from, long to) {
    Query query = compiled.project().query(name);
    QueryPlan plan = compiled.plan(name);
    QueryPlan.ResultWindow window = plan.window();
    if (window == null || window.spec() instanceof WindowSpec.Global) {
      throw refused(
          query,
          "its rows are in no window of time, so that there is no part of the table to replace",
          "compute all of it: beamline run --queries " + name);
    }
    if (query.sink() instanceof Sink.Console) {
      throw refused(query, "its rows go to the terminal, and what is there stays", null);
    }
    WindowGrid grid = WindowGrid.of(window.spec());
    long first = grid.floor(from);
    long end = grid.ceiling(to);
    return new Backfill(
        new QueryPlan(
            name, only(plan.plan(), window.start(), first, end, query), window, plan.key()),
        new TableRange(plan.schema().name(window.start()), first, end),
        grid);
  }

  private static InvalidProjectException refused(
      Query query, String message, @Nullable String hint) {
    return new InvalidProjectException(
        Diagnostic.error(
            DiagnosticCode.CONFLICTING_SETTINGS,
            query.place(),
            "query " + query.name() + " cannot be filled back: " + message,
            hint));
  }

  /** The rows whose window starts in the range. */
  private static Plan only(Plan plan, int start, long from, long to, Query query) {
    Schema schema = plan.schema();
    List<Expression> columns = new ArrayList<>();
    for (int i = 0; i < schema.size(); i++) {
      columns.add(new Expression.InputColumn(i, schema.type(i)));
    }
    Expression condition =
        call(
            "AND",
            query,
            call(
                "GE",
                query,
                columns.get(start),
                new Expression.Literal(from, ScalarType.TIMESTAMP)),
            call(
                "LT", query, columns.get(start), new Expression.Literal(to, ScalarType.TIMESTAMP)));
    return new Plan.Calc(plan, condition, columns, schema);
  }

  private static Expression call(String function, Query query, Expression... arguments) {
    return new Expression.Call(function, List.of(arguments), ScalarType.BOOL, false, query.place());
  }

  /** What a run needs to carry it out. */
  public RunSettings settings(
      Project project, Target target, Map<String, QueryPlan> plans, Map<String, String> inputs) {
    Map<String, QueryPlan> all = new LinkedHashMap<>(plans);
    all.put(plan.name(), plan);
    return new RunSettings(
        project,
        target,
        "backfill",
        Mode.BATCH,
        all,
        List.of(plan.name()),
        inputs,
        0,
        false,
        false,
        range);
  }

  /** How many windows start in the range; -1 where only the data can tell. */
  public long windows() {
    return grid.period() == 0 ? -1 : (range.to() - range.from()) / grid.period();
  }
}
