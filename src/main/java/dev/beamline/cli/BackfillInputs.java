package dev.beamline.cli;

import dev.beamline.diagnostic.Problems;
import dev.beamline.project.Located;
import dev.beamline.project.Project;
import dev.beamline.project.Relation;
import dev.beamline.project.Source;
import dev.beamline.project.SourceSystem;
import dev.beamline.project.Target;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The archives that a backfill reads.
 *
 * @param project with the tables of BigQuery that stand for sources
 * @param paths of files that stand for sources
 */
record BackfillInputs(Project project, Map<String, String> paths) {

  /** Before the name of a table. */
  static final String BIGQUERY = "bigquery:";

  private static final Pattern TABLE = Pattern.compile("[^.\\s]+(\\.[^.\\s]+){1,2}");

  /**
   * @param given paths and tables, by source
   * @param problems gets what is wrong with them
   */
  static BackfillInputs of(Project project, Map<String, String> given, Problems problems) {
    Map<String, Source> sources = new LinkedHashMap<>(project.sources());
    // Names are checked of all; what is a table is taken out of the paths again.
    Map<String, String> paths = new LinkedHashMap<>(InputFiles.of(given, project, problems));
    given.forEach(
        (name, value) -> {
          Source source = sources.get(name);
          if (source != null && value.startsWith(BIGQUERY)) {
            paths.remove(name);
            sources.put(name, inBigQuery(source, value.substring(BIGQUERY.length())));
          }
        });
    return new BackfillInputs(project.withSources(sources), paths);
  }

  private static Source inBigQuery(Source source, String table) {
    if (!TABLE.matcher(table).matches()) {
      throw new UserException(
          "--input "
              + source.name()
              + "="
              + BIGQUERY
              + table
              + " names no table: write "
              + BIGQUERY
              + "dataset.table or "
              + BIGQUERY
              + "project.dataset.table");
    }
    return new Source(
        source.name(),
        source.place(),
        source.description(),
        new SourceSystem.BigQuery(Relation.table(new Located<>(table, source.place()))),
        source.columns(),
        source.eventTime(),
        source.watermark(),
        source.deduplicate(),
        source.errorOutput(),
        null,
        source.refresh(),
        source.byEventTime(),
        null);
  }

  /**
   * Refuses streams without an archive.
   *
   * @throws UserException where a stream would have to be read from its beginning to its end
   */
  void check(Set<String> read, Target target) {
    for (String name : read) {
      Source source = project.sources().get(name);
      if (source == null || paths.containsKey(name)) {
        continue;
      }
      boolean sample = target.common().warehouse() != null && source.sample() != null;
      if (!sample && source.system() instanceof SourceSystem.Pubsub) {
        throw new UserException(
            "source "
                + name
                + " is a pubsub source, which keeps no past: name its archive with --input "
                + name
                + "=PATH (files, gs:// too) or --input "
                + name
                + "=bigquery:dataset.table");
      }
    }
  }
}
