package dev.beamline.deploy;

import dev.beamline.deploy.manifest.Manifest;
import dev.beamline.deploy.plan.Deployed;
import dev.beamline.deploy.plan.PipelineChange;
import dev.beamline.deploy.plan.TableFinding;
import dev.beamline.pipeline.run.RunSettings;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What runs jobs, as a {@link Deployment} speaks to it. */
public interface DeployService {

  /** Where all who deploy see the lock and what was deployed last. */
  DeployFolder folder();

  /** What is deployed of a pipeline now; null: nothing. */
  @Nullable Deployed read(String pipeline) throws IOException, InterruptedException;

  /** What the tables of a pipeline really are, by query. */
  Map<String, TableFinding> tables(RunSettings settings) throws IOException;

  /**
   * Carries a change out. What fails before the running job is touched leaves that alone.
   *
   * @return the id of the job that runs then
   */
  String carryOut(PipelineChange change, RunSettings settings, Manifest manifest, DeployLock lock)
      throws IOException, InterruptedException;

  /** Drains the job of a pipeline that the project has no longer, and waits for its end. */
  void end(String pipeline, String job, DeployLock lock) throws IOException, InterruptedException;

  /**
   * Throws away what is kept of earlier deployments of a pipeline.
   *
   * @param now what is deployed; null: nothing any more
   */
  void forget(String pipeline, @Nullable Manifest now) throws IOException;

  /** A failure in words that say more, where the service's own exception does not. */
  default IOException explain(IOException e) {
    return e;
  }
}
