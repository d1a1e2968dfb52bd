package dev.beamline.sql;

import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Place;
import dev.beamline.diagnostic.Problems;
import dev.beamline.plan.KeptKeys;
import dev.beamline.plan.PlanTraits;
import dev.beamline.plan.QueryPlan;
import dev.beamline.plan.WindowSpec;
import dev.beamline.project.Located;
import dev.beamline.project.Query;
import dev.beamline.project.Sink;
import dev.beamline.project.Windowing;
import java.util.ArrayList;
import java.util.List;

/**
 * Warns where a later pane lacks a row of an earlier one, and its sink cannot tell that it went.
 */
final class WithdrawnRows {

  private WithdrawnRows() {}

  /** Checks a query of a stream. */
  static void check(Query query, QueryPlan plan, Problems problems) {
    Windowing windowing = query.windowing();
    boolean panes = windowing.trigger().early() != null || !windowing.allowedLateness().isZero();
    if (!panes
        || plan.key().isEmpty()
        || windowing.accumulationMode() != Windowing.AccumulationMode.ACCUMULATING
        || PlanTraits.of(plan.plan()).bounded()) {
      return;
    }
    boolean kept = KeptKeys.of(plan.plan());
    boolean upserts = query.upserts(true);
    if (query.sink() instanceof Sink.BigQuery table) {
      Located<Sink.WriteMode> write = table.common().write();
      if (!kept && !upserts && write != null && table.common().paneColumns()) {
        appended(table, write.place(), windowing.allowedLateness().isZero(), problems);
      }
    } else if (query.sink() instanceof Sink.Kafka topic && upserts) {
      QueryPlan.ResultWindow window = plan.window();
      boolean grows = window != null && window.spec() instanceof WindowSpec.Session;
      if (!kept || grows) {
        keyed(topic, plan, problems);
      }
    }
  }

  private static void appended(
      Sink.BigQuery table, Place place, boolean onTime, Problems problems) {
    problems.add(
        Diagnostic.warning(
            DiagnosticCode.ROW_NOT_DELETED,
            place,
            "a row that a later pane has no more (HAVING, top-N, a join) stays in the table, so"
                + " there is no view "
                + table.qualifiedName()
                + "_latest of the newest panes",
            "use write: upsert, which deletes such rows"
                + (onTime ? "; or read where is_final" : "")));
  }

  private static void keyed(Sink.Kafka topic, QueryPlan plan, Problems problems) {
    List<Integer> key =
        topic.key().stream().map(column -> plan.schema().indexOf(column.value())).toList();
    if (key.isEmpty() || plan.tellsApart(key)) {
      return;
    }
    List<Integer> whole = new ArrayList<>(key);
    List<String> lacks = new ArrayList<>();
    for (int column : plan.key()) {
      if (!whole.contains(column) && !plan.tellsApart(whole)) {
        whole.add(column);
        lacks.add(plan.schema().name(column));
      }
    }
    List<String> names = new ArrayList<>();
    topic.key().forEach(column -> names.add(column.value()));
    names.addAll(lacks);
    problems.add(
        Diagnostic.warning(
            DiagnosticCode.ROW_NOT_DELETED,
            topic.key().get(0).place(),
            "rows that a later pane has no more are not deleted from the topic: its key lacks "
                + String.join(", ", lacks)
                + ", so a tombstone would delete other rows of the key, too",
            "to have them deleted set key: [" + String.join(", ", names) + "]"));
  }
}
