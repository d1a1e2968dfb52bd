package dev.beamline.cli;

import dev.beamline.diagnostic.Problems;
import dev.beamline.report.docs.SiteModel;
import dev.beamline.report.docs.SiteWriter;
import dev.beamline.sql.CompiledProject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes the project's documentation. */
@Command(
    name = "docs",
    header = "Writes the project as a static site: metrics, owners, columns, lineage, plans.",
    description = {
      "The site is one folder of plain files. It opens from disk and asks no other host.%n",
      "Exit code: 0 written, 1 the project has errors, 2 wrong usage, 3 a fault."
    },
    footer = {
      "  beamline docs",
      "  beamline docs --output site --no-samples",
      "  beamline docs --open"
    })
final class DocsCommand extends BaseCommand {

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      description = "The site's folder. Default: .beamline/docs in the project.")
  private @Nullable Path output;

  @Option(
      names = "--samples",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Show some rows of each source's sample and each query's result. Default: yes.")
  private boolean samples = true;

  @Option(names = "--open", description = "Open the site in the browser.")
  private boolean open;

  @Override
  public Integer call() throws IOException {
    Problems problems = new Problems();
    CompiledProject compiled = ProjectLoader.check(projectDir(), problems);
    problems.throwIfErrors();
    Path folder =
        output == null
            ? projectDir().resolve(".beamline").resolve("docs")
            : output.toAbsolutePath().normalize();
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new UserException(folder + " is a file: name a folder with --output");
    }
    Map<String, SiteModel.Sample> rows =
        samples ? new SampleTables(compiled).samples(err()) : Map.of();
    Path index =
        new SiteWriter(new SiteModel(compiled, rows, PipelineGraphs.of(compiled)), folder).write();
    out().println("Documentation of " + compiled.project().name() + ": " + index);
    if (open) {
      Browser.open(index.toUri().toString());
    }
    return ExitCode.OK;
  }
}
