package dev.beamline.cli;

import dev.beamline.deploy.dataflow.DataflowDeployer;
import dev.beamline.diagnostic.InvalidProjectException;
import dev.beamline.diagnostic.Problems;
import dev.beamline.pipeline.run.ProjectGraph;
import dev.beamline.pipeline.run.RunSettings;
import dev.beamline.pipeline.run.StagedFiles;
import dev.beamline.project.PipelineDefinition;
import dev.beamline.project.Project;
import dev.beamline.project.ProjectReader;
import dev.beamline.project.Target;
import dev.beamline.sql.CompiledProject;
import dev.beamline.sql.ProjectCompiler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.beam.runners.dataflow.options.DataflowPipelineOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptions.CheckEnabled;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.options.StreamingOptions;

/**
 * What a Flex Template's launcher starts: the pipeline that the image's environment names, with the
 * launcher's own pipeline options and the parameters {@code --queries} and {@code --variables}.
 */
public final class TemplateMain {

  private TemplateMain() {}

  /** Launches the job, prints what is wrong otherwise, and ends with the command line's codes. */
  public static void main(String[] args) throws IOException {
    try {
      launch(args, System.getenv());
    } catch (InvalidProjectException e) {
      System.err.println(e.getMessage());
      System.exit(ExitCode.USER);
    }
  }

  static void launch(String[] args, Map<String, String> environment) throws IOException {
    Map<String, String> variables = new HashMap<>(environment);
    List<String> queries = new ArrayList<>();
    List<String> options = new ArrayList<>();
    for (String argument : args) {
      if (argument.startsWith("--queries=")) {
        queries.addAll(parts(argument.substring("--queries=".length()), ","));
      } else if (argument.startsWith("--variables=")) {
        for (String pair : parts(argument.substring("--variables=".length()), ";")) {
          int equal = pair.indexOf('=');
          if (equal > 0) {
            variables.put(pair.substring(0, equal), pair.substring(equal + 1));
          }
        }
      } else {
        options.add(argument);
      }
    }
    Problems problems = new Problems();
    Path folder =
        Path.of(Objects.requireNonNullElse(environment.get("BEAMLINE_PROJECT_DIR"), "."))
            .toAbsolutePath();
    Project project = ProjectReader.read(folder, variables::get, problems);
    problems.throwIfErrors();
    PipelineDefinition pipeline = project.pipeline(environment.get("BEAMLINE_PIPELINE"));
    Target target = project.target(environment.get("BEAMLINE_TARGET"));
    List<String> wanted = queries.isEmpty() ? pipeline.queries() : queries;
    boolean streaming = pipeline.mode() == PipelineDefinition.Mode.STREAMING;
    CompiledProject compiled = ProjectCompiler.compileToWrite(project, wanted, streaming, problems);
    problems.throwIfErrors();
    RunSettings settings =
        new RunSettings(
            project, target, pipeline.name(), pipeline.mode(), compiled.plans(), wanted, Map.of());
    ProjectGraph graph =
        new ProjectGraph(
            target instanceof Target.Dataflow dataflow
                ? DataflowDeployer.staged(settings, dataflow)
                : settings);
    graph.prepare();
    PipelineOptions real =
        PipelineOptionsFactory.fromArgs(options.toArray(String[]::new)).withValidation().create();
    real.setStableUniqueNames(CheckEnabled.ERROR);
    if (options.stream().noneMatch(o -> o.startsWith("--filesToStage"))) {
      // Workers get less than the launcher has.
      real.as(DataflowPipelineOptions.class)
          .setFilesToStage(
              StagedFiles.ofThisProcess(
                  StagedFiles.Workers.DATAFLOW, Files.createTempDirectory("beamline-staging")));
    }
    real.as(StreamingOptions.class).setStreaming(streaming);
    Pipeline job = Pipeline.create(real);
    graph.build(job);
    job.run();
  }

  private static List<String> parts(String text, String separator) {
    return List.of(text.split(java.util.regex.Pattern.quote(separator), -1));
  }
}
