package dev.beamline.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.beamline.project.JsonSchemas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints the JSON Schemas of the files that users write. */
@Command(
    name = "schema",
    header = "Prints the JSON Schema of pipelines.yaml or of tests, for editors.",
    description = {
      "Put this in the first line of the file, and a YAML editor completes and explains keys:%n",
      "  # yaml-language-server: $schema=pipelines.schema.json"
    },
    footer = {
      "  beamline schema > pipelines.schema.json",
      "  beamline schema tests > tests/tests.schema.json",
      "  beamline schema --write docs/schema      # both, as files"
    })
final class SchemaCommand extends BaseCommand {

  private enum Which {
    PIPELINES,
    TESTS
  }

  static final class WhichConverter extends NameConverter<Which> {
    WhichConverter() {
      super(Which.class);
    }
  }

  @Parameters(
      arity = "0..1",
      paramLabel = "WHICH",
      description = "One of: pipelines, tests. Default: ${DEFAULT-VALUE}.",
      converter = WhichConverter.class,
      defaultValue = "pipelines")
  private Which which = Which.PIPELINES;

  @Option(
      names = "--write",
      paramLabel = "DIR",
      description = "Write pipelines.schema.json and tests.schema.json into this folder.")
  private @Nullable Path folder;

  @Override
  public Integer call() throws IOException {
    if (folder == null) {
      out().print(text(which == Which.PIPELINES ? JsonSchemas.pipelines() : JsonSchemas.tests()));
      return ExitCode.OK;
    }
    write(folder);
    return ExitCode.OK;
  }

  /** Writes both schemas. */
  static void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("pipelines.schema.json"), text(JsonSchemas.pipelines()));
    Files.writeString(folder.resolve("tests.schema.json"), text(JsonSchemas.tests()));
  }

  private static String text(Map<String, Object> schema) throws IOException {
    return new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .writeValueAsString(schema)
            .replace(System.lineSeparator(), "\n")
        + "\n";
  }
}
