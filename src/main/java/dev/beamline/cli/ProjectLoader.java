package dev.beamline.cli;

import dev.beamline.diagnostic.Problems;
import dev.beamline.pipeline.GraphCheck;
import dev.beamline.project.PipelineDefinition;
import dev.beamline.project.Project;
import dev.beamline.project.ProjectReader;
import dev.beamline.sql.CompiledProject;
import dev.beamline.sql.ProjectCompiler;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads, checks and compiles a project. */
final class ProjectLoader {

  private ProjectLoader() {}

  /** Reads the project's files alone. */
  static Project read(Path folder, Problems problems) {
    return ProjectReader.read(folder, System::getenv, problems);
  }

  /**
   * Checks everything that needs no data.
   *
   * @param problems gets every mistake
   */
  static CompiledProject check(Path folder, Problems problems) {
    Project project = read(folder, problems);
    return project.broken().contains(Project.FILE)
        ? ProjectCompiler.parse(project, problems)
        : ProjectCompiler.check(project, problems);
  }

  /**
   * Checks what {@link #check} leaves, where it has found nothing wrong: whether the graph of each
   * pipeline can be built.
   *
   * @param problems gets every mistake
   */
  static void checkGraphs(Project project, Problems problems) {
    for (PipelineDefinition.Mode mode : PipelineDefinition.Mode.values()) {
      Set<String> queries = new LinkedHashSet<>();
      for (PipelineDefinition pipeline : project.pipelines().values()) {
        if (pipeline.mode() == mode) {
          queries.addAll(pipeline.queries());
        }
      }
      if (problems.hasErrors() || queries.isEmpty()) {
        continue;
      }
      CompiledProject compiled =
          ProjectCompiler.compile(
              project, queries, mode == PipelineDefinition.Mode.STREAMING, new Problems());
      GraphCheck.check(project, compiled.plans().values(), mode, problems);
    }
  }

  /**
   * The project with its queries as a pipeline runs them, for commands that run it.
   *
   * @param pipeline null: the default one
   * @throws dev.beamline.diagnostic.InvalidProjectException with every mistake of the project
   */
  static CompiledProject load(Path folder, @Nullable String pipeline) {
    Problems problems = new Problems();
    CompiledProject checked = check(folder, problems);
    problems.throwIfErrors();
    PipelineDefinition definition = checked.project().pipeline(pipeline);
    CompiledProject compiled = ProjectCompiler.compile(checked.project(), definition, problems);
    problems.throwIfErrors();
    return compiled;
  }
}
