package dev.beamline.pipeline.run;

import dev.beamline.diagnostic.Problems;
import dev.beamline.io.bigquery.TableChange;
import java.io.IOException;
import java.util.Map;

/** The tables of BigQuery that a run would write, as they are. */
public final class ProjectTables {

  private ProjectTables() {}

  /**
   * What is between each table and its query; nothing is changed.
   *
   * @return by query; those that go elsewhere are not in it
   * @throws dev.beamline.diagnostic.InvalidProjectException where a sink cannot be written
   * @throws IOException where BigQuery does not answer
   */
  public static Map<String, TableChange> of(RunSettings settings) throws IOException {
    Problems problems = new Problems();
    ProjectSinks sinks = new ProjectSinks(settings, "plan", false, problems);
    problems.throwIfErrors();
    return sinks.tableChanges();
  }
}
