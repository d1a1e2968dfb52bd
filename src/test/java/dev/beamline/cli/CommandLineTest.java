package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CommandLineTest {

  @TempDir Path folder;

  @Test
  void wrongUsageNamesWhatWasMeant() {
    CommandRun command = CommandRun.of("valdate");
    assertEquals(2, command.code());
    assertEquals(
        "beamline: 'valdate' is not a command\nDid you mean 'validate'?\nSee 'beamline --help'.\n",
        command.err());

    CommandRun option = CommandRun.of("validate", "--ouput=json");
    assertEquals(2, option.code());
    assertEquals(
        "beamline: '--ouput' is not an option of 'beamline validate'\n"
            + "Did you mean '--output'?\nSee 'beamline validate --help'.\n",
        option.err());

    CommandRun value = CommandRun.of("validate", "--output", "jsn");
    assertEquals(2, value.code());
    assertTrue(value.err().contains("did you mean json?"), value.err());

    assertEquals(2, CommandRun.of().code());
    assertEquals(2, CommandRun.of("validate", "extra").code());
    assertEquals(2, CommandRun.of("init").code());
  }

  @Test
  void everyCommandHasHelpWithExamples() {
    CommandLine line = BeamlineCommand.commandLine();
    for (String name : line.getSubcommands().keySet()) {
      CommandRun run = CommandRun.of(name, "--help");
      assertEquals(0, run.code(), name);
      assertTrue(run.out().contains("Usage: beamline " + name), run.out());
      assertTrue(run.out().contains("Examples:"), run.out());
      assertTrue(run.out().contains("--project-dir"), run.out());
      assertFalse(run.out().contains("%n"), run.out());
    }
    assertEquals(0, CommandRun.of("--help").code());
    assertTrue(CommandRun.of("--version").out().startsWith("beamline "));
    assertTrue(CommandRun.of("generate-completion").out().contains("validate"));
  }

  @Test
  void aNewProjectIsValidAndAnswers() throws IOException {
    Path project = folder.resolve("my shop!");
    CommandRun init = CommandRun.of("init", project.toString());
    assertEquals(0, init.code(), init.err());
    CommandRun validate = CommandRun.of("-C", project.toString(), "validate");
    assertEquals("my_shop_ is valid: 2 queries, 2 sources, 2 pipelines\n", validate.out());
    CommandRun query =
        CommandRun.of(
            "query",
            "-C",
            project.toString(),
            "--format",
            "csv",
            "SELECT SUM(orders) AS n FROM revenue_by_hour");
    // One of the 121 lines of the sample is a copy.
    assertEquals("n\n120\n", query.out());
    assertTrue(Files.exists(project.resolve(".gitignore")));

    CommandRun again = CommandRun.of("init", project.toString());
    assertEquals(1, again.code());
    assertTrue(again.err().contains("is not empty"), again.err());
  }

  @Test
  void theOptionDirectoryStandsBeforeOrBehindTheCommand() {
    String broken = "src/test/resources/broken/cycles";
    assertEquals(CommandRun.of("validate", "-C", broken), CommandRun.of("-C", broken, "validate"));
    CommandRun absent = CommandRun.of("validate", "-C", folder.resolve("absent").toString());
    assertEquals(1, absent.code());
    assertTrue(absent.out().contains("there is no folder \"absent\""), absent.out());
  }

  @Test
  void aLinkOutOfTheProjectIsRefused() throws IOException {
    Path project = Files.createDirectories(folder.resolve("project"));
    Path secret = Files.writeString(folder.resolve("secret.sql"), "SELECT 1 AS one");
    Files.createDirectories(project.resolve("queries"));
    Files.createSymbolicLink(project.resolve("queries/link.sql"), secret);
    Files.createSymbolicLink(project.resolve("data"), folder);
    Files.createSymbolicLink(project.resolve("gone.csv"), folder.resolve("absent.csv"));
    Files.writeString(
        project.resolve("pipelines.yaml"),
        """
        sources:
          a: {type: files, path: data/x.csv, columns: {a: STRING}}
          b: {type: files, path: gone.csv, columns: {a: STRING}}
        """);
    CommandRun run = CommandRun.of("validate", "-C", project.toString());
    assertEquals(1, run.code());
    assertEquals(
        3, run.out().lines().filter(l -> l.contains("error PATH_OUTSIDE_PROJECT")).count());
    assertFalse(run.out().contains("SELECT 1 AS one"), run.out());
  }

  @Test
  void colorsFollowTheEnvironment() {
    assertTrue(Terminal.wantsColors(Map.of("TERM", "xterm")));
    assertFalse(Terminal.wantsColors(Map.of("TERM", "xterm", "NO_COLOR", "1")));
    assertTrue(Terminal.wantsColors(Map.of("TERM", "xterm", "NO_COLOR", "")));
    assertFalse(Terminal.wantsColors(Map.of("TERM", "dumb")));
    assertFalse(Terminal.wantsColors(Map.of()));
  }

  @Test
  void theSchemasOfTheRepositoryAreThoseOfTheCode() throws IOException {
    for (String which : new String[] {"pipelines", "tests"}) {
      CommandRun run = CommandRun.of("schema", which);
      assertEquals(0, run.code());
      Golden.check(Path.of("docs/schema/" + which + ".schema.json"), run.out());
    }
  }

  @Test
  void diagnosticsComeInEveryFormat() throws IOException {
    Path project = Path.of("src/test/resources/outputs");
    for (String format : new String[] {"json", "sarif", "github", "junit"}) {
      CommandRun run = CommandRun.of("validate", "-C", project.toString(), "--output", format);
      assertEquals(1, run.code());
      assertEquals("", run.err());
      Golden.check(project.resolve("expected." + format), run.out());
    }
  }
}
