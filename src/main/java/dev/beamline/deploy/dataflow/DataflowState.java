package dev.beamline.deploy.dataflow;

import com.google.api.services.dataflow.model.Job;
import dev.beamline.deploy.DeployFolder;
import dev.beamline.deploy.manifest.Manifest;
import dev.beamline.deploy.plan.Deployed;
import dev.beamline.project.Project;
import dev.beamline.project.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.beam.runners.dataflow.options.DataflowPipelineOptions;
import org.jspecify.annotations.Nullable;

/** What is deployed on a Dataflow target: the running jobs, and the manifests in the bucket. */
public final class DataflowState {

  private final DataflowTarget target;
  private final DataflowJobs jobs;
  private final DeployFolder folder;
  private final String project;

  public DataflowState(Project project, Target.Dataflow target) {
    this.target = new DataflowTarget(project, target);
    DataflowPipelineOptions options = this.target.options();
    this.jobs = new DataflowJobs(options);
    this.folder = new DeployFolder(new CloudObjects(options), this.target.folder());
    this.project = project.name();
  }

  /** The pipelines of the project that are or were deployed. */
  public List<Deployed> read() throws IOException {
    List<Job> active = jobs.active(DataflowTarget.LABEL_PROJECT, DataflowTarget.label(project));
    List<Deployed> all = new ArrayList<>();
    for (Manifest current : folder.deployed()) {
      @Nullable Job job = job(active, current.pipeline());
      all.add(
          new Deployed(
              job == null ? current : ofJob(job, current),
              job == null ? null : job.getId(),
              current.streaming(),
              Map.of()));
    }
    for (Job job : active) {
      if (!DataflowJobs.isEnding(job.getCurrentState())
          && all.stream().noneMatch(d -> job.getId().equals(d.job()))) {
        launchedOnly(job).ifPresent(all::add);
      }
    }
    return all;
  }

  /** A job whose first deployment died before it noted that it was there. */
  private Optional<Deployed> launchedOnly(Job job) throws IOException {
    String name = "/manifests/" + job.getLabels().get(DataflowTarget.LABEL_MANIFEST) + ".json";
    for (String path : folder.store().list(folder.path())) {
      if (path.endsWith(name)) {
        Optional<Manifest> manifest = folder.manifest(path);
        if (manifest.isPresent()) {
          return Optional.of(
              new Deployed(manifest.get(), job.getId(), manifest.get().streaming(), Map.of()));
        }
      }
    }
    return Optional.empty();
  }

  /** The job of a pipeline that takes input. */
  private static @Nullable Job job(List<Job> active, String pipeline) {
    return active.stream()
        .filter(
            j ->
                DataflowTarget.label(pipeline)
                    .equals(j.getLabels().get(DataflowTarget.LABEL_PIPELINE)))
        .filter(j -> !DataflowJobs.isEnding(j.getCurrentState()))
        .findFirst()
        .orElse(null);
  }

  /** The manifest that the job carries the name of: a deployment may have died before noting it. */
  private Manifest ofJob(Job job, Manifest current) throws IOException {
    String hash = job.getLabels().get(DataflowTarget.LABEL_MANIFEST);
    if (hash == null || hash.equals(current.shortHash())) {
      return current;
    }
    return folder.manifest(target.manifest(current.pipeline(), hash)).orElse(current);
  }
}
