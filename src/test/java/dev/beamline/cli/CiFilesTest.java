package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import picocli.CommandLine;

/** The CI files that users copy are right in form, and call commands and options that are there. */
final class CiFilesTest {

  private static final Pattern CALL =
      Pattern.compile("(?:\\$BEAMLINE|beamline\\.jar) ([a-z]+)((?: [^|;\\n>]+)?)");

  @ParameterizedTest
  @ValueSource(strings = {"github-actions.yml", "github-actions-deploy.yml", "cloudbuild.yaml"})
  void callsWhatIsThere(String name) throws IOException, InterruptedException {
    Path file = Path.of("docs/ci").resolve(name);
    Object root = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
    List<List<String>> calls = new ArrayList<>();
    visit(root, calls);
    assertTrue(calls.size() >= 2, "calls of beamline in " + name);
    for (List<String> call : calls) {
      CommandLine command = BeamlineCommand.commandLine().getSubcommands().get(call.get(0));
      assertNotNull(command, call.toString());
      for (String word : call) {
        if (word.startsWith("--")) {
          assertTrue(
              command.getCommandSpec().optionsMap().containsKey(word.replaceFirst("=.*", "")),
              call.toString());
        }
      }
    }
  }

  private static void visit(Object node, List<List<String>> calls)
      throws IOException, InterruptedException {
    if (node instanceof Map<?, ?> map) {
      if (map.get("run") instanceof String script) {
        script(script, calls);
      }
      if (map.get("args") instanceof List<?> args) {
        List<String> words = args.stream().map(String::valueOf).toList();
        if (words.get(0).equals("-c")) {
          script(words.get(1), calls);
        } else {
          calls.add(words);
        }
      }
      for (Object value : map.values()) {
        visit(value, calls);
      }
    } else if (node instanceof List<?> list) {
      for (Object value : list) {
        visit(value, calls);
      }
    }
  }

  private static void script(String text, List<List<String>> calls)
      throws IOException, InterruptedException {
    // Expressions of the CI system are no shell.
    String shell = text.replaceAll("\\$\\{\\{.*?}}", "value");
    Process bash = new ProcessBuilder("bash", "-n").redirectErrorStream(true).start();
    try (var in = bash.getOutputStream()) {
      in.write(shell.getBytes(StandardCharsets.UTF_8));
    }
    String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, bash.waitFor(), said);
    Matcher call = CALL.matcher(shell);
    while (call.find()) {
      List<String> words = new ArrayList<>(List.of(call.group(1)));
      for (String word : call.group(2).strip().split("\\s+")) {
        if (!word.isEmpty()) {
          words.add(word);
        }
      }
      calls.add(words);
    }
  }
}
