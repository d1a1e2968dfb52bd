package dev.beamline.deploy.dataflow;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.api.client.googleapis.json.GoogleJsonResponseException;
import com.google.api.services.dataflow.model.Job;
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
import dev.beamline.deploy.plan.TableFinding;
import dev.beamline.pipeline.run.ProjectGraph;
import dev.beamline.pipeline.run.RunSettings;
import dev.beamline.pipeline.run.StagedFiles;
import dev.beamline.project.Project;
import dev.beamline.project.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.beam.runners.dataflow.DataflowPipelineJob;
import org.apache.beam.runners.dataflow.options.DataflowPipelineOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.io.FileSystems;
import org.jspecify.annotations.Nullable;

/**
 * Carries plans out on Dataflow. What can fail is done before the running job is touched: the graph
 * is built, the files are staged and the tables made; a job is drained only for one that is ready
 * to be launched.
 */
public final class DataflowDeployer {

  private final Project project;
  private final DataflowTarget target;
  private final DataflowJobs jobs;
  private final CloudObjects objects;
  private final List<String> files;
  private final Waiting waiting;
  private final Consumer<String> progress;

  /**
   * @param cache a folder of this machine for what is staged
   * @param progress is told each step
   */
  public DataflowDeployer(
      Project project,
      Target.Dataflow target,
      Path cache,
      Waiting waiting,
      Consumer<String> progress)
      throws IOException {
    this.project = project;
    this.target = new DataflowTarget(project, target);
    DataflowPipelineOptions options = this.target.options();
    FileSystems.setDefaultPipelineOptions(options);
    this.jobs = new DataflowJobs(options);
    this.objects = new CloudObjects(options);
    this.files = StagedFiles.ofThisProcess(StagedFiles.Workers.DATAFLOW, cache);
    this.waiting = waiting;
    this.progress = progress;
  }

  /**
   * The settings of a run whose workers are elsewhere: files of this machine are staged for them.
   */
  public static RunSettings staged(RunSettings settings, Target.Dataflow target)
      throws IOException {
    DataflowTarget there = new DataflowTarget(settings.project(), target);
    return new StagedInputs(new CloudObjects(there.options()), there.folder(), line -> {})
        .of(settings);
  }

  /** The steps that a plan of a pipeline takes, in words. */
  public static List<String> steps(PipelineChange change) {
    String job = change.job() == null ? "" : " " + change.job();
    return switch (change.action()) {
      case NONE -> List.of();
      case LAUNCH ->
          List.of(
              "make tables and views", "stage and check the job", "launch it", "note the manifest");
      case UPDATE ->
          List.of(
              "make tables and views",
              "stage and check the job",
              "update job" + job + ", which hands its state over",
              "note the manifest");
      case REPLACE ->
          List.of(
              "make tables and views",
              "stage and check the job",
              "drain job" + job,
              "launch the new one",
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
    try (DeployLock lock = DeployLock.take(objects, target.lock(pipeline))) {
      // Read again under the lock: what was planned may be done, or undone, by now.
      @Nullable Deployed there =
          Deployed.of(new DataflowState(project, target.target()).read(), pipeline);
      if (settings == null || manifest == null) {
        return end(there, lock);
      }
      PipelineChange change =
          Differ.compare(there, manifest, Instant.now(), TableFinding.of(settings));
      if (change.action() == Action.NONE) {
        progress.accept("pipeline " + pipeline + " is as it should be, job " + change.job());
        return change.job();
      }
      String id = carryOut(change, settings, manifest, lock);
      String since = there == null ? null : there.manifest().since();
      byte[] noted =
          ManifestFile.write(
              List.of(manifest.withSince(since == null ? manifest.created() : since)));
      objects.write(target.current(pipeline), noted);
      return id;
    } catch (GoogleJsonResponseException e) {
      throw DeployException.failed(
          "the service refused: "
              + (e.getDetails() == null ? e.getStatusMessage() : e.getDetails().getMessage()),
          e);
    }
  }

  private @Nullable String end(@Nullable Deployed there, DeployLock lock)
      throws IOException, InterruptedException {
    String job = there == null ? null : there.job();
    if (there != null && job != null) {
      drain(job, lock);
    }
    if (there != null) {
      String path = target.current(there.manifest().pipeline());
      java.util.Optional<DeployStore.Content> noted = objects.read(path);
      if (noted.isPresent()) {
        objects.deleteIf(path, noted.get().generation());
      }
    }
    return null;
  }

  private String carryOut(
      PipelineChange change, RunSettings given, Manifest manifest, DeployLock lock)
      throws IOException, InterruptedException {
    RunSettings settings = new StagedInputs(objects, target.folder(), progress).of(given);
    progress.accept("making tables and views");
    ProjectGraph graph = new ProjectGraph(settings);
    graph.prepare();
    progress.accept("staging and checking the job");
    StepNames next = check(graph, manifest);
    lock.renew();
    // A job is known by the manifest it names, so that comes first.
    objects.write(
        target.manifest(manifest.pipeline(), manifest.shortHash()),
        ManifestFile.write(List.of(manifest)));
    String old = change.job();
    if (change.action() == Action.UPDATE && old != null) {
      StepNames.Mapping mapping =
          StepNames.of(jobs.whole(old)).to(next, renamed(change), removed(change, manifest));
      if (mapping.lost().isEmpty()) {
        return update(old, settings, manifest, mapping.names());
      }
      progress.accept(
          "the new job has no place for the state of "
              + String.join(", ", mapping.lost())
              + ": draining instead of updating");
    }
    if (old != null) {
      drain(old, lock);
    }
    awaitFree(manifest.pipeline(), lock);
    progress.accept("launching");
    return started(submit(target.options(manifest, files), settings), null);
  }

  /** Has the runner translate and stage the job without starting it. */
  private StepNames check(ProjectGraph graph, Manifest manifest) throws IOException {
    Path written = Files.createTempFile("beamline-job", ".json");
    try {
      DataflowPipelineOptions options = target.options(manifest, files);
      options.setTemplateLocation(written.toString());
      Pipeline pipeline = Pipeline.create(options);
      graph.build(pipeline);
      pipeline.run();
      return StepNames.of(new ObjectMapper().readTree(Files.readAllBytes(written)));
    } catch (RuntimeException e) {
      throw rethrown("the job cannot be made; nothing was changed", e);
    } finally {
      Files.deleteIfExists(written);
    }
  }

  private static IOException rethrown(String message, RuntimeException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof GoogleJsonResponseException refused) {
        return DeployException.failed(
            message
                + ": "
                + (refused.getDetails() == null
                    ? refused.getStatusMessage()
                    : refused.getDetails().getMessage()),
            e);
      }
      if (cause instanceof dev.beamline.diagnostic.InvalidProjectException invalid) {
        throw invalid;
      }
    }
    if (e instanceof IllegalArgumentException || e.getCause() instanceof IOException) {
      return DeployException.failed(message + ": " + e.getMessage(), e);
    }
    throw e;
  }

  private static Map<String, String> renamed(PipelineChange change) {
    Map<String, String> renamed = new LinkedHashMap<>();
    for (QueryChange query : change.queries()) {
      if (query.renamedFrom() != null) {
        renamed.put(query.renamedFrom(), query.name());
      }
    }
    return renamed;
  }

  /** The first parts of step names that may go: of queries and sources that are no longer there. */
  private static Set<String> removed(PipelineChange change, Manifest manifest) {
    Set<String> removed = new TreeSet<>();
    Manifest before = change.before();
    if (before != null) {
      before
          .queries()
          .forEach(
              (name, query) -> {
                if (!manifest.queries().containsKey(name)) {
                  removed.add(name);
                  removed.add(name + ".errors");
                }
              });
      before
          .sources()
          .forEach(
              (name, source) -> {
                if (!manifest.sources().containsKey(name)) {
                  removed.add("source." + name);
                  removed.add(name + ".errors");
                  removed.add(source.settings().getOrDefault("error_output", name + "_errors"));
                }
              });
    }
    return removed;
  }

  private String update(
      String old, RunSettings settings, Manifest manifest, Map<String, String> mapping)
      throws IOException, InterruptedException {
    progress.accept("updating job " + old);
    DataflowPipelineOptions options = target.options(manifest, files);
    options.setUpdate(true);
    if (!mapping.isEmpty()) {
      options.setTransformNameMapping(mapping);
    }
    return started(submit(options, settings), old);
  }

  private static String submit(DataflowPipelineOptions options, RunSettings settings)
      throws IOException {
    try {
      Pipeline pipeline = Pipeline.create(options);
      new ProjectGraph(settings).build(pipeline);
      PipelineResult result = pipeline.run();
      return ((DataflowPipelineJob) result).getJobId();
    } catch (RuntimeException e) {
      throw rethrown(
          options.isUpdate()
              ? "the update was refused; the old job goes on"
              : "the job was refused",
          e);
    }
  }

  /** Waits until the job works. */
  private String started(String id, @Nullable String old) throws IOException, InterruptedException {
    Instant end = Instant.now().plus(waiting.most());
    while (true) {
      String state = jobs.state(id);
      if (state.equals("JOB_STATE_RUNNING") || state.equals("JOB_STATE_DONE")) {
        progress.accept("job " + id + " runs");
        return id;
      }
      if (DataflowJobs.hasEnded(state)) {
        String why = String.join("; ", jobs.errors(id));
        throw DeployException.failed(
            "job "
                + id
                + " did not start ("
                + state
                + ")"
                + (why.isEmpty() ? "" : ": " + why)
                + (old == null ? "" : "; job " + old + " goes on as it was"),
            null);
      }
      if (Instant.now().isAfter(end)) {
        throw DeployException.failed(
            "job "
                + id
                + " is still "
                + state
                + " after "
                + waiting.most().toMinutes()
                + " minutes",
            null);
      }
      progress.accept("job " + id + " is " + state);
      Thread.sleep(waiting.poll().toMillis());
    }
  }

  private void drain(String id, DeployLock lock) throws IOException, InterruptedException {
    progress.accept("draining job " + id);
    jobs.drain(id);
    await(id, lock);
  }

  private void await(String id, DeployLock lock) throws IOException, InterruptedException {
    Instant end = Instant.now().plus(waiting.most());
    String state = jobs.state(id);
    while (!DataflowJobs.hasEnded(state)) {
      if (Instant.now().isAfter(end)) {
        throw DeployException.failed(
            "job "
                + id
                + " is still draining after "
                + waiting.most().toMinutes()
                + " minutes; deploy again when it has drained",
            null);
      }
      Thread.sleep(waiting.poll().toMillis());
      lock.renew();
      state = jobs.state(id);
    }
    progress.accept("job " + id + " has ended as " + state);
  }

  /** A job of this name that is on its way to its end holds the name until then. */
  private void awaitFree(String pipeline, DeployLock lock)
      throws IOException, InterruptedException {
    for (Job job : jobs.active(DataflowTarget.LABEL_PIPELINE, DataflowTarget.label(pipeline))) {
      if (target.jobName(pipeline).equals(job.getName())
          && DataflowJobs.isEnding(job.getCurrentState())) {
        progress.accept("waiting for job " + job.getId() + ", which is " + job.getCurrentState());
        await(job.getId(), lock);
      }
    }
  }
}
