package dev.beamline.deploy.plan;

import dev.beamline.io.bigquery.TableChange;
import dev.beamline.pipeline.run.ProjectTables;
import dev.beamline.pipeline.run.RunSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is between a table as it really is and as its query wants it, whoever changed it.
 *
 * @param table its full name
 * @param missing whether it is not there
 * @param inPlace what a deployment changes, such as a column to add
 * @param breaking what it refuses to change, each with the statement that would
 */
public record TableFinding(
    String table, boolean missing, List<String> inPlace, List<String> breaking) {

  public TableFinding {
    inPlace = List.copyOf(inPlace);
    breaking = List.copyOf(breaking);
  }

  /**
   * Looks at the tables of BigQuery that a run writes, by query; other sinks are not looked at.
   *
   * @throws IOException where BigQuery does not answer
   */
  public static Map<String, TableFinding> of(RunSettings settings) throws IOException {
    Map<String, TableFinding> found = new TreeMap<>();
    for (Map.Entry<String, TableChange> entry : ProjectTables.of(settings).entrySet()) {
      TableChange change = entry.getValue();
      List<String> breaking = new ArrayList<>();
      change
          .refusals()
          .forEach(
              refusal ->
                  breaking.add(refusal.message() + "; to go on run: " + refusal.statement()));
      found.put(
          entry.getKey(),
          new TableFinding(
              change.id().toString(),
              change.create() != null,
              change.create() != null ? List.of() : change.changes(),
              breaking));
    }
    return found;
  }
}
