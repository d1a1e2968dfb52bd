package dev.beamline.cli;

import dev.beamline.diagnostic.NearestName;
import dev.beamline.diagnostic.Problems;
import dev.beamline.project.Project;
import dev.beamline.project.TestCase;
import dev.beamline.project.TestFile;
import dev.beamline.testing.CaseResult;
import dev.beamline.testing.ExpectationUpdate;
import dev.beamline.testing.FailureText;
import dev.beamline.testing.TestJunit;
import dev.beamline.testing.TestSuite;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs the event-time tests of a project. */
@Command(
    name = "test",
    header = "Runs the event-time tests of tests/*.yaml.",
    description = {
      "Each test streams its rows through the query, moves watermark and clock as it says, and compares"
          + " what comes out.%n",
      "Exit code: 0 all passed, 1 a test failed or is invalid, 2 wrong usage, 3 a fault."
    },
    footer = {
      "  beamline test",
      "  beamline test tests/hourly_team_score.yaml",
      "  beamline test --name \"*late*\"",
      "  beamline test --junit target/beamline-tests.xml",
      "  beamline test --update              # what comes out becomes what is expected"
    })
final class TestCommand extends BaseCommand {

  @Parameters(
      paramLabel = "FILE",
      description = "Files of tests, or names of queries. Default: all.")
  private List<String> files = new ArrayList<>();

  @Option(
      names = "--name",
      paramLabel = "PATTERN",
      description = "Only tests whose name has this in it; * stands for any text.")
  private @Nullable String name;

  @Option(
      names = "--junit",
      paramLabel = "FILE",
      description = "Write the results as JUnit XML, too.")
  private @Nullable Path junit;

  @Option(
      names = "--update",
      description = "Rewrite the expectations that are not met; all else stays as it is.")
  private boolean update;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Problems problems = new Problems();
    Project project = ProjectLoader.read(projectDir(), problems);
    if (project.broken().contains(Project.FILE)) {
      problems.throwIfErrors();
    }
    long began = System.nanoTime();
    TestSuite suite = new TestSuite(project, files(project), chosen(), problems);
    problems.throwIfErrors();
    if (suite.size() == 0) {
      return none(project);
    }
    List<CaseResult> results = suite.run();
    if (junit != null) {
      writeJunit(junit, results);
    }
    if (update) {
      return update(project, results);
    }
    results.forEach(this::print);
    long failed = results.stream().filter(result -> !result.passed()).count();
    out()
        .println(
            (failed == 0 ? "" : "\n")
                + results.size()
                + (results.size() == 1 ? " test: " : " tests: ")
                + (results.size() - failed)
                + " passed, "
                + failed
                + " failed"
                + String.format(Locale.ROOT, " (%.1f s)", (System.nanoTime() - began) / 1e9));
    return failed == 0 ? ExitCode.OK : ExitCode.USER;
  }

  private int none(Project project) {
    if (name == null && files.isEmpty()) {
      out().println("There are no tests: files of them go into tests/.");
      return ExitCode.OK;
    }
    err().println("beamline: no test has \"" + name + "\" in its name");
    List<String> names =
        project.tests().stream()
            .flatMap(file -> file.tests().stream())
            .map(test -> test.name().value())
            .toList();
    NearestName.of(String.valueOf(name), names)
        .ifPresent(near -> err().println("Did you mean \"" + near + "\"?"));
    return ExitCode.USER;
  }

  private List<TestFile> files(Project project) {
    if (files.isEmpty()) {
      return project.tests();
    }
    List<TestFile> chosen = new ArrayList<>();
    for (String wanted : files) {
      List<TestFile> found =
          project.tests().stream().filter(file -> names(project, file, wanted)).toList();
      if (found.isEmpty()) {
        List<String> known = new ArrayList<>(project.tests().stream().map(TestFile::path).toList());
        known.addAll(project.tests().stream().map(file -> file.query().value()).toList());
        throw usage(
            "there is no file of tests \""
                + wanted
                + "\""
                + NearestName.of(wanted, known)
                    .map(near -> ": did you mean " + near + "?")
                    .orElse(""));
      }
      found.stream().filter(file -> !chosen.contains(file)).forEach(chosen::add);
    }
    return chosen;
  }

  /** Whether a file is meant by its path from here or from the project, its name, or its query. */
  private static boolean names(Project project, TestFile file, String wanted) {
    Path path = project.folder().resolve(file.path()).normalize();
    return file.query().value().equals(wanted)
        || path.equals(project.folder().resolve(wanted).normalize())
        || path.equals(Path.of(wanted).toAbsolutePath().normalize())
        || path.equals(project.folder().resolve("tests").resolve(wanted).normalize());
  }

  private Predicate<TestCase> chosen() {
    if (name == null) {
      return test -> true;
    }
    StringBuilder regex = new StringBuilder();
    for (String part : name.split("\\*", -1)) {
      regex.append(regex.isEmpty() ? "" : ".*").append(part.isEmpty() ? "" : Pattern.quote(part));
    }
    Pattern pattern =
        Pattern.compile(
            regex.toString(), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL);
    return test -> pattern.matcher(test.name().value()).find();
  }

  private void print(CaseResult result) {
    String where = result.file().path() + ":" + result.test().name().place().line();
    if (result.passed()) {
      out().println(Styles.green("ok  ") + "  " + where + "  " + result.test().name().value());
      return;
    }
    out().println(Styles.red("FAIL") + "  " + where + "  " + result.test().name().value());
    FailureText.of(result).lines().forEach(line -> out().println("      " + line));
  }

  private int update(Project project, List<CaseResult> results) throws IOException {
    List<String> changed = ExpectationUpdate.apply(project, results);
    long failed = results.stream().filter(result -> !result.passed()).count();
    out()
        .println(
            changed.isEmpty()
                ? "All " + results.size() + " tests pass: nothing to update."
                : "Updated "
                    + failed
                    + (failed == 1 ? " test in " : " tests in ")
                    + String.join(", ", changed)
                    + ". Look at the difference before you commit it.");
    return ExitCode.OK;
  }

  private static void writeJunit(Path file, List<CaseResult> results) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    try (Writer writer = Files.newBufferedWriter(file)) {
      TestJunit.write(results, writer);
    }
  }
}
