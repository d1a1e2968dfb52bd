package dev.beamline.cli;

import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.NearestName;
import dev.beamline.diagnostic.Place;
import dev.beamline.diagnostic.Problems;
import dev.beamline.project.Project;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The files of {@code --input SOURCE=PATH}. */
final class InputFiles {

  private InputFiles() {}

  /**
   * Absolute paths, or such as gs://, by source.
   *
   * @param given as typed: local paths are relative to the current directory
   * @param problems gets sources that are not there
   */
  static Map<String, String> of(Map<String, String> given, Project project, Problems problems) {
    Map<String, String> resolved = new LinkedHashMap<>();
    given.forEach(
        (source, path) -> {
          if (!project.sources().containsKey(source)) {
            problems.add(unknown(source, project));
          }
          resolved.put(
              source,
              Project.isRemote(path)
                  ? path
                  : Path.of(path).toAbsolutePath().normalize().toString());
        });
    return resolved;
  }

  private static Diagnostic unknown(String source, Project project) {
    return Diagnostic.error(
        DiagnosticCode.UNKNOWN_SOURCE,
        Place.ofFile(Project.FILE),
        "--input names source \"" + source + "\", which is not there",
        NearestName.of(source, project.sources().keySet())
            .map(near -> "did you mean " + near + "?")
            .orElse("the sources are " + String.join(", ", project.sources().keySet())));
  }
}
