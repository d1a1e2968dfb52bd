package dev.beamline.cli;

import dev.beamline.diagnostic.Problems;
import dev.beamline.diagnostic.Severity;
import dev.beamline.pipeline.GraphCheck;
import dev.beamline.project.PipelineDefinition;
import dev.beamline.project.Project;
import dev.beamline.project.ProjectReader;
import dev.beamline.sql.CompiledProject;
import dev.beamline.sql.ProjectCompiler;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
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
   * Checks everything, for a command that looks at one query: mistakes of others are no reason not
   * to.
   *
   * @param problems gets every mistake
   * @throws dev.beamline.diagnostic.InvalidProjectException with every mistake, where one is in
   *     pipelines.yaml, or keeps the query or one that it reads from being right
   */
  static CompiledProject checkFor(String query, Path folder, Problems problems) {
    CompiledProject compiled = check(folder, problems);
    Project project = compiled.project();
    Set<String> files = new LinkedHashSet<>(Set.of(Project.FILE));
    Deque<String> next = new ArrayDeque<>(List.of(project.query(query).name()));
    while (!next.isEmpty()) {
      String name = next.remove();
      if (files.add(project.query(name).file().path())) {
        next.addAll(compiled.reads().getOrDefault(name, Set.of()));
      }
    }
    if (!compiled.plans().containsKey(query)
        || problems.sorted().stream()
            .anyMatch(d -> d.severity() == Severity.ERROR && files.contains(d.place().file()))) {
      problems.throwIfErrors();
    }
    return compiled;
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
