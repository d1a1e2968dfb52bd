package dev.beamline.cli;

import dev.beamline.catalog.Table;
import dev.beamline.diagnostic.Problems;
import dev.beamline.project.Project;
import dev.beamline.project.ProjectReader;
import dev.beamline.project.QueryFile;
import dev.beamline.project.SourceTables;
import dev.beamline.sql.parser.SqlParser;
import java.nio.file.Path;
import java.util.Map;

/** Reads and checks a project. */
final class ProjectLoader {

  private ProjectLoader() {}

  /** What is known of a project without data. */
  record Loaded(Project project, Map<String, Table> tables) {}

  /**
   * @param problems gets every mistake
   */
  static Loaded load(Path folder, Problems problems) {
    Project project = ProjectReader.read(folder, System::getenv, problems);
    Map<String, Table> tables = SourceTables.of(project.sources().values(), problems);
    for (QueryFile file : project.library()) {
      SqlParser.parse(file.path(), file.text(), problems);
    }
    project
        .queries()
        .values()
        .forEach(query -> SqlParser.parse(query.file().path(), query.file().text(), problems));
    return new Loaded(project, tables);
  }
}
