package dev.beamline.cli;

import dev.beamline.deploy.template.FlexTemplate;
import dev.beamline.diagnostic.Problems;
import dev.beamline.project.PipelineDefinition;
import dev.beamline.project.Project;
import dev.beamline.project.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a Flex Template. */
@Command(
    name = "template",
    header = "Writes a Flex Template of a pipeline: specification, metadata and container file.",
    description =
        "The target must be one of Dataflow. Build the image, copy the specification to a bucket, and"
            + " launch it with gcloud, the console or a scheduler.",
    footer = {
      "  beamline template live --target prod --image europe-docker.pkg.dev/demo-proj/metrics/live:1",
      "  gcloud storage cp template/spec.json gs://demo-proj-templates/live.json",
      "  gcloud dataflow flex-template run live --region=europe-west1"
          + " --template-file-gcs-location=gs://demo-proj-templates/live.json"
    })
final class TemplateCommand extends BaseCommand {

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "PIPELINE",
      description = "Default: the first streaming one, else the default one.")
  private @Nullable String pipelineName;

  @Option(
      names = "--image",
      required = true,
      paramLabel = "IMAGE",
      description = "The container image that the specification names.")
  private String image = "";

  @Option(
      names = "--to",
      paramLabel = "DIR",
      description = "The folder to write to. Default: ${DEFAULT-VALUE}.",
      defaultValue = "template")
  private Path folder = Path.of("template");

  @Override
  public Integer call() throws IOException {
    Problems problems = new Problems();
    Project project = ProjectLoader.read(projectDir(), problems);
    problems.throwIfErrors();
    Target target = project.target(targetName());
    if (!(target instanceof Target.Dataflow dataflow)) {
      throw new UserException(
          "target "
              + target.name()
              + " runs on "
              + target.runner()
              + ", and templates are Dataflow's: name a target with runner: dataflow by --target");
    }
    PipelineDefinition pipeline =
        pipelineName != null
            ? project.pipeline(pipelineName)
            : DeployTargets.pipelines(project, target, java.util.List.of()).get(0);
    Map<String, String> files =
        FlexTemplate.of(project, pipeline, dataflow, image, Version.number(), folder.toString());
    Files.createDirectories(folder);
    for (Map.Entry<String, String> file : files.entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
      out().println(folder.resolve(file.getKey()));
    }
    return ExitCode.OK;
  }
}
