package dev.beamline.deploy;

import dev.beamline.deploy.manifest.Manifest;
import dev.beamline.deploy.plan.Deployed;
import dev.beamline.deploy.plan.Differ;
import dev.beamline.deploy.plan.PipelineChange;
import dev.beamline.deploy.plan.PipelineChange.Action;
import dev.beamline.pipeline.run.RunSettings;
import java.io.IOException;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings a pipeline to what a manifest says, in the order that is safe on any service: the lock
 * first, then a look at what is there, then the change, then the note of it.
 */
public final class Deployment {

  private final DeployService service;
  private final Consumer<String> progress;

  /**
   * On a service.
   *
   * @param progress is told each step
   */
  public Deployment(DeployService service, Consumer<String> progress) {
    this.service = service;
    this.progress = progress;
  }

  /**
   * Deploys.
   *
   * @param settings of the run; null for a pipeline that is to go
   * @param manifest null: the pipeline is to go
   * @return the id of the job that runs then; null: none
   */
  public @Nullable String deploy(
      String pipeline, @Nullable RunSettings settings, @Nullable Manifest manifest)
      throws IOException, InterruptedException {
    try (DeployLock lock = service.folder().take(pipeline)) {
      // Read again under the lock: what was planned may be done, or undone, by now.
      @Nullable Deployed there = service.read(pipeline);
      if (settings == null || manifest == null) {
        end(pipeline, there, lock);
        return null;
      }
      PipelineChange change =
          Differ.compare(there, manifest, Instant.now(), service.tables(settings));
      if (change.action() == Action.NONE) {
        progress.accept("pipeline " + pipeline + " is as it should be, job " + change.job());
        return change.job();
      }
      String job = service.carryOut(change, settings, manifest, lock);
      note(manifest, there == null ? null : there.manifest().since());
      service.forget(pipeline, manifest);
      return job;
    } catch (IOException e) {
      throw service.explain(e);
    }
  }

  /**
   * Notes what has been deployed.
   *
   * @param since since when a pipeline of this name has run; null: it has not
   */
  public void note(Manifest manifest, @Nullable String since) throws IOException {
    Manifest noted = manifest.withSince(since == null ? manifest.created() : since);
    service.folder().note(noted);
  }

  private void end(String pipeline, @Nullable Deployed there, DeployLock lock)
      throws IOException, InterruptedException {
    String job = there == null ? null : there.job();
    if (job != null) {
      service.end(pipeline, job, lock);
    }
    service.folder().forget(pipeline);
    service.forget(pipeline, null);
  }
}
