package dev.beamline.deploy.flink;

import dev.beamline.deploy.DeployFolder;
import dev.beamline.deploy.local.LocalState;
import dev.beamline.deploy.manifest.Manifest;
import dev.beamline.deploy.plan.Deployed;
import dev.beamline.pipeline.run.FlinkName;
import dev.beamline.pipeline.run.FlinkRest;
import dev.beamline.project.Project;
import dev.beamline.project.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is deployed on a Flink target: its jobs, which carry their manifests, and the notes. */
public final class FlinkState {

  private static final String MANIFEST = "deployedManifest";

  private final FlinkTarget target;
  private final FlinkRest rest;
  private final DeployFolder folder;

  public FlinkState(Project project, Target.Flink target) {
    this.target = new FlinkTarget(project, target);
    this.rest = new FlinkRest(target.master());
    this.folder = this.target.folder();
  }

  /** The pipelines of the project that are or were deployed. */
  public List<Deployed> read() throws IOException, InterruptedException {
    Map<String, Manifest> noted = new LinkedHashMap<>();
    folder.deployed().forEach(manifest -> noted.put(manifest.pipeline(), manifest));
    List<Deployed> all = new ArrayList<>();
    for (FlinkRest.Job job : jobs()) {
      String pipeline = FlinkName.parse(job.name()).orElseThrow().pipeline();
      Manifest note = noted.remove(pipeline);
      Manifest carried =
          FlinkTarget.unpack(job.id(), rest.options(job.id()).get(MANIFEST)).orElse(note);
      if (carried != null) {
        all.add(deployed(carried, note, job.id()));
      }
    }
    for (Manifest gone : noted.values()) {
      all.add(deployed(gone, gone, null));
    }
    return all;
  }

  private Deployed deployed(Manifest manifest, @Nullable Manifest note, @Nullable String job)
      throws IOException {
    Manifest since = manifest.withSince(note == null ? manifest.created() : note.since());
    LocalState here = LocalState.of(target.project(), target.target());
    return new Deployed(
        here == null ? since : since.withHistory(here.history(since)),
        job,
        manifest.streaming(),
        Map.of());
  }

  /** The jobs of the project that deployments have started and that go on, one a pipeline. */
  private List<FlinkRest.Job> jobs() throws IOException, InterruptedException {
    Map<String, FlinkRest.Job> jobs = new LinkedHashMap<>();
    for (FlinkRest.Job job : rest.jobs()) {
      FlinkName name = FlinkName.parse(job.name()).orElse(null);
      if (name != null
          && name.manifest() != null
          && name.isOf(target.project().name(), name.pipeline())
          && !job.hasEnded()
          && !job.state().equals("CANCELLING")
          && !job.state().equals("FAILING")) {
        jobs.putIfAbsent(name.pipeline(), job);
      }
    }
    return List.copyOf(jobs.values());
  }

  /** The job of a pipeline that goes on. */
  Optional<FlinkRest.Job> job(String pipeline) throws IOException, InterruptedException {
    return jobs().stream()
        .filter(job -> FlinkName.parse(job.name()).orElseThrow().pipeline().equals(pipeline))
        .findFirst();
  }

  /** The manifest of the last deployment. */
  Optional<Manifest> noted(String pipeline) throws IOException {
    return folder.deployed(pipeline);
  }
}
