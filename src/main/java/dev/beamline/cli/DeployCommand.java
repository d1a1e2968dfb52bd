package dev.beamline.cli;

import dev.beamline.deploy.DeployService;
import dev.beamline.deploy.Deployment;
import dev.beamline.deploy.Waiting;
import dev.beamline.deploy.dataflow.DataflowDeployer;
import dev.beamline.deploy.flink.FlinkDeployer;
import dev.beamline.deploy.flink.FlinkTarget;
import dev.beamline.deploy.local.LocalState;
import dev.beamline.deploy.manifest.Manifest;
import dev.beamline.deploy.plan.DeployPlan;
import dev.beamline.deploy.plan.Deployed;
import dev.beamline.deploy.plan.Differ;
import dev.beamline.deploy.plan.PipelineChange;
import dev.beamline.deploy.plan.PlanReport;
import dev.beamline.pipeline.run.ProjectRun;
import dev.beamline.pipeline.run.RunLedger;
import dev.beamline.pipeline.run.RunSettings;
import dev.beamline.project.PipelineDefinition;
import dev.beamline.project.Project;
import dev.beamline.project.Target;
import dev.beamline.sql.CompiledProject;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Brings what runs to what the project says. */
@Command(
    name = "deploy",
    header = "Carries the plan out: tables first, then jobs.",
    description = {
      "Launches what is new, updates in place what can be, drains and restarts the rest, and leaves"
          + " alone what is unchanged. A step that fails leaves the old job running. On a target of the"
          + " direct runner nothing stays running: what has changed is computed once.%n",
      "Exit code: 0 done or nothing to do, 1 something to mend, such as another deployment that goes on,"
          + " 2 wrong usage, 3 a fault of the service."
    },
    footer = {"  beamline deploy --target prod --dry-run", "  beamline deploy live --target prod"})
final class DeployCommand extends BaseCommand {

  @Mixin private PipelineNames pipelines = new PipelineNames();

  @Option(names = "--dry-run", description = "Show the plan and its steps, and change nothing.")
  private boolean dryRun;

  @Option(
      names = "--wait",
      paramLabel = "DURATION",
      description = "How long the service may take for a step. Default: ${DEFAULT-VALUE}.",
      defaultValue = "20m")
  private String wait = "20m";

  @Option(names = "--poll", paramLabel = "DURATION", hidden = true, defaultValue = "5s")
  private String poll = "5s";

  @Override
  public Integer call() throws IOException, InterruptedException {
    Waiting waiting = new Waiting(duration("--poll", poll), duration("--wait", wait));
    DeployTargets targets = DeployTargets.load(projectDir(), targetName(), pipelines.given());
    Project project = targets.project();
    DeployedReader reader = DeployedReader.of(project, targets.target());
    List<Deployed> deployed = reader.read();
    List<PipelineChange> changes = new ArrayList<>();
    // First what goes: another pipeline may write its tables from now on, and two must not.
    for (Deployed there : deployed) {
      if (pipelines.given().isEmpty()
          && !project.pipelines().containsKey(there.manifest().pipeline())) {
        changes.add(Differ.removed(there));
      }
    }
    for (Manifest wanted : targets.manifests()) {
      changes.add(
          Differ.compare(
              Deployed.of(deployed, wanted.pipeline()),
              wanted,
              Instant.now(),
              targets.tables(wanted.pipeline())));
    }
    DeployPlan plan =
        new DeployPlan(project.name(), targets.target().name(), reader.describe(), changes);
    PlanReport.text(plan).forEach(out()::println);
    out().flush();
    if (dryRun) {
      for (PipelineChange change : changes) {
        steps(targets.target(), change)
            .forEach(step -> out().println("would, for " + change.name() + ": " + step));
      }
      return ExitCode.OK;
    }
    for (PipelineChange change : changes) {
      if (change.changed()) {
        carryOut(targets, change, waiting);
      }
    }
    return ExitCode.OK;
  }

  private static List<String> steps(Target target, PipelineChange change) {
    if (!change.changed()) {
      return List.of();
    }
    if (FlinkTarget.of(target) != null && isStream(change)) {
      return FlinkDeployer.steps(change);
    }
    return target instanceof Target.Dataflow
        ? DataflowDeployer.steps(change)
        : change.after() == null
            ? List.of("forget it; its tables stay")
            : List.of("compute its queries, here and once");
  }

  private void carryOut(DeployTargets targets, PipelineChange change, Waiting waiting)
      throws IOException, InterruptedException {
    Manifest wanted = change.after();
    @Nullable RunSettings settings = wanted == null ? null : targets.settings(change.name());
    if (targets.target() instanceof Target.Dataflow dataflow) {
      // The runner prints the job's id by itself.
      PrintStream stdout = System.out;
      System.setOut(System.err);
      try {
        Path cache = projectDir().resolve(".beamline").resolve("staging");
        DataflowDeployer service =
            new DataflowDeployer(
                targets.project(), dataflow, cache, waiting, line -> tell(change, line));
        tellJob(change, deployment(service, change).deploy(change.name(), settings, wanted));
      } finally {
        System.setOut(stdout);
      }
      return;
    }
    Target.Flink cluster = FlinkTarget.of(targets.target());
    @Nullable Deployment onCluster =
        cluster == null
            ? null
            : deployment(
                new FlinkDeployer(targets.project(), cluster, waiting, line -> tell(change, line)),
                change);
    if (onCluster != null && isStream(change)) {
      tellJob(change, onCluster.deploy(change.name(), settings, wanted));
      return;
    }
    if (settings != null) {
      here(targets, change, settings);
      if (onCluster != null && wanted != null) {
        Manifest before = change.before();
        onCluster.note(wanted, before == null ? null : before.since());
      }
      return;
    }
    LocalState notes = LocalState.of(targets.project(), targets.target());
    if (notes != null) {
      notes.forget(change.name());
    }
    out()
        .println(
            "pipeline "
                + change.name()
                + " is not in the project any more and is forgotten; its tables on target "
                + targets.target().name()
                + " stay");
  }

  private Deployment deployment(DeployService service, PipelineChange change) {
    return new Deployment(service, line -> tell(change, line));
  }

  private static boolean isStream(PipelineChange change) {
    return change.mode().equals("streaming");
  }

  private void tell(PipelineChange change, String line) {
    err().println(change.name() + ": " + line);
    err().flush();
  }

  private void tellJob(PipelineChange change, @Nullable String job) {
    out()
        .println(
            job == null
                ? "pipeline " + change.name() + " runs no longer"
                : "pipeline " + change.name() + " is deployed as job " + job);
  }

  /** On this machine a deployment is a run of what has changed. */
  private void here(DeployTargets targets, PipelineChange change, RunSettings settings)
      throws IOException, InterruptedException {
    PipelineDefinition pipeline = targets.project().pipeline(change.name());
    CompiledProject compiled = Objects.requireNonNull(targets.compiled().get(change.name()));
    RunRecorder recorder =
        new RunRecorder(compiled, pipeline, targets.target(), settings.queries());
    ProjectRun run = new ProjectRun(settings);
    if (!run.ends()) {
      throw new UserException(
          "pipeline "
              + change.name()
              + " does not end by itself, and on target "
              + targets.target().name()
              + " nothing stays running: beamline run "
              + change.name()
              + " --target "
              + targets.target().name()
              + " runs it until it is stopped");
    }
    Progress progress = new Progress(err(), Terminal.isInteractive());
    long began = System.nanoTime();
    boolean done = false;
    RunLedger ledger;
    try {
      ledger =
          run.run(
              counters -> {
                progress.show(counters.read());
                recorder.running(counters);
              });
      recorder.done(ledger);
      done = true;
    } finally {
      progress.close();
      if (!done) {
        recorder.failed();
      }
    }
    @Nullable String warehouse = targets.target().common().warehouse();
    LedgerPrinter.print(ledger, Duration.ofNanos(System.nanoTime() - began), out());
    out().println();
    out()
        .println(
            "pipeline "
                + change.name()
                + " was computed once"
                + (warehouse == null ? "" : " into " + warehouse)
                + "; nothing of it stays running");
  }

  private Duration duration(String option, String text) {
    Duration parsed = dev.beamline.project.Durations.parse(text).duration();
    if (parsed == null) {
      throw usage(option + " \"" + text + "\" is not a duration such as 30s or 20m");
    }
    return parsed;
  }
}
