package dev.beamline.cli;

import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticGithub;
import dev.beamline.diagnostic.DiagnosticJson;
import dev.beamline.diagnostic.DiagnosticJunit;
import dev.beamline.diagnostic.DiagnosticSarif;
import dev.beamline.diagnostic.DiagnosticText;
import dev.beamline.diagnostic.Problems;
import dev.beamline.project.Project;
import dev.beamline.project.TestFile;
import dev.beamline.sql.CompiledProject;
import dev.beamline.testing.TestSuite;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Finds every mistake that can be found without data. */
@Command(
    name = "validate",
    header = "Checks everything that can be known without data.",
    description = {
      "YAML, SQL, types, windows, joins, sinks: all mistakes at once, each with its place.%n",
      "Exit code: 0 no errors, 1 errors, 2 wrong usage, 3 a fault."
    },
    footer = {
      "  beamline validate",
      "  beamline validate -C examples/shop",
      "  beamline validate --output github    # annotations in a pull request",
      "  beamline validate --output sarif > beamline.sarif"
    })
final class ValidateCommand extends BaseCommand {

  private enum Output {
    TEXT,
    JSON,
    SARIF,
    GITHUB,
    JUNIT
  }

  static final class OutputConverter extends NameConverter<Output> {
    OutputConverter() {
      super(Output.class);
    }
  }

  @Option(
      names = "--output",
      paramLabel = "FORMAT",
      description = "One of: text, json, sarif, github, junit. Default: ${DEFAULT-VALUE}.",
      converter = OutputConverter.class,
      defaultValue = "text")
  private Output output = Output.TEXT;

  @Override
  public Integer call() {
    Problems problems = new Problems();
    CompiledProject compiled = ProjectLoader.check(projectDir(), problems);
    Project project = compiled.project();
    TestSuite.check(project, compiled.plans(), problems);
    if (!problems.hasErrors()) {
      ProjectLoader.checkGraphs(project, problems);
    }
    List<Diagnostic> found = problems.sorted();
    switch (output) {
      case TEXT -> text(project, problems);
      case JSON -> DiagnosticJson.write(found, out());
      case SARIF -> DiagnosticSarif.write(found, Version.number(), prefix(), out());
      case GITHUB -> DiagnosticGithub.write(found, prefix(), out());
      case JUNIT -> DiagnosticJunit.write(found, files(project), out());
    }
    return problems.hasErrors() ? ExitCode.USER : ExitCode.OK;
  }

  private void text(Project project, Problems problems) {
    List<Diagnostic> found = problems.sorted();
    new ProblemPrinter(projectDir()).print(found, out());
    if (!found.isEmpty()) {
      out().println();
    }
    if (problems.hasErrors()) {
      out().println(DiagnosticText.count(found));
    } else {
      out()
          .println(
              project.name()
                  + " is valid: "
                  + count(project.queries().size(), "query", "queries")
                  + ", "
                  + count(project.sources().size(), "source", "sources")
                  + ", "
                  + count(project.pipelines().size(), "pipeline", "pipelines")
                  + (found.isEmpty() ? "" : " (" + DiagnosticText.count(found) + ")"));
    }
  }

  private static String count(int number, String one, String more) {
    return number + " " + (number == 1 ? one : more);
  }

  /** From where CI checks out, which is where the command runs, to the project. */
  private String prefix() {
    Path here = Path.of("").toAbsolutePath();
    if (!projectDir().startsWith(here) || projectDir().equals(here)) {
      return "";
    }
    return here.relativize(projectDir()).toString().replace('\\', '/') + "/";
  }

  private static List<String> files(Project project) {
    List<String> files = new ArrayList<>(List.of(Project.FILE));
    project.functionFiles().forEach(file -> files.add(file.path()));
    project.queries().values().forEach(query -> files.add(query.file().path()));
    project.tests().stream().map(TestFile::path).forEach(files::add);
    return files;
  }
}
