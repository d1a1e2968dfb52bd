package dev.beamline.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.diagnostic.Problems;
import dev.beamline.project.Project;
import dev.beamline.project.ProjectReader;
import dev.beamline.testing.Verification.Settings;
import dev.beamline.testing.Verification.Verdict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Batch and stream end in the same rows: all queries of the game, Beam's game examples, and
 * windowed queries of every kind.
 */
final class VerificationTest {

  private static void check(String folder, Settings settings)
      throws java.io.IOException, InterruptedException {
    Problems problems = new Problems();
    Project project = ProjectReader.read(Path.of(folder).toAbsolutePath(), name -> null, problems);
    assertEquals(List.of(), problems.sorted());
    List<String> wrong = new ArrayList<>();
    List<Verdict> verdicts =
        new Verification(project, settings)
            .run(List.copyOf(project.queries().keySet()), verdict -> {});
    for (Verdict verdict : verdicts) {
      if (verdict.skipped() != null) {
        wrong.add(verdict.query() + " was skipped: " + verdict.skipped());
      } else if (verdict.difference() != null) {
        wrong.add(verdict.difference().text() + verdict.difference().test());
      } else if (verdict.runs() != settings.runs()) {
        wrong.add(verdict.query() + " had " + verdict.runs() + " runs");
      }
    }
    assertEquals("", String.join("\n", wrong));
    assertTrue(verdicts.size() >= 7);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "examples/beam-game", "src/test/resources/windowed"})
  void agrees(String folder) throws java.io.IOException, InterruptedException {
    check(folder, new Settings(7, 2, 80));
  }

  /** 1,000 runs and more over all queries. */
  @Tag("slow")
  @ParameterizedTest
  @ValueSource(strings = {"", "examples/beam-game", "src/test/resources/windowed"})
  void agreesManyTimes(String folder) throws java.io.IOException, InterruptedException {
    check(folder, new Settings(1, 40, 120));
  }
}
