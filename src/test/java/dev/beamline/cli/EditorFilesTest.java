package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
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
    // A list of files would leave the libraries out of the package; .vscodeignore does not.
    assertTrue(root.path("files").isMissingNode());
    root.path("contributes")
        .path("yamlValidation")
        .forEach(v -> assertTrue(Files.exists(EXTENSION.resolve(v.path("url").asText()))));
    String script = Files.readString(EXTENSION.resolve("extension.js"));
    assertTrue(script.contains("args: ['lsp', '-C', folder]"));
    root.path("contributes")
        .path("commands")
        .forEach(c -> assertTrue(script.contains("'" + c.path("command").asText() + "'")));
  }

  /** The extension's own test, with the language server of this class path. */
  @Test
  void theExtensionStartsTheLanguageServer() throws Exception {
    assumeTrue(onPath("node"), "node is not installed on this machine");
    Path launcher = folder.resolve("beamline");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Files.writeString(
        launcher,
        "#!/bin/sh\nexec '%s' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '%s' %s \"$@\"\n"
            .formatted(java, System.getProperty("java.class.path"), Main.class.getName()));
    assertTrue(launcher.toFile().setExecutable(true));
    Path log = folder.resolve("log.txt");
    ProcessBuilder node =
        new ProcessBuilder("node", "--test", "test/")
            .directory(EXTENSION.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    node.environment().put("BEAMLINE", launcher.toString());
    Process process = node.start();
    try {
      assertTrue(process.waitFor(200, TimeUnit.SECONDS), () -> text(log));
      assertEquals(0, process.exitValue(), () -> text(log));
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static boolean onPath(String program) {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
