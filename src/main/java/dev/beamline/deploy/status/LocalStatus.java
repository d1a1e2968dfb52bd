package dev.beamline.deploy.status;

import dev.beamline.deploy.local.LastRun;
import dev.beamline.deploy.local.LocalState;
import dev.beamline.deploy.manifest.Manifest;
import dev.beamline.deploy.manifest.TimeRange;
import dev.beamline.deploy.plan.Deployed;
import dev.beamline.deploy.status.PipelineStatus.QueryStatus;
import dev.beamline.project.PipelineDefinition;
import dev.beamline.project.Project;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The pipelines of this machine, by what their runs and tables tell. */
public final class LocalStatus {

  private LocalStatus() {}

  public static PipelineStatus of(
      Project project, PipelineDefinition pipeline, LocalState state, Instant now)
      throws IOException {
    Optional<LastRun> run = LastRun.read(state.folder(), pipeline.name());
    @Nullable Deployed deployed = Deployed.of(state.read(), pipeline.name());
    @Nullable Manifest manifest = deployed == null ? null : deployed.manifest();
    Map<String, TimeRange> history = manifest == null ? Map.of() : state.history(manifest);
    Promises promises = new Promises(now);
    List<QueryStatus> queries = new ArrayList<>();
    for (String name : pipeline.queries()) {
      LastRun.Counts counts = run.map(r -> r.queries().get(name)).orElse(null);
      TimeRange held = history.get(name);
      queries.add(
          promises.judge(
              project.query(name),
              counts == null
                  ? null
                  : new PipelineStatus.Counts(
                      counts.in(), counts.out(), counts.late(), counts.refused()),
              held == null ? null : Instant.parse(held.to()),
              null));
    }
    String said = run.map(LastRun::state).orElse("never ran");
    boolean died = said.equals("running") && !run.map(LastRun::running).orElse(false);
    return new PipelineStatus(
        pipeline.name(),
        pipeline.mode().name().toLowerCase(Locale.ROOT),
        died ? "died" : said,
        !died && !said.equals("failed"),
        run.map(r -> "process " + r.pid()).orElse(null),
        run.map(r -> Instant.parse(r.began())).orElse(null),
        manifest == null ? null : Instant.parse(manifest.created()),
        manifest == null ? null : manifest.shortHash(),
        queries);
  }
}
