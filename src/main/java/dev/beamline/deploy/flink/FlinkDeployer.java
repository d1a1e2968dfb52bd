package dev.beamline.deploy.flink;

import dev.beamline.deploy.DeployException;
import dev.beamline.deploy.DeployLock;
import dev.beamline.deploy.DeployStore;
import dev.beamline.deploy.Waiting;
import dev.beamline.deploy.manifest.Manifest;
import dev.beamline.deploy.manifest.ManifestFile;
import dev.beamline.deploy.plan.Deployed;
import dev.beamline.deploy.plan.Differ;
import dev.beamline.deploy.plan.PipelineChange;
import dev.beamline.deploy.plan.PipelineChange.Action;
import dev.beamline.deploy.plan.QueryChange;
import dev.beamline.pipeline.run.ClusterException;
import dev.beamline.pipeline.run.FlinkCluster;
import dev.beamline.pipeline.run.FlinkName;
import dev.beamline.pipeline.run.FlinkPackage;
import dev.beamline.pipeline.run.FlinkRest;
import dev.beamline.pipeline.run.ProjectGraph;
import dev.beamline.pipeline.run.RunSettings;
import dev.beamline.project.Project;
import dev.beamline.project.Target;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Carries plans out on a Flink cluster. A job is translated and its tables are made before the
 * running one is stopped with a savepoint; where the new one does not start from it, the old one
 * does.
 */
public final class FlinkDeployer {

  /** The old job is worth waiting for, however little patience there was with the new one. */
  private static final Duration GOING_BACK = Duration.ofMinutes(10);

  private final Project project;
  private final FlinkTarget target;
  private final FlinkRest rest;
  private final DeployStore store;
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
    this.store = this.target.store();
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

  /**
   * Brings a pipeline to what the manifest says.
   *
   * @param settings of the run; null for a pipeline that is to go
   * @param manifest null: the pipeline is to go
   * @return the id of the job that runs then; null: none
   */
  public @Nullable String deploy(
      String pipeline, @Nullable RunSettings settings, @Nullable Manifest manifest)
      throws IOException, InterruptedException {
    try (DeployLock lock = DeployLock.take(store, target.lock(pipeline))) {
      // Read again under the lock: what was planned may be done, or undone, by now.
      @Nullable Deployed there =
          Deployed.of(new FlinkState(project, target.target()).read(), pipeline);
      if (settings == null || manifest == null) {
        end(pipeline, there);
        return null;
      }
      PipelineChange change = Differ.compare(there, manifest, Instant.now());
      if (change.action() == Action.NONE) {
        progress.accept("pipeline " + pipeline + " is as it should be, job " + change.job());
        return change.job();
      }
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
      String id = carryOut(change, settings, manifest, lock);
      note(manifest, there == null ? null : there.manifest().since());
      forgetGraphs(pipeline, manifest.shortHash());
      return id;
    }
  }

  /**
   * Notes what has been deployed.
   *
   * @param since since when a pipeline of this name has run; null: it has not
   */
  public void note(Manifest manifest, @Nullable String since) throws IOException {
    Manifest noted = manifest.withSince(since == null ? manifest.created() : since);
    store.write(target.current(manifest.pipeline()), ManifestFile.write(List.of(noted)));
  }

  private void end(String pipeline, @Nullable Deployed there)
      throws IOException, InterruptedException {
    String job = there == null ? null : there.job();
    if (job != null) {
      stop(pipeline, job, true);
    }
    delete(target.current(pipeline));
    forgetGraphs(pipeline, "");
  }

  private void delete(String path) throws IOException {
    Optional<DeployStore.Content> there = store.read(path);
    if (there.isPresent()) {
      store.deleteIf(path, there.get().generation());
    }
  }

  private void forgetGraphs(String pipeline, String but) throws IOException {
    for (String path : store.list(target.graphs(pipeline))) {
      if (but.isEmpty() || !path.equals(target.graph(pipeline, but))) {
        delete(path);
      }
    }
  }

  private String carryOut(
      PipelineChange change, RunSettings settings, Manifest manifest, DeployLock lock)
      throws IOException, InterruptedException {
    progress.accept("making tables");
    ProjectGraph graph = new ProjectGraph(settings);
    graph.prepare();
    progress.accept("translating the job");
    FlinkName name =
        new FlinkName(project.name(), change.name(), manifest.shortHash(), graph.run());
    FlinkPackage job =
        FlinkPackage.of(settings, target.target(), graph, name, FlinkTarget.pack(manifest));
    store.write(target.graph(change.name(), manifest.shortHash()), job.graph());
    lock.renew();
    String old = change.job();
    String savepoint = null;
    if (old != null) {
      boolean drain = change.action() == Action.REPLACE;
      String left = stop(change.name(), old, drain);
      savepoint = drain ? null : left;
    }
    progress.accept(savepoint == null ? "submitting" : "submitting, from " + savepoint);
    try {
      return start(job, savepoint, leavesOut(change), waiting.most());
    } catch (IOException e) {
      if (savepoint == null) {
        throw DeployException.failed(
            "the job does not start: "
                + e.getMessage()
                + (old == null ? "" : "; job " + old + " has been drained, and nothing runs now"),
            e);
      }
      throw goBack(change, settings, savepoint, e);
    }
  }

  /** State of what the project has no longer is left behind; any other has to find its step. */
  private static boolean leavesOut(PipelineChange change) {
    Manifest before = change.before();
    Manifest after = change.after();
    return before != null
        && after != null
        && (change.queries().stream().anyMatch(q -> q.kind() == QueryChange.Kind.REMOVED)
            || !after.sources().keySet().containsAll(before.sources().keySet()));
  }

  /** The job that was stopped runs again, with the state that it had. */
  private DeployException goBack(
      PipelineChange change, RunSettings settings, String savepoint, IOException why)
      throws IOException, InterruptedException {
    Manifest before = change.before();
    Manifest after = change.after();
    Optional<DeployStore.Content> kept =
        before == null
            ? Optional.empty()
            : store.read(target.graph(change.name(), before.shortHash()));
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
              GOING_BACK);
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

  private String stop(String pipeline, String job, boolean drain)
      throws IOException, InterruptedException {
    progress.accept((drain ? "draining job " : "stopping job ") + job);
    String folder = new FlinkCluster(project, target.target(), pipeline).savepoints();
    String savepoint;
    try {
      savepoint = rest.stop(job, FlinkRest.uri(folder), drain, waiting.most());
    } catch (ClusterException e) {
      throw DeployException.failed(e.getMessage() + "; job " + job + " goes on as it was", e);
    }
    Instant end = Instant.now().plus(waiting.most());
    while (!FlinkRest.hasEnded(rest.state(job))) {
      if (Instant.now().isAfter(end)) {
        throw DeployException.failed(
            "job " + job + " has its savepoint in " + savepoint + ", and does not end", null);
      }
      Thread.sleep(waiting.poll().toMillis());
    }
    return savepoint;
  }

  /** Submits a job and waits until all of its tasks work. */
  private String start(
      FlinkPackage job, @Nullable String savepoint, boolean leaveOut, Duration most)
      throws IOException, InterruptedException {
    String id = job.submit(target.target().master(), savepoint, leaveOut);
    Instant end = Instant.now().plus(most);
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
                + most.toSeconds()
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
      Thread.sleep(waiting.poll().toMillis());
    }
  }
}
