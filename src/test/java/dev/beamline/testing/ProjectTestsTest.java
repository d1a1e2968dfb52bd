package dev.beamline.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.diagnostic.Problems;
import dev.beamline.project.Project;
import dev.beamline.project.ProjectReader;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The event-time tests of the game, and of Beam's own game examples, pass. */
final class ProjectTestsTest {

  @ParameterizedTest
  @ValueSource(strings = {"", "examples/beam-game", "src/test/resources/windowed"})
  void pass(String folder) throws InterruptedException {
    Problems problems = new Problems();
    Project project = ProjectReader.read(Path.of(folder).toAbsolutePath(), name -> null, problems);
    TestSuite suite = new TestSuite(project, project.tests(), test -> true, problems);
    assertEquals(List.of(), problems.sorted());
    assertTrue(suite.size() >= 10, "tests are there");
    StringBuilder failures = new StringBuilder();
    for (CaseResult result : suite.run()) {
      if (!result.passed()) {
        failures.append(result.test().name().value()).append('\n').append(FailureText.of(result));
      }
    }
    assertEquals("", failures.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "examples/beam-game"})
  void coverEveryQuery(String folder) {
    Project project =
        ProjectReader.read(Path.of(folder).toAbsolutePath(), name -> null, new Problems());
    List<String> tested = project.tests().stream().map(file -> file.query().value()).toList();
    for (String query : project.queries().keySet()) {
      boolean read =
          tested.contains(query)
              || project.queries().values().stream()
                  .anyMatch(
                      other ->
                          tested.contains(other.name()) && other.file().text().contains(query));
      assertTrue(read, query);
    }
  }
}
