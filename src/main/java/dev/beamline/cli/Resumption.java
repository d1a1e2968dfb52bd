package dev.beamline.cli;

import dev.beamline.deploy.flink.SavedState;
import dev.beamline.deploy.manifest.Manifest;
import dev.beamline.deploy.plan.Mark;
import dev.beamline.deploy.plan.PipelineChange;
import dev.beamline.deploy.plan.QueryChange;
import dev.beamline.deploy.plan.Reason;
import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.InvalidProjectException;
import dev.beamline.diagnostic.Place;
import dev.beamline.pipeline.run.ProjectRun;
import dev.beamline.pipeline.run.ResumePoint;
import dev.beamline.project.PipelineDefinition;
import dev.beamline.project.Project;
import dev.beamline.project.Query;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How a stream without end goes on where its last run was stopped or died: only with state that its
 * queries would have made themselves, as far as its form and the rows that were sent go.
 */
final class Resumption {

  private static final String HINT =
      "take the change back, or begin anew with --fresh: windows that are open then lose what was"
          + " counted so far, and beamline backfill fills them again";

  private final Project project;
  private final PipelineDefinition pipeline;
  private final Manifest wanted;
  private final @Nullable ResumePoint point;

  private Resumption(
      Project project, PipelineDefinition pipeline, Manifest wanted, @Nullable ResumePoint point) {
    this.project = project;
    this.pipeline = pipeline;
    this.wanted = wanted;
    this.point = point;
  }

  /**
   * Looks at the state that is there, and notes what the run makes its own by.
   *
   * @param wanted what is to run
   * @param fresh whether it begins anew, whatever is there
   * @throws InvalidProjectException where the state is of other queries
   */
  static Resumption begin(
      Project project,
      PipelineDefinition pipeline,
      Manifest wanted,
      ProjectRun run,
      boolean fresh,
      PrintWriter err)
      throws IOException, InterruptedException {
    Optional<ResumePoint> point = run.resumePoint();
    Resumption resumption = new Resumption(project, pipeline, wanted, point.orElse(null));
    if (point.isPresent()) {
      if (fresh) {
        point.get().clear();
      }
      resumption.begin(SavedState.of(point.get()), err);
    }
    return resumption;
  }

  private void begin(SavedState state, PrintWriter err) throws IOException {
    if (state.place().isEmpty()) {
      state.isMadeBy(wanted);
      return;
    }
    String place = state.place().get();
    if (!state.isKnown()) {
      throw new InvalidProjectException(
          Diagnostic.error(
              DiagnosticCode.STATE_CONFLICT,
              pipeline.place(),
              "pipeline "
                  + pipeline.name()
                  + " has state in "
                  + place
                  + ", and it is not known by which queries it was made",
              HINT));
    }
    List<PipelineChange> changes = state.changes(wanted);
    List<Diagnostic> problems = new ArrayList<>();
    for (PipelineChange change : changes) {
      if (!SavedState.keeps(change)) {
        problems(change, place, problems);
      }
    }
    if (!problems.isEmpty()) {
      throw new InvalidProjectException(problems.stream().distinct().toList());
    }
    err.println("Going on from " + place);
    for (PipelineChange change : changes) {
      for (QueryChange query : change.changes()) {
        err.println("  " + query.name() + ": " + texts(query.reasons(), reason -> true));
      }
    }
    err.flush();
    state.goOn(wanted);
  }

  private void problems(PipelineChange change, String place, List<Diagnostic> problems) {
    Predicate<Reason> grave = r -> r.mark() == Mark.RESTART || r.mark() == Mark.BREAKING;
    if (change.reasons().stream().anyMatch(grave)) {
      problems.add(
          conflict(
              pipeline.place(), "pipeline " + pipeline.name(), place, change.reasons(), grave));
    }
    for (QueryChange query : change.queries()) {
      if (query.reasons().stream().anyMatch(grave)) {
        Query known = project.queries().get(query.name());
        problems.add(
            conflict(
                known == null ? pipeline.place() : Place.ofFile(known.file().path()),
                "query " + query.name(),
                place,
                query.reasons(),
                grave));
      }
    }
  }

  private static Diagnostic conflict(
      Place where, String what, String place, List<Reason> reasons, Predicate<Reason> grave) {
    return Diagnostic.error(
        DiagnosticCode.STATE_CONFLICT,
        where,
        what
            + " cannot go on from the state of its last run in "
            + place
            + ": "
            + texts(reasons, grave),
        HINT);
  }

  private static String texts(List<Reason> reasons, Predicate<Reason> which) {
    return String.join("; ", reasons.stream().filter(which).map(Reason::text).distinct().toList());
  }

  /** The run was stopped with a savepoint: what is there now is its own. */
  void stopped() throws IOException {
    if (point != null) {
      SavedState.of(point).isMadeBy(wanted);
    }
  }
}
