package dev.beamline.project;

import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Place;
import dev.beamline.diagnostic.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The files of SQL of a project.
 *
 * @param queries by name
 * @param functionFiles {@code queries/lib}, by name
 * @param broken names of files that are there but cannot be used
 */
record QueryFiles(List<QueryFile> queries, List<QueryFile> functionFiles, List<String> broken) {

  private static final String ENDING = ".sql";

  static QueryFiles read(ProjectFolder folder, Problems problems) {
    List<String> broken = new ArrayList<>();
    List<QueryFile> queries = new ArrayList<>();
    Map<String, QueryFile> seen = new HashMap<>();
    for (QueryFile file : files(folder, "queries", broken, problems)) {
      if (!NamedShape.NameRule.TABLE.pattern().matcher(file.name()).matches()) {
        broken.add(file.name());
        problems.add(
            Diagnostic.error(
                DiagnosticCode.INVALID_NAME,
                Place.ofFile(file.path()),
                "\"" + file.name() + "\" cannot be the name of a query, which is its table's",
                "rename the file; allowed: " + NamedShape.NameRule.TABLE.allowed()));
        continue;
      }
      QueryFile first = seen.putIfAbsent(file.name().toLowerCase(Locale.ROOT), file);
      if (first != null) {
        problems.add(
            Diagnostic.error(
                DiagnosticCode.DUPLICATE_NAME,
                Place.ofFile(file.path()),
                "the queries \""
                    + first.name()
                    + "\" and \""
                    + file.name()
                    + "\" differ only in case",
                "rename one of the files"));
        continue;
      }
      queries.add(file);
    }
    return new QueryFiles(queries, files(folder, "queries/lib", broken, problems), broken);
  }

  private static List<QueryFile> files(
      ProjectFolder folder, String name, List<String> broken, Problems problems) {
    List<QueryFile> files = new ArrayList<>();
    for (Path path : list(folder, name, ENDING, problems)) {
      String relative = folder.relative(path);
      String file = String.valueOf(path.getFileName());
      String query = file.substring(0, file.length() - ENDING.length());
      String text =
          isInside(folder, path, relative, problems) ? folder.text(path, relative, problems) : null;
      if (text == null) {
        broken.add(query);
      } else {
        files.add(new QueryFile(query, relative, text));
      }
    }
    return files;
  }

  /** The regular files of a folder with one of the endings, by name. */
  static List<Path> list(ProjectFolder folder, String name, String ending, Problems problems) {
    Path directory = folder.root().resolve(name);
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (var entries = Files.list(directory)) {
      return entries
          .filter(path -> hasEnding(path, ending))
          .filter(path -> !Files.isDirectory(path))
          .sorted()
          .toList();
    } catch (IOException e) {
      problems.add(
          Diagnostic.error(
              DiagnosticCode.FILE_NOT_READABLE,
              Place.ofFile(name),
              "the folder " + name + " cannot be read: " + e.getMessage()));
      return List.of();
    }
  }

  private static boolean hasEnding(Path path, String ending) {
    String name = String.valueOf(path.getFileName());
    return name.endsWith(ending) && !name.startsWith(".");
  }

  static boolean isInside(ProjectFolder folder, Path path, String relative, Problems problems) {
    if (folder.contains(path)) {
      return true;
    }
    problems.add(
        Diagnostic.error(
            DiagnosticCode.PATH_OUTSIDE_PROJECT,
            Place.ofFile(relative),
            relative + " is a link that leads outside the project's folder",
            "copy the file into the project"));
    return false;
  }
}
