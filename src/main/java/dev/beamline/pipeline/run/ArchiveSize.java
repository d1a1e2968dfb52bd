package dev.beamline.pipeline.run;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.io.TableRange;
import dev.beamline.io.bigquery.BigQueryClients;
import dev.beamline.io.bigquery.BigQueryQueries;
import dev.beamline.io.bigquery.RangeSql;
import dev.beamline.io.bigquery.TableId;
import dev.beamline.project.Source;
import dev.beamline.project.SourceSystem;
import dev.beamline.project.Target;
import java.io.IOException;
import java.util.Collection;
import java.util.stream.Collectors;
import org.apache.beam.sdk.options.PipelineOptions;
import org.jspecify.annotations.Nullable;

/**
 * How large a source in BigQuery is.
 *
 * @param rows of the whole table or query
 * @param inRange rows whose event time is in a range; -1: it has no event time
 * @param bytes of the columns that are read
 */
public record ArchiveSize(long rows, long inRange, long bytes) {

  /**
   * Asks BigQuery. Counting costs what its queries cost: nothing for a table's rows, and the column
   * of the event time for those of a range.
   *
   * @param columns that a query needs
   * @param range of the event time
   */
  public static ArchiveSize of(
      Target target,
      Source source,
      SourceSystem.BigQuery from,
      Collection<String> columns,
      TableRange range)
      throws IOException {
    PipelineOptions options = TargetOptions.of(target);
    String project = String.valueOf(TargetOptions.project(target, options));
    BigQueryQueries queries = new BigQueryQueries(BigQueryClients.rest(options), project);
    String rows =
        from.from().isQuery()
            ? "(" + from.from().text().value().strip().replaceFirst(";$", "") + ")"
            : "`" + TableId.parse(from.from().text().value(), project) + "`";
    String list =
        columns.stream().sorted().map(c -> "`" + c + "`").collect(Collectors.joining(", "));
    @Nullable String time = source.eventTime() == null ? null : source.eventTime().value();
    return new ArchiveSize(
        count(queries, rows),
        time == null
            ? -1
            : count(
                queries,
                rows
                    + " WHERE "
                    + RangeSql.condition(new TableRange(time, range.from(), range.to()))),
        queries.bytes("SELECT " + (list.isEmpty() ? "1" : list) + " FROM " + rows));
  }

  private static long count(BigQueryQueries queries, String from) throws IOException {
    Object count =
        queries
            .rows("SELECT COUNT(*) AS n FROM " + from, Schema.of(Column.of("n", ScalarType.INT64)))
            .get(0)
            .get(0);
    return count instanceof Long number ? number : 0;
  }
}
