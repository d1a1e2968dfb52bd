package dev.beamline.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.beamline.diagnostic.Problems;
import dev.beamline.pipeline.run.ProjectGraph;
import dev.beamline.pipeline.run.RunSettings;
import dev.beamline.project.PipelineDefinition;
import dev.beamline.project.PipelineDefinition.Mode;
import dev.beamline.project.Project;
import dev.beamline.project.ProjectReader;
import dev.beamline.sql.CompiledProject;
import dev.beamline.sql.ProjectCompiler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions.CheckEnabled;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.runners.TransformHierarchy;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.Test;

/** A live job is updated by its steps' names: they depend on nothing but their own query. */
final class StepNamesTest {

  private static final Path FILE = Path.of("src/test/resources/deploy/game-steps.txt");

  private static Project game() {
    Problems problems = new Problems();
    Project project = ProjectReader.read(Path.of("").toAbsolutePath(), name -> null, problems);
    problems.throwIfErrors();
    return project;
  }

  /** Each step that does something, with how its output is windowed. */
  private static TreeMap<String, String> steps(Project project, List<String> queries) {
    Problems problems = new Problems();
    CompiledProject compiled = ProjectCompiler.compile(project, queries, true, problems);
    problems.throwIfErrors();
    var options = PipelineOptionsFactory.create();
    options.setStableUniqueNames(CheckEnabled.ERROR);
    Pipeline pipeline = Pipeline.create(options);
    new ProjectGraph(
            new RunSettings(
                project,
                project.target(null),
                Mode.STREAMING,
                compiled.plans(),
                queries,
                Map.of(),
                0))
        .build(pipeline);
    TreeMap<String, String> steps = new TreeMap<>();
    pipeline.traverseTopologically(
        new Pipeline.PipelineVisitor.Defaults() {
          @Override
          public void visitPrimitiveTransform(TransformHierarchy.Node node) {
            TreeSet<String> windows = new TreeSet<>();
            for (PCollection<?> output :
                node.getOutputs().values().stream().map(o -> (PCollection<?>) o).toList()) {
              windows.add(
                  output.getWindowingStrategy().getWindowFn().getClass().getSimpleName()
                      + " "
                      + output.isBounded());
            }
            steps.put(node.getFullName(), String.join(", ", windows));
          }
        });
    return steps;
  }

  @Test
  void stepsOfTheGameAreThoseOfTheFile() throws IOException {
    Project game = game();
    PipelineDefinition live = game.pipeline("live");
    List<String> lines = new ArrayList<>();
    steps(game, live.queries()).forEach((name, windows) -> lines.add(name + ": " + windows));
    if (Boolean.getBoolean("beamline.rewrite")) {
      Files.createDirectories(FILE.getParent());
      Files.writeString(FILE, String.join("\n", lines) + "\n");
    }
    assertEquals(String.join("\n", Files.readAllLines(FILE)), String.join("\n", lines));
  }

  @Test
  void orderAndOtherQueriesRenameNothing() {
    Project game = game();
    List<String> all = new ArrayList<>(game.pipeline("live").queries());
    TreeMap<String, String> whole = steps(game, all);
    List<String> turned = new ArrayList<>(all);
    Collections.reverse(turned);
    assertEquals(whole, steps(game, turned));
    for (String gone : List.of("hourly_team_score", "player_sessions", "top_items_hourly")) {
      List<String> fewer = new ArrayList<>(all);
      fewer.remove(gone);
      TreeMap<String, String> left = steps(game, fewer);
      TreeSet<String> missing = new TreeSet<>(whole.keySet());
      missing.removeAll(left.keySet());
      missing.removeIf(step -> step.startsWith(gone + "/") || step.startsWith(gone + ".errors/"));
      assertEquals(new TreeSet<>(), missing, "gone with " + gone);
      TreeSet<String> come = new TreeSet<>(left.keySet());
      come.removeAll(whole.keySet());
      assertEquals(new TreeSet<>(), come, "come without " + gone);
    }
  }
}
