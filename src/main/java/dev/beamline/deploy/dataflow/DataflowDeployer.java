package dev.beamline.deploy.dataflow;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.api.client.googleapis.json.GoogleJsonResponseException;
import com.google.api.services.dataflow.model.Job;
import dev.beamline.deploy.DeployException;
import dev.beamline.deploy.DeployFolder;
import dev.beamline.deploy.DeployLock;
import dev.beamline.deploy.DeployService;
import dev.beamline.deploy.Waiting;
import dev.beamline.deploy.manifest.Manifest;
import dev.beamline.deploy.manifest.ManifestFile;
import dev.beamline.deploy.plan.Deployed;
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
public final class DataflowDeployer implements DeployService {

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

  @Override
  public DeployFolder folder() {
    return new DeployFolder(objects, target.folder());
  }

  @Override
  public @Nullable Deployed read(String pipeline) throws IOException {
    return Deployed.of(new DataflowState(project, target.target()).read(), pipeline);
  }

  @Override
  public Map<String, TableFinding> tables(RunSettings settings) throws IOException {
    return TableFinding.of(settings);
  }

  @Override
  public void end(String pipeline, String job, DeployLock lock)
      throws IOException, InterruptedException {
    drain(job, lock);
  }

  /** The manifests that jobs name stay with the history of these jobs. */
  @Override
  public void forget(String pipeline, @Nullable Manifest now) {}

  @Override
  public IOException explain(IOException e) {
    return e instanceof GoogleJsonResponseException refused
        ? DeployException.failed("the service refused: " + words(refused), e)
        : e;
  }

  private static String words(GoogleJsonResponseException e) {
    return e.getDetails() == null ? e.getStatusMessage() : e.getDetails().getMessage();
  }

  @Override
  public String carryOut(
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
        return update(old, settings, manifest, mapping.names(), lock);
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
    return started(submit(target.options(manifest, files), settings), null, lock);
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
        return DeployException.failed(message + ": " + words(refused), e);
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
      String old,
      RunSettings settings,
      Manifest manifest,
      Map<String, String> mapping,
      DeployLock lock)
      throws IOException, InterruptedException {
    progress.accept("updating job " + old);
    DataflowPipelineOptions options = target.options(manifest, files);
    options.setUpdate(true);
    if (!mapping.isEmpty()) {
      options.setTransformNameMapping(mapping);
    }
    return started(submit(options, settings), old, lock);
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
  private String started(String id, @Nullable String old, DeployLock lock)
      throws IOException, InterruptedException {
    Instant end = waiting.end();
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
      waiting.pause(lock);
    }
  }

  private void drain(String id, DeployLock lock) throws IOException, InterruptedException {
    progress.accept("draining job " + id);
    jobs.drain(id);
    await(id, lock);
  }

  private void await(String id, DeployLock lock) throws IOException, InterruptedException {
    Instant end = waiting.end();
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
      waiting.pause(lock);
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
