package dev.beamline.io.bigquery;

import com.google.api.services.bigquery.model.TableReference;
import java.io.Serializable;
import java.util.Objects;

/** A table of BigQuery by its whole name. */
public record TableId(String project, String dataset, String table) implements Serializable {

  public TableId {
    Objects.requireNonNull(project, "project");
    Objects.requireNonNull(dataset, "dataset");
    Objects.requireNonNull(table, "table");
  }

  /**
   * From {@code dataset.table} or {@code project.dataset.table}.
   *
   * @param defaultProject where the name has none
   */
  public static TableId parse(String name, String defaultProject) {
    int last = name.lastIndexOf('.');
    int first = name.lastIndexOf('.', last - 1);
    if (last < 1) {
      throw new IllegalArgumentException("not a table with its dataset: " + name);
    }
    return new TableId(
        first < 0 ? defaultProject : name.substring(0, first),
        name.substring(first + 1, last),
        name.substring(last + 1));
  }

  /** Another table of the same dataset. */
  public TableId beside(String name) {
    return new TableId(project, dataset, name);
  }

  /** As SQL writes it. */
  public String quoted() {
    return "`" + this + "`";
  }

  TableReference reference() {
    return new TableReference().setProjectId(project).setDatasetId(dataset).setTableId(table);
  }

  @Override
  public String toString() {
    return project + "." + dataset + "." + table;
  }
}
