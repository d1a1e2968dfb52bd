package dev.beamline.io.bigquery;

import com.google.api.client.googleapis.json.GoogleJsonResponseException;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.diagnostic.Diagnostic;
import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.InvalidProjectException;
import dev.beamline.diagnostic.Place;
import dev.beamline.diagnostic.Problems;
import dev.beamline.io.SinkProvider;
import dev.beamline.transform.Change;
import dev.beamline.transform.ErrorRecord;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryOptions;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;

/** Writes a query's changes into a table of BigQuery, which is made before the first row. */
public final class BigQuerySink implements SinkProvider {

  private static final int MOST_KEY_COLUMNS = 16;

  private final TableSettings settings;
  private final WriteMethod method;
  private final PipelineOptions options;
  private final Place place;
  private final @Nullable LatestView view;
  private final Consumer<PCollection<ErrorRecord>> refused;

  /**
   * A sink.
   *
   * @param options the endpoint and credentials, and where files for loads go
   * @param place of the sink, for messages
   * @param view null: none
   * @param refused takes the rows that BigQuery refuses, with the reason
   */
  public BigQuerySink(
      TableSettings settings,
      WriteMethod method,
      PipelineOptions options,
      Place place,
      @Nullable LatestView view,
      Consumer<PCollection<ErrorRecord>> refused) {
    this.settings = settings;
    this.method = method;
    this.options = options;
    this.place = place;
    this.view = view;
    this.refused = refused;
  }

  @Override
  public String name() {
    return settings.table().name();
  }

  @Override
  public void check(Problems problems) {
    List<Integer> key = settings.table().key();
    for (int index : key) {
      Column column = settings.table().schema().column(index);
      if (!(column.type() instanceof ScalarType type && BigQueryTypes.KEYS.contains(type))) {
        problems.add(
            Diagnostic.error(
                DiagnosticCode.SINK_SCHEMA,
                place,
                "the key of "
                    + settings.id()
                    + " has the column \""
                    + column.name()
                    + "\", which is "
                    + column.type().sql()
                    + ": no primary key of BigQuery can hold that",
                "CAST it to STRING in the query, or use write: append"));
      }
    }
    if (key.size() > MOST_KEY_COLUMNS) {
      problems.add(
          Diagnostic.error(
              DiagnosticCode.SINK_SCHEMA,
              place,
              "the key of "
                  + settings.id()
                  + " has "
                  + key.size()
                  + " columns; a primary key of BigQuery has at most 16",
              "use write: append"));
    }
  }

  /** What {@link #prepare} would do to the table. */
  public TableChange change() throws IOException {
    return new BigQueryTables(BigQueryClients.rest(options)).plan(settings);
  }

  @Override
  public void prepare() throws IOException {
    BigQueryTables tables = new BigQueryTables(BigQueryClients.rest(options));
    TableChange change = tables.plan(settings);
    String endpoint = options.as(BigQueryOptions.class).getBigQueryEndpoint();
    if (endpoint != null && !endpoint.isEmpty() && method != WriteMethod.FILE_LOADS) {
      // Google's own would have failed just now.
      Unreachable.tryTls("BigQuery's Storage Write", endpoint);
    }
    if (!change.refusals().isEmpty()) {
      List<Diagnostic> diagnostics = new ArrayList<>();
      for (TableRefusal refusal : change.refusals()) {
        diagnostics.add(
            Diagnostic.error(
                DiagnosticCode.SINK_SCHEMA,
                place,
                refusal.message(),
                "to go on run: " + refusal.statement()));
      }
      throw new InvalidProjectException(diagnostics);
    }
    try {
      tables.apply(change);
    } catch (GoogleJsonResponseException e) {
      // A table that is not there is made; so what is missing is what it would be made in.
      if (e.getStatusCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        throw new InvalidProjectException(noDataset());
      }
      throw e;
    }
    if (view != null) {
      tables.view(
          LatestView.of(settings.id()),
          view.query(settings.id(), settings.table().schema()),
          "The newest pane of each key of " + settings.id().table() + ".");
    }
  }

  private Diagnostic noDataset() {
    TableId id = settings.id();
    return Diagnostic.error(
        DiagnosticCode.SINK_SCHEMA,
        place,
        "there is no dataset " + id.project() + "." + id.dataset() + " for table " + id.table(),
        "make it first: bq mk --dataset " + id.project() + ":" + id.dataset());
  }

  @Override
  public void write(PCollection<Change> changes) {
    refused.accept(changes.apply("BigQuery", new WriteChanges(settings, method)));
  }

  @Override
  public void complete() {
    // Rows are visible as they are committed.
  }

  @Override
  public void abandon() {
    // What was committed stays: a table of BigQuery has readers at any time.
  }
}
