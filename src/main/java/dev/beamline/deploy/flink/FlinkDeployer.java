package dev.beamline.deploy.flink;

import dev.beamline.deploy.DeployException;
import dev.beamline.deploy.DeployFolder;
import dev.beamline.deploy.DeployLock;
import dev.beamline.deploy.DeployService;
import dev.beamline.deploy.DeployStore;
import dev.beamline.deploy.Waiting;
import dev.beamline.deploy.manifest.Manifest;
import dev.beamline.deploy.plan.Deployed;
import dev.beamline.deploy.plan.PipelineChange;
import dev.beamline.deploy.plan.PipelineChange.Action;
import dev.beamline.deploy.plan.TableFinding;
import dev.beamline.pipeline.run.ClusterException;
import dev.beamline.pipeline.run.FlinkCluster;
import dev.beamline.pipeline.run.FlinkName;
import dev.beamline.pipeline.run.FlinkPackage;
import dev.beamline.pipeline.run.FlinkRest;
import dev.beamline.pipeline.run.ProjectGraph;
import dev.beamline.pipeline.run.ResumePoint;
import dev.beamline.pipeline.run.RunSettings;
import dev.beamline.project.Project;
import dev.beamline.project.Target;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Carries plans out on a Flink cluster. A job is translated and its tables are made before the
 * running one is stopped with a savepoint; where the new one does not start from it, the old one
 * does.
 */
public final class FlinkDeployer implements DeployService {

  /** The old job is worth waiting for, however little patience there was with the new one. */
  private static final Duration GOING_BACK = Duration.ofMinutes(10);

  private final Project project;
  private final FlinkTarget target;
  private final FlinkRest rest;
  private final DeployFolder folder;
  private final Waiting waiting;
  private final Consumer<String> progress;

  /**
   * Of a target that is not embedded.
   *
   * @param progress is told each step
   */
  public FlinkDeployer(
      Project project, Target.Flink target, Waiting waiting, Consumer<String> progress) {
    this.project = project;
    this.target = new FlinkTarget(project, target);
    this.rest = new FlinkRest(target.master());
    this.folder = this.target.folder();
    this.waiting = waiting;
    this.progress = progress;
  }

  /** The steps that a plan of a pipeline takes, in words. */
  public static List<String> steps(PipelineChange change) {
    String job = change.job() == null ? "" : " " + change.job();
    return switch (change.action()) {
      case NONE -> List.of();
      case LAUNCH -> List.of("make tables", "translate the job", "submit it", "note the manifest");
      case UPDATE ->
          List.of(
              "make tables",
              "translate the job",
              "stop job" + job + " with a savepoint",
              "submit the new one, which goes on from it",
              "note the manifest");
      case REPLACE ->
          List.of(
              "make tables",
              "translate the job",
              "drain job" + job,
              "submit the new one",
              "note the manifest");
      case DRAIN -> List.of("drain job" + job);
    };
  }

  @Override
  public DeployFolder folder() {
    return folder;
  }

  @Override
  public @Nullable Deployed read(String pipeline) throws IOException, InterruptedException {
    return Deployed.of(new FlinkState(project, target.target()).read(), pipeline);
  }

  @Override
  public Map<String, TableFinding> tables(RunSettings settings) throws IOException {
    return target.target().common().warehouse() != null ? Map.of() : TableFinding.of(settings);
  }

  @Override
  public void end(String pipeline, String job, DeployLock lock)
      throws IOException, InterruptedException {
    stop(pipeline, job, true, lock);
    ResumePoint.of(project, target.target(), pipeline).clear();
  }

  @Override
  public void forget(String pipeline, @Nullable Manifest now) throws IOException {
    String kept = now == null ? "" : target.graph(pipeline, now.shortHash());
    for (String path : folder.store().list(target.graphs(pipeline))) {
      if (!path.equals(kept)) {
        folder.delete(path);
      }
    }
  }

  @Override
  public String carryOut(
      PipelineChange change, RunSettings settings, Manifest manifest, DeployLock lock)
      throws IOException, InterruptedException {
    refuseForeign(change.name());
    progress.accept("making tables");
    ProjectGraph graph = new ProjectGraph(settings);
    graph.prepare();
    progress.accept("translating the job");
    FlinkName name =
        new FlinkName(project.name(), change.name(), manifest.shortHash(), graph.run());
    FlinkPackage job =
        FlinkPackage.of(settings, target.target(), graph, name, FlinkTarget.pack(manifest));
    folder.store().write(target.graph(change.name(), manifest.shortHash()), job.graph());
    lock.renew();
    ResumePoint point = ResumePoint.of(project, target.target(), change.name());
    String old = change.job();
    if (old == null) {
      return launch(job, point, manifest, lock);
    }
    if (change.action() == Action.REPLACE) {
      stop(change.name(), old, true, lock);
      // Its windows are closed: nothing can go on from that.
      point.clear();
      return launch(job, point, manifest, lock);
    }
    String savepoint = stop(change.name(), old, false, lock);
    point.forgetAllBut(savepoint);
    SavedState.note(point, List.of(Objects.requireNonNull(change.before()), manifest));
    progress.accept("submitting, from " + savepoint);
    try {
      return start(job, savepoint, SavedState.leavesOut(change), waiting, lock);
    } catch (IOException e) {
      throw goBack(change, settings, savepoint, point, lock, e);
    }
  }

  /** Two jobs of one pipeline would both write its tables. */
  private void refuseForeign(String pipeline) throws IOException, InterruptedException {
    Optional<FlinkRest.Job> foreign =
        new FlinkCluster(project, target.target(), pipeline).started();
    if (foreign.isPresent()) {
      throw DeployException.busy(
          "pipeline "
              + pipeline
              + " runs already: beamline run has started it as job "
              + foreign.get().id()
              + "; stop that first");
    }
  }

  /** Submits where nothing runs: with the state that a run or a job that is gone has left. */
  private String launch(FlinkPackage job, ResumePoint point, Manifest manifest, DeployLock lock)
      throws IOException, InterruptedException {
    SavedState saved = SavedState.of(point);
    String from = saved.fits(manifest) ? saved.place().orElse(null) : null;
    if (from != null) {
      saved.goOn(manifest);
    } else {
      saved
          .place()
          .ifPresent(place -> progress.accept("the state in " + place + " does not fit, and goes"));
      point.clear();
      saved.isMadeBy(manifest);
    }
    progress.accept(from == null ? "submitting" : "submitting, from " + from);
    try {
      return start(job, from, saved.leavesOut(manifest), waiting, lock);
    } catch (IOException e) {
      throw DeployException.failed(
          "the job does not start: " + e.getMessage() + "; nothing runs now", e);
    }
  }

  /** The job that was stopped runs again, with the state that it had. */
  private DeployException goBack(
      PipelineChange change,
      RunSettings settings,
      String savepoint,
      ResumePoint point,
      DeployLock lock,
      IOException why)
      throws IOException, InterruptedException {
    Manifest before = change.before();
    Manifest after = change.after();
    Optional<DeployStore.Content> kept =
        before == null
            ? Optional.empty()
            : folder.store().read(target.graph(change.name(), before.shortHash()));
    String failed = "the new job does not start: " + why.getMessage();
    if (kept.isEmpty()
        || before == null
        || after == null
        || !before.beamline().equals(after.beamline())) {
      return DeployException.failed(
          failed + "; the old one has been stopped, and its state is in " + savepoint, why);
    }
    progress.accept("the new job does not start; the old one is submitted again");
    try {
      String again =
          start(
              FlinkPackage.stored(kept.get().bytes(), settings, target.target()),
              savepoint,
              false,
              waiting.upTo(GOING_BACK),
              lock);
      SavedState.note(point, List.of(before));
      return DeployException.failed(
          failed + "; the old one goes on with its state, as job " + again, why);
    } catch (IOException e) {
      return DeployException.failed(
          failed
              + "; nor does the old one any more ("
              + e.getMessage()
              + "), and its state is in "
              + savepoint,
          why);
    }
  }

  private String stop(String pipeline, String job, boolean drain, DeployLock lock)
      throws IOException, InterruptedException {
    progress.accept((drain ? "draining job " : "stopping job ") + job);
    String folder = new FlinkCluster(project, target.target(), pipeline).savepoints();
    String savepoint;
    try {
      savepoint = rest.stop(job, FlinkRest.uri(folder), drain, waiting.most());
    } catch (ClusterException e) {
      throw DeployException.failed(e.getMessage() + "; job " + job + " goes on as it was", e);
    }
    Instant end = waiting.end();
    while (!FlinkRest.hasEnded(rest.state(job))) {
      if (Instant.now().isAfter(end)) {
        throw DeployException.failed(
            "job " + job + " has its savepoint in " + savepoint + ", and does not end", null);
      }
      waiting.pause(lock);
    }
    return savepoint;
  }

  /** Submits a job and waits until all of its tasks work. */
  private String start(
      FlinkPackage job,
      @Nullable String savepoint,
      boolean leaveOut,
      Waiting patience,
      DeployLock lock)
      throws IOException, InterruptedException {
    String id = job.submit(target.target().master(), savepoint, leaveOut);
    Instant end = patience.end();
    FlinkRest.Progress told = new FlinkRest.Progress("", 0, 0);
    while (true) {
      FlinkRest.Progress now = rest.progress(id);
      if (now.works()) {
        progress.accept("job " + id + " runs");
        return id;
      }
      String why = rest.failure(id);
      if (!why.isEmpty() || FlinkRest.hasEnded(now.state())) {
        if (!FlinkRest.hasEnded(now.state())) {
          rest.cancel(id);
        }
        if (now.state().equals("FINISHED")) {
          return id;
        }
        throw DeployException.failed(
            why.isEmpty() ? "job " + id + " is " + now.state() : why, null);
      }
      if (Instant.now().isAfter(end)) {
        rest.cancel(id);
        throw DeployException.failed(
            "job "
                + id
                + " is still "
                + now.state()
                + " after "
                + patience.most().toSeconds()
                + " s, "
                + now.working()
                + " of "
                + now.tasks()
                + " steps at work: has the cluster enough free slots?",
            null);
      }
      if (!now.equals(told)) {
        told = now;
        progress.accept(
            "job "
                + id
                + " is "
                + now.state()
                + ", "
                + now.working()
                + " of "
                + now.tasks()
                + " steps at work");
      }
      patience.pause(lock);
    }
  }
}
