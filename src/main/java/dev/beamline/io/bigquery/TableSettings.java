package dev.beamline.io.bigquery;

import dev.beamline.io.SinkTable;
import dev.beamline.project.Located;
import dev.beamline.project.Sink;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A table of BigQuery as a query wants it.
 *
 * @param table its columns, description and, where it upserts, its primary key
 * @param partitionBy a TIMESTAMP, DATETIME or DATE column; null: not partitioned
 * @param granularity HOUR, DAY, MONTH or YEAR
 * @param clusterBy empty: by the primary key where there is one, else as BigQuery has it
 * @param labels of the table
 */
public record TableSettings(
    TableId id,
    SinkTable table,
    @Nullable String partitionBy,
    String granularity,
    List<String> clusterBy,
    Map<String, String> labels)
    implements Serializable {

  public TableSettings {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(table, "table");
    clusterBy = List.copyOf(clusterBy);
    labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
  }

  /**
   * From a sink of pipelines.yaml.
   *
   * @param defaultProject where the sink names none
   */
  public static TableSettings of(Sink.BigQuery sink, SinkTable table, String defaultProject) {
    List<String> clusterBy = new ArrayList<>();
    for (Located<String> column : sink.clusterBy()) {
      clusterBy.add(column.value());
    }
    return new TableSettings(
        new TableId(
            sink.project() == null ? defaultProject : sink.project(), sink.dataset(), sink.table()),
        table,
        sink.partitionBy() == null ? null : sink.partitionBy().value(),
        sink.granularity().name(),
        clusterBy,
        sink.labels());
  }

  /** A table without any settings of its own. */
  public static TableSettings plain(TableId id, SinkTable table) {
    return new TableSettings(id, table, null, "DAY", List.of(), Map.of());
  }

  /** The names of the key's columns. */
  List<String> primaryKey() {
    return table.key().stream().map(index -> table.schema().name(index)).toList();
  }
}
