package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Each folder of {@code broken/} is a project with mistakes; {@code expected.txt} is all that
 * {@code validate} prints of it.
 */
class BrokenProjectsTest {

  private static final Path FOLDER = Path.of("src/test/resources/broken");

  @TestFactory
  Stream<DynamicTest> validatePrintsAllMistakes() throws IOException {
    return Files.list(FOLDER)
        .sorted()
        .map(
            project ->
                DynamicTest.dynamicTest(
                    String.valueOf(project.getFileName()), () -> validate(project)));
  }

  private static void validate(Path project) throws IOException {
    CommandRun run = CommandRun.of("validate", "-C", project.toString());
    Golden.check(project.resolve("expected.txt"), run.out());
    assertEquals("", run.err());
    // A folder whose name begins so has warnings alone.
    boolean warnings = String.valueOf(project.getFileName()).startsWith("warning-");
    assertEquals(warnings ? ExitCode.OK : ExitCode.USER, run.code());
    assertTrue(run.out().contains(warnings ? "warning" : "error"));
  }
}
