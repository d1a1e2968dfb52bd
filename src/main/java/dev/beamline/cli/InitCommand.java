package dev.beamline.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Makes a new project. */
@Command(
    name = "init",
    header = "Makes a new project that runs.",
    description =
        "A small shop: a source with sample events, a table of products, two queries and a test.",
    footer = {"  beamline init shop", "  cd shop && beamline run"})
final class InitCommand extends BaseCommand {

  private static final List<String> FILES =
      List.of(
          "README.md",
          "data/orders.ndjson",
          "data/products.csv",
          "pipelines.yaml",
          "queries/revenue_by_hour.sql",
          "queries/top_categories.sql",
          "tests/revenue_by_hour.yaml");

  @Parameters(paramLabel = "DIR", description = "The folder, new or empty.")
  private @Nullable Path folder;

  @Override
  public Integer call() throws IOException {
    Path project = Objects.requireNonNull(folder).toAbsolutePath().normalize();
    requireEmpty(project);
    String name = name(project);
    for (String file : FILES) {
      write(project.resolve(file), resource(file).replace("{{project}}", name));
    }
    write(project.resolve(".gitignore"), ".beamline/\n.env\n");
    SchemaCommand.write(project.resolve(".schema"));
    out().println("Made the project " + name + " in " + folder + ":");
    FILES.forEach(file -> out().println("  " + file));
    out().println();
    out().println("Next:");
    out().println("  cd " + folder);
    out().println("  beamline run     # computes the metrics of the sample");
    out().println("  beamline test    # runs the tests");
    return ExitCode.OK;
  }

  private void requireEmpty(Path project) throws IOException {
    if (Files.isRegularFile(project)) {
      throw new UserException("\"" + folder + "\" is a file");
    }
    if (Files.isDirectory(project)) {
      try (var entries = Files.list(project)) {
        // A fresh clone of an empty repository is empty enough.
        if (entries.anyMatch(path -> !path.endsWith(".git"))) {
          throw new UserException(
              "\"" + folder + "\" is not empty: name a new folder, so that nothing is overwritten");
        }
      }
    }
  }

  /** The folder's name as a project's name. */
  private static String name(Path project) {
    String name = String.valueOf(project.getFileName()).replaceAll("[^A-Za-z0-9_-]", "_");
    return !name.isEmpty() && Character.isLetter(name.charAt(0)) ? name : "project_" + name;
  }

  private static String resource(String file) throws IOException {
    try (InputStream in = InitCommand.class.getResourceAsStream("init/" + file)) {
      return new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    try {
      Files.writeString(file, text, java.nio.file.StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException e) {
      throw new UserException("\"" + file + "\" exists already");
    }
  }
}
