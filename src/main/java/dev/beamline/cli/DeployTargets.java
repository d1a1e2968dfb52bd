package dev.beamline.cli;

import dev.beamline.deploy.DeployException;
import dev.beamline.deploy.manifest.Manifest;
import dev.beamline.deploy.manifest.Manifests;
import dev.beamline.deploy.plan.TableFinding;
import dev.beamline.diagnostic.Problems;
import dev.beamline.pipeline.run.RunSettings;
import dev.beamline.project.PipelineDefinition;
import dev.beamline.project.PipelineDefinition.Mode;
import dev.beamline.project.Project;
import dev.beamline.project.Target;
import dev.beamline.sql.CompiledProject;
import dev.beamline.sql.ProjectCompiler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The pipelines of a project that a deployment command is about, compiled. */
record DeployTargets(
    Project project,
    Target target,
    Map<String, CompiledProject> compiled,
    List<Manifest> manifests) {

  /**
   * Reads and compiles.
   *
   * @param names of pipelines; empty: those that run all the time, or else the default one
   */
  static DeployTargets load(Path folder, @Nullable String targetName, List<String> names) {
    Problems problems = new Problems();
    CompiledProject checked = ProjectLoader.check(folder, problems);
    problems.throwIfErrors();
    Project project = checked.project();
    Target target = project.target(targetName);
    Map<String, CompiledProject> compiled = new LinkedHashMap<>();
    List<Manifest> manifests = new ArrayList<>();
    String commit = commit(folder);
    Instant now = Instant.now();
    for (PipelineDefinition pipeline : pipelines(project, target, names)) {
      Problems own = new Problems();
      CompiledProject one = ProjectCompiler.compile(project, pipeline, own);
      own.throwIfErrors();
      compiled.put(pipeline.name(), one);
      manifests.add(Manifests.of(one, pipeline, target, Version.number(), commit, now));
    }
    return new DeployTargets(project, target, compiled, manifests);
  }

  /** A run of a pipeline. */
  RunSettings settings(String name) {
    PipelineDefinition pipeline = project.pipeline(name);
    CompiledProject one = Objects.requireNonNull(compiled.get(name));
    return new RunSettings(
        project,
        target,
        pipeline.name(),
        pipeline.mode(),
        one.plans(),
        pipeline.queries(),
        Map.of());
  }

  /** What the tables of a pipeline really are, as far as these are in BigQuery. */
  Map<String, TableFinding> tables(String pipeline) throws DeployException {
    try {
      return target.common().warehouse() != null ? Map.of() : TableFinding.of(settings(pipeline));
    } catch (IOException e) {
      throw DeployException.failed(
          "the tables of pipeline "
              + pipeline
              + " cannot be looked at: "
              + e.getMessage()
              + " (without a network, compare with a saved manifest: plan --manifest FILE)",
          e);
    }
  }

  /** What runs all the time is deployed; on this machine nothing does, and it is what run takes. */
  static List<PipelineDefinition> pipelines(Project project, Target target, List<String> names) {
    if (!names.isEmpty()) {
      return names.stream().distinct().map(project::pipeline).toList();
    }
    List<PipelineDefinition> streaming =
        project.pipelines().values().stream().filter(p -> p.mode() == Mode.STREAMING).toList();
    return streaming.isEmpty() || target instanceof Target.Direct
        ? List.of(project.pipeline(null))
        : streaming;
  }

  /** The commit of the folder's repository, with a plus where it has been edited since. */
  private static @Nullable String commit(Path folder) {
    for (String variable : List.of("GITHUB_SHA", "COMMIT_SHA", "CI_COMMIT_SHA")) {
      String value = System.getenv(variable);
      if (value != null && !value.isBlank()) {
        return value;
      }
    }
    String head = git(folder, "rev-parse", "HEAD");
    if (head == null || !head.matches("[0-9a-f]{40,64}")) {
      return null;
    }
    String changes = git(folder, "status", "--porcelain", "--untracked-files=no", "--", ".");
    return changes == null || changes.isEmpty() ? head : head + "+";
  }

  private static @Nullable String git(Path folder, String... arguments) {
    List<String> command = new ArrayList<>(List.of("git", "-C", folder.toString()));
    command.addAll(List.of(arguments));
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
              .start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      boolean ended = process.waitFor(5, TimeUnit.SECONDS);
      return ended && process.exitValue() == 0 ? text.strip() : null;
    } catch (IOException e) {
      // No git, or no repository: the commit is not known.
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }
}
