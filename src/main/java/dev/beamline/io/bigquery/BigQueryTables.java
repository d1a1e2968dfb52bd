package dev.beamline.io.bigquery;

import com.google.api.client.googleapis.json.GoogleJsonResponseException;
import com.google.api.services.bigquery.Bigquery;
import com.google.api.services.bigquery.model.Clustering;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableConstraints;
import com.google.api.services.bigquery.model.TimePartitioning;
import com.google.api.services.bigquery.model.ViewDefinition;
import dev.beamline.io.ServiceException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes and changes tables and views of BigQuery. */
public final class BigQueryTables {

  private static final int NOT_FOUND = 404;
  private static final int MOST_CLUSTER_COLUMNS = 4;

  private final Bigquery client;

  public BigQueryTables(Bigquery client) {
    this.client = client;
  }

  /** What would have to be done; nothing is changed. */
  public TableChange plan(TableSettings settings) throws IOException {
    Table wanted = resource(settings);
    Table there = find(settings.id());
    return there == null
        ? new TableChange(settings.id(), wanted, null, List.of("create the table"), List.of())
        : TableComparison.compare(settings.id(), there, wanted);
  }

  /** Does it; where something is refused, nothing. */
  public void apply(TableChange change) throws IOException {
    if (!change.refusals().isEmpty()) {
      throw new IllegalArgumentException("refused: " + change.refusals());
    }
    TableId id = change.id();
    if (change.create() != null) {
      client.tables().insert(id.project(), id.dataset(), change.create()).execute();
    } else if (change.patch() != null) {
      client.tables().patch(id.project(), id.dataset(), id.table(), change.patch()).execute();
    }
  }

  /** Makes a view, or has it show the query from now on. */
  public void view(TableId id, String query, String description) throws IOException {
    Table wanted =
        new Table()
            .setTableReference(id.reference())
            .setDescription(description)
            .setView(new ViewDefinition().setQuery(query).setUseLegacySql(false));
    Table there = find(id);
    if (there == null) {
      client.tables().insert(id.project(), id.dataset(), wanted).execute();
    } else if (there.getView() == null) {
      throw new IOException("cannot make the view " + id + ": a table has that name");
    } else if (!query.equals(there.getView().getQuery())) {
      client.tables().patch(id.project(), id.dataset(), id.table(), wanted).execute();
    }
  }

  /** The table, null where there is none. */
  public @Nullable Table find(TableId id) throws IOException {
    try {
      return client.tables().get(id.project(), id.dataset(), id.table()).execute();
    } catch (GoogleJsonResponseException e) {
      if (e.getStatusCode() == NOT_FOUND) {
        return null;
      }
      throw e;
    } catch (IOException e) {
      throw ServiceException.isUnreachable(e)
          ? ServiceException.unreachable("BigQuery at " + client.getRootUrl(), e)
          : e;
    }
  }

  /** Makes a table that is not there. */
  void make(TableId id, Table table) throws IOException {
    client.tables().insert(id.project(), id.dataset(), table).execute();
  }

  /** Deletes a table, where it is there. */
  void delete(TableId id) throws IOException {
    try {
      client.tables().delete(id.project(), id.dataset(), id.table()).execute();
    } catch (GoogleJsonResponseException e) {
      if (e.getStatusCode() != NOT_FOUND) {
        throw e;
      }
    }
  }

  /** The table as it is made. */
  static Table resource(TableSettings settings) {
    Table table =
        new Table()
            .setTableReference(settings.id().reference())
            .setSchema(BigQueryTypes.schema(settings.table().schema()))
            .setDescription(settings.table().description());
    if (!settings.labels().isEmpty()) {
      table.setLabels(settings.labels());
    }
    if (settings.partitionBy() != null) {
      table.setTimePartitioning(
          new TimePartitioning()
              .setType(settings.granularity().toUpperCase(Locale.ROOT))
              .setField(settings.partitionBy()));
    }
    List<String> key = settings.primaryKey();
    List<String> clusterBy =
        settings.clusterBy().isEmpty() ? byKey(settings) : settings.clusterBy();
    if (!clusterBy.isEmpty()) {
      table.setClustering(new Clustering().setFields(clusterBy));
    }
    if (!key.isEmpty()) {
      table.setTableConstraints(
          new TableConstraints().setPrimaryKey(new TableConstraints.PrimaryKey().setColumns(key)));
    }
    return table;
  }

  /** BigQuery finds the rows that a change replaces sooner in a table that is clustered by key. */
  private static List<String> byKey(TableSettings settings) {
    List<String> columns = new ArrayList<>();
    for (int index : settings.table().key()) {
      if (columns.size() < MOST_CLUSTER_COLUMNS
          && Set.<Object>copyOf(BigQueryTypes.KEYS)
              .contains(settings.table().schema().type(index))) {
        columns.add(settings.table().schema().name(index));
      }
    }
    return columns;
  }
}
