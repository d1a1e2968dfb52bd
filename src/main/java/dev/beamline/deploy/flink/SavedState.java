package dev.beamline.deploy.flink;

import dev.beamline.deploy.manifest.Manifest;
import dev.beamline.deploy.manifest.ManifestFile;
import dev.beamline.deploy.plan.Deployed;
import dev.beamline.deploy.plan.Differ;
import dev.beamline.deploy.plan.Mark;
import dev.beamline.deploy.plan.PipelineChange;
import dev.beamline.deploy.plan.QueryChange;
import dev.beamline.pipeline.run.ResumePoint;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The state that a stream without end has left behind, and what may have made it: the pipelines
 * that have gone on from it, one after the other, since one of them was known to have written it.
 */
public final class SavedState {

  private final ResumePoint point;
  private final @Nullable String newest;
  private final List<Manifest> makers;

  private SavedState(ResumePoint point, @Nullable String newest, List<Manifest> makers) {
    this.point = point;
    this.newest = newest;
    this.makers = List.copyOf(makers);
  }

  /** Reads what is there. */
  public static SavedState of(ResumePoint point) throws IOException {
    Optional<String> newest = point.newest();
    Optional<byte[]> made = newest.isEmpty() ? Optional.empty() : point.madeBy();
    return new SavedState(
        point,
        newest.orElse(null),
        made.isEmpty()
            ? List.of()
            : ManifestFile.read("the manifest beside " + newest.orElseThrow(), made.get()));
  }

  /** Where it is, as Flink names it; empty: there is none. */
  public Optional<String> place() {
    return Optional.ofNullable(newest);
  }

  /** Whether it is known what made it. */
  public boolean isKnown() {
    return !makers.isEmpty();
  }

  /** What a pipeline does otherwise than any that may have made the state; those that do not. */
  public List<PipelineChange> changes(Manifest wanted) {
    return makers.stream()
        .map(maker -> Differ.compare(Deployed.saved(maker), wanted, Instant.now()))
        .filter(PipelineChange::changed)
        .toList();
  }

  /** Whether a change leaves the form of the state, and the rows that were sent, as they are. */
  public static boolean keeps(PipelineChange change) {
    return change.action() == PipelineChange.Action.UPDATE
        && change.queries().stream().noneMatch(q -> q.has(Mark.BREAKING));
  }

  /** Whether a pipeline can go on from it. */
  public boolean fits(Manifest wanted) {
    return newest != null && isKnown() && changes(wanted).stream().allMatch(SavedState::keeps);
  }

  /** State of what the project has no longer is left behind; any other has to find its step. */
  static boolean leavesOut(PipelineChange change) {
    Manifest before = change.before();
    Manifest after = change.after();
    return before != null
        && after != null
        && (change.queries().stream().anyMatch(q -> q.kind() == QueryChange.Kind.REMOVED)
            || !after.sources().keySet().containsAll(before.sources().keySet()));
  }

  /** Whether some of it stays behind where a pipeline goes on. */
  public boolean leavesOut(Manifest wanted) {
    return changes(wanted).stream().anyMatch(SavedState::leavesOut);
  }

  /** A pipeline is about to go on from it. Until it has written its own, both may have made it. */
  public void goOn(Manifest wanted) throws IOException {
    if (leavesOut(wanted)) {
      point.leaveOut();
    }
    List<Manifest> all = new ArrayList<>();
    for (Manifest maker : makers) {
      if (!maker.hash().equals(wanted.hash())) {
        all.add(maker);
      }
    }
    all.add(wanted);
    note(point, all);
  }

  /** All that is there, or will be, is made by this pipeline. */
  public void isMadeBy(Manifest manifest) throws IOException {
    note(point, List.of(manifest));
  }

  /** Notes all that may have made the newest state. */
  static void note(ResumePoint point, List<Manifest> makers) throws IOException {
    point.madeBy(ManifestFile.write(makers));
  }
}
