package dev.beamline.deploy.template;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.beamline.project.PipelineDefinition;
import dev.beamline.project.PipelineDefinition.Mode;
import dev.beamline.project.Project;
import dev.beamline.project.Source;
import dev.beamline.project.SourceSystem;
import dev.beamline.project.Target;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A Flex Template of one pipeline: an image with the jar and the project, whose launcher starts
 * {@code dev.beamline.cli.TemplateMain}, and the specification that gcloud and the console read.
 */
public final class FlexTemplate {

  private static final ObjectMapper JSON = new ObjectMapper();

  private FlexTemplate() {}

  /**
   * The files by name.
   *
   * @param image of the container, such as europe-docker.pkg.dev/PROJECT/REPOSITORY/NAME:TAG
   * @param version of Beamline
   * @param folder where the files will be, as a command that is run in the project's folder says it
   */
  public static Map<String, String> of(
      Project project,
      PipelineDefinition pipeline,
      Target.Dataflow target,
      String image,
      String version,
      String folder) {
    Map<String, String> files = new LinkedHashMap<>();
    ObjectNode metadata = metadata(project, pipeline);
    files.put("metadata.json", metadata.toPrettyString() + "\n");
    files.put("spec.json", spec(metadata, target, image).toPrettyString() + "\n");
    files.put("Dockerfile", dockerfile(project, pipeline, target, version, folder));
    return files;
  }

  private static ObjectNode metadata(Project project, PipelineDefinition pipeline) {
    boolean streaming = pipeline.mode() == Mode.STREAMING;
    ObjectNode metadata = JSON.createObjectNode();
    metadata.put("name", "Beamline " + project.name() + ": " + pipeline.name());
    metadata.put(
        "description",
        pipeline.description() != null
            ? pipeline.description()
            : "The pipeline "
                + pipeline.name()
                + " of the Beamline project "
                + project.name()
                + ": "
                + String.join(", ", pipeline.queries()));
    metadata.put("streaming", streaming);
    metadata.put("supportsAtLeastOnce", false);
    metadata.put("supportsExactlyOnce", true);
    ArrayNode parameters = metadata.putArray("parameters");
    parameter(
        parameters,
        "queries",
        "Queries",
        "Only these queries, parted by commas. Default: all of the pipeline.",
        "[A-Za-z_][A-Za-z0-9_]*(,[A-Za-z_][A-Za-z0-9_]*)*");
    parameter(
        parameters,
        "variables",
        "Variables",
        "Values of ${NAME} in pipelines.yaml: NAME=VALUE, parted by semicolons.",
        "[A-Za-z_][A-Za-z0-9_]*=[^;]*(;[A-Za-z_][A-Za-z0-9_]*=[^;]*)*");
    return metadata;
  }

  private static void parameter(
      ArrayNode list, String name, String label, String help, String pattern) {
    ObjectNode parameter = list.addObject();
    parameter.put("name", name).put("label", label).put("helpText", help);
    parameter.put("isOptional", true).put("paramType", "TEXT");
    parameter.putArray("regexes").add("^" + pattern + "$");
  }

  private static ObjectNode spec(ObjectNode metadata, Target.Dataflow target, String image) {
    ObjectNode spec = JSON.createObjectNode();
    spec.put("image", image);
    spec.putObject("sdkInfo").put("language", "JAVA");
    spec.set("metadata", metadata);
    ObjectNode environment = spec.putObject("defaultEnvironment");
    environment.put("tempLocation", target.tempLocation());
    put(environment, "stagingLocation", target.stagingLocation());
    put(environment, "serviceAccountEmail", target.serviceAccount());
    put(environment, "network", target.network());
    put(environment, "subnetwork", target.subnetwork());
    put(environment, "machineType", target.workerMachineType());
    if (target.maxWorkers() != null) {
      environment.put("maxWorkers", target.maxWorkers());
    }
    if (target.streamingEngine() != null) {
      environment.put("enableStreamingEngine", target.streamingEngine());
    }
    return spec;
  }

  private static void put(
      ObjectNode node, String name, @org.jspecify.annotations.Nullable String value) {
    if (value != null) {
      node.put(name, value);
    }
  }

  private static String dockerfile(
      Project project,
      PipelineDefinition pipeline,
      Target.Dataflow target,
      String version,
      String folder) {
    return """
    # The image of the Flex Template. From the project's folder, with the jar of Beamline beside it:
    #
    #   cp .../beamline-%1$s-all.jar beamline.jar
    #   docker build -f %2$s -t IMAGE .
    FROM gcr.io/dataflow-templates-base/java17-template-launcher-base:latest

    COPY beamline.jar /template/beamline.jar
    COPY pipelines.yaml /template/project/
    COPY queries /template/project/queries
    %5$s
    ENV FLEX_TEMPLATE_JAVA_CLASSPATH=/template/beamline.jar
    ENV FLEX_TEMPLATE_JAVA_MAIN_CLASS=dev.beamline.cli.TemplateMain
    ENV BEAMLINE_PROJECT_DIR=/template/project
    ENV BEAMLINE_PIPELINE=%3$s
    ENV BEAMLINE_TARGET=%4$s
    """
        .formatted(version, folder + "/Dockerfile", pipeline.name(), target.name(), files(project));
  }

  /** Sources that are files of the project; the launcher stages them for the workers. */
  private static String files(Project project) {
    StringBuilder lines = new StringBuilder();
    for (Source source : project.sources().values()) {
      if (source.system() instanceof SourceSystem.Files files
          && !Project.isRemote(files.path().value())) {
        String path = files.path().value();
        String folder = path.contains("/") ? path.substring(0, path.lastIndexOf('/') + 1) : "";
        lines
            .append("COPY ")
            .append(path)
            .append(" /template/project/")
            .append(folder)
            .append('\n');
      }
    }
    return lines.toString();
  }
}
