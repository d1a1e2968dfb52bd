package dev.beamline.io.bigquery;

import com.google.api.client.googleapis.json.GoogleJsonResponseException;
import com.google.api.services.bigquery.Bigquery;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableFieldSchema;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import dev.beamline.catalog.TypeParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.options.PipelineOptions;

/** Looks at tables of BigQuery, for people to see. */
public final class BigQueryReader {

  private final BigQueryTables tables;
  private final BigQueryQueries queries;

  /**
   * @param options the endpoint and credentials
   * @param project that the queries are billed to
   */
  public BigQueryReader(PipelineOptions options, String project) {
    Bigquery client = BigQueryClients.rest(options);
    this.tables = new BigQueryTables(client);
    this.queries = new BigQueryQueries(client, project);
  }

  /**
   * The columns of a table, with their descriptions; those of types that queries do not have are
   * left out. Empty: there is no such table.
   */
  public Optional<Schema> schema(TableId id) throws IOException {
    Table table = tables.find(id);
    if (table == null) {
      return Optional.empty();
    }
    List<Column> columns = new ArrayList<>();
    if (table.getSchema() != null && table.getSchema().getFields() != null) {
      for (TableFieldSchema field : table.getSchema().getFields()) {
        column(field).ifPresent(columns::add);
      }
    }
    return Optional.of(new Schema(columns));
  }

  private static Optional<Column> column(TableFieldSchema field) {
    try {
      return Optional.of(
          new Column(
              field.getName(),
              TypeParser.parse(BigQueryTypes.sql(field)),
              false,
              field.getDescription()));
    } catch (TypeParser.InvalidTypeException e) {
      return Optional.empty();
    }
  }

  /**
   * Rows of a query.
   *
   * @param schema of the result, in its order
   */
  public List<Tuple> rows(String sql, Schema schema) throws IOException {
    try {
      return queries.rows(sql, schema);
    } catch (GoogleJsonResponseException e) {
      throw new IOException(
          e.getDetails() == null ? e.getStatusMessage() : e.getDetails().getMessage(), e);
    }
  }
}
