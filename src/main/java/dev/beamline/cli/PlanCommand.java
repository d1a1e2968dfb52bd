package dev.beamline.cli;

import dev.beamline.deploy.manifest.Manifest;
import dev.beamline.deploy.manifest.ManifestFile;
import dev.beamline.deploy.plan.DeployPlan;
import dev.beamline.deploy.plan.Deployed;
import dev.beamline.deploy.plan.Differ;
import dev.beamline.deploy.plan.PipelineChange;
import dev.beamline.deploy.plan.PlanJson;
import dev.beamline.deploy.plan.PlanReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Tells what a deployment would change. */
@Command(
    name = "plan",
    header = "Compares the project with what is deployed, and says what each change takes.",
    description = {
      "By pipeline and query: new, changed or removed; in place, drain and restart, needs backfill or"
          + " breaking, with the reason. What is deployed is read from the target: its jobs, tables"
          + " and the manifests beside them.%n",
      "Exit code: 0 done, 1 an invalid project, or changes with --fail-on-changes, 2 wrong usage, 3 a"
          + " fault."
    },
    footer = {
      "  beamline plan --target prod",
      "  beamline plan live --target prod --output markdown > plan.md",
      "  beamline plan --save-manifest deployed.json       # what would be deployed, as a file",
      "  beamline plan --manifest deployed.json --fail-on-changes   # needs no network"
    })
final class PlanCommand extends BaseCommand {

  private enum Output {
    TEXT,
    JSON,
    MARKDOWN
  }

  static final class OutputConverter extends NameConverter<Output> {
    OutputConverter() {
      super(Output.class);
    }
  }

  @Mixin private PipelineNames pipelines = new PipelineNames();

  @Option(
      names = "--manifest",
      paramLabel = "FILE",
      description = "Compare with this file instead of the target.")
  private @Nullable Path manifest;

  @Option(
      names = "--save-manifest",
      paramLabel = "FILE",
      description = "Write what would be deployed, for a later --manifest.")
  private @Nullable Path save;

  @Option(
      names = {"--output", "--format"},
      paramLabel = "FORMAT",
      description = "One of: text, json, markdown. Default: ${DEFAULT-VALUE}.",
      converter = OutputConverter.class,
      defaultValue = "text")
  private Output output = Output.TEXT;

  @Option(names = "--fail-on-changes", description = "End with exit code 1 where anything changes.")
  private boolean failOnChanges;

  @Override
  public Integer call() throws IOException, InterruptedException {
    DeployTargets targets = DeployTargets.load(projectDir(), targetName(), pipelines.given());
    Instant now = Instant.now();
    String against;
    List<Deployed> deployed;
    if (manifest != null) {
      against = "manifest " + manifest;
      deployed = saved(manifest);
    } else {
      DeployedReader reader = DeployedReader.of(targets.project(), targets.target());
      against = reader.describe();
      deployed = reader.read();
    }
    List<PipelineChange> changes = new ArrayList<>();
    for (Manifest wanted : targets.manifests()) {
      changes.add(
          Differ.compare(
              Deployed.of(deployed, wanted.pipeline()),
              wanted,
              now,
              manifest == null ? targets.tables(wanted.pipeline()) : Map.of()));
    }
    if (pipelines.given().isEmpty()) {
      for (Deployed there : deployed) {
        if (!targets.project().pipelines().containsKey(there.manifest().pipeline())) {
          changes.add(Differ.removed(there));
        }
      }
    }
    DeployPlan plan =
        new DeployPlan(targets.project().name(), targets.target().name(), against, changes);
    print(plan);
    if (save != null) {
      try {
        ManifestFile.write(save, withHistory(targets.manifests(), deployed));
      } catch (IOException e) {
        throw new UserException(
            "the manifest cannot be written to " + save + ": " + e.getMessage());
      }
    }
    return failOnChanges && plan.changed() ? ExitCode.USER : ExitCode.OK;
  }

  /** What the tables hold now goes into the file, so that a plan against it knows from when on. */
  private static List<Manifest> withHistory(List<Manifest> manifests, List<Deployed> deployed) {
    return manifests.stream()
        .map(
            m -> {
              Deployed there = Deployed.of(deployed, m.pipeline());
              return there == null
                  ? m.withSince(m.created())
                  : m.withSince(there.manifest().since()).withHistory(there.manifest().history());
            })
        .toList();
  }

  private void print(DeployPlan plan) {
    switch (output) {
      case TEXT -> PlanReport.text(plan).forEach(out()::println);
      case MARKDOWN -> out().print(PlanReport.markdown(plan));
      case JSON -> out().println(PlanJson.of(plan));
    }
  }

  static List<Deployed> saved(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new UserException("there is no manifest " + file + ": --save-manifest writes one");
    }
    return ManifestFile.read(file).stream().map(Deployed::saved).toList();
  }
}
