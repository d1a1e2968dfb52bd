package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files that editors take from the repository. */
final class EditorFilesTest {

  private static final Path EXTENSION = Path.of("editors", "vscode");

  @TempDir private Path folder;

  /** Run {@code beamline schema --write DIR} after a change of the YAML format. */
  @Test
  void schemasInTheRepositoryAreThoseOfTheCode() throws IOException {
    SchemaCommand.write(folder);
    for (Path kept : new Path[] {Path.of("docs", "schema"), EXTENSION.resolve("schemas")}) {
      for (String name : new String[] {"pipelines.schema.json", "tests.schema.json"}) {
        assertEquals(
            Files.readString(folder.resolve(name)),
            Files.readString(kept.resolve(name)),
            kept + "/" + name);
      }
    }
  }

  @Test
  void theExtensionHasAllThatItNames() throws IOException {
    JsonNode root = new ObjectMapper().readTree(EXTENSION.resolve("package.json").toFile());
    assertTrue(Files.exists(EXTENSION.resolve(root.path("main").asText())));
    root.path("files")
        .forEach(f -> assertTrue(Files.exists(EXTENSION.resolve(f.asText())), f.asText()));
    root.path("contributes")
        .path("yamlValidation")
        .forEach(v -> assertTrue(Files.exists(EXTENSION.resolve(v.path("url").asText()))));
    String script = Files.readString(EXTENSION.resolve("extension.js"));
    assertTrue(script.contains("args: ['lsp', '-C', folder]"));
    root.path("contributes")
        .path("commands")
        .forEach(c -> assertTrue(script.contains("'" + c.path("command").asText() + "'")));
  }
}
