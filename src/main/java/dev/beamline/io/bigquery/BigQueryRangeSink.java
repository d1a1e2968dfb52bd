package dev.beamline.io.bigquery;

import com.google.api.services.bigquery.model.Table;
import dev.beamline.catalog.Column;
import dev.beamline.diagnostic.Problems;
import dev.beamline.io.SinkProvider;
import dev.beamline.io.TableRange;
import dev.beamline.transform.Change;
import dev.beamline.transform.ErrorRecord;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.values.PCollection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces the rows of a range of a table of BigQuery. A table of panes gets the new rows in one
 * transaction: they are written apart first, so that readers never see half of them and a run that
 * fails changes nothing. A table with a key gets them as upserts, with the deletion of rows that
 * were not made; these count as older than what a stream writes while the backfill runs.
 */
public final class BigQueryRangeSink implements SinkProvider {

  private static final Logger LOG = LoggerFactory.getLogger(BigQueryRangeSink.class);

  /** What a run that died has left is gone after this. */
  private static final Duration STAGING = Duration.ofDays(1);

  private final BigQuerySink target;
  private final TableSettings settings;
  private final TableSettings apart;
  private final WriteMethod method;
  private final PipelineOptions options;
  private final TableRange range;
  private final String run;
  private final Consumer<PCollection<ErrorRecord>> refused;

  /**
   * @param target writes into the table itself
   * @param method for the rows that are written apart
   * @param run another for each run: letters, digits and _
   * @param refused takes the rows that BigQuery refuses, with the reason
   */
  public BigQueryRangeSink(
      BigQuerySink target,
      TableSettings settings,
      WriteMethod method,
      PipelineOptions options,
      TableRange range,
      String run,
      Consumer<PCollection<ErrorRecord>> refused) {
    this.target = target;
    this.settings = settings;
    TableId id = settings.id();
    this.apart = TableSettings.plain(id.beside(id.table() + "_backfill_" + run), settings.table());
    // A row that comes twice would be twice in the table.
    this.method = method == WriteMethod.AT_LEAST_ONCE ? WriteMethod.EXACTLY_ONCE : method;
    this.options = options;
    this.range = range;
    this.run = run;
    this.refused = refused;
  }

  @Override
  public String name() {
    return target.name();
  }

  @Override
  public void check(Problems problems) {
    target.check(problems);
  }

  @Override
  public void prepare() throws IOException {
    target.prepare();
    if (!settings.table().upserts()) {
      Table staging =
          BigQueryTables.resource(apart)
              .setDescription("Rows of a backfill of " + settings.id().table() + ".")
              .setExpirationTime(Instant.now().plus(STAGING).toEpochMilli());
      tables().make(apart.id(), staging);
    }
  }

  @Override
  public void write(PCollection<Change> changes) {
    if (settings.table().upserts()) {
      target.write(
          changes.apply(
              "Withdraw", new WithdrawOthers(settings.id(), settings.table(), range, options)));
    } else {
      refused.accept(changes.apply("BigQuery", new WriteChanges(apart, method)));
    }
  }

  @Override
  public void complete() throws IOException {
    if (settings.table().upserts()) {
      return;
    }
    try {
      new BigQueryQueries(BigQueryClients.rest(options), settings.id().project())
          .script(replace(), "beamline_backfill_" + run);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while BigQuery replaced rows of " + settings.id(), e);
    } catch (IOException e) {
      throw new IOException(
          "the rows of " + settings.id() + " were not replaced: " + e.getMessage(), e);
    } finally {
      drop();
    }
  }

  private String replace() {
    String columns =
        settings.table().schema().columns().stream()
            .map(Column::name)
            .map(name -> "`" + name + "`")
            .collect(Collectors.joining(", "));
    return "BEGIN TRANSACTION;\nDELETE FROM "
        + settings.id().quoted()
        + " WHERE "
        + RangeSql.condition(range)
        + ";\nINSERT INTO "
        + settings.id().quoted()
        + " ("
        + columns
        + ") SELECT "
        + columns
        + " FROM "
        + apart.id().quoted()
        + ";\nCOMMIT TRANSACTION;";
  }

  @Override
  public void abandon() {
    if (!settings.table().upserts()) {
      drop();
    }
  }

  /** It goes by itself, too, where this fails. */
  private void drop() {
    try {
      tables().delete(apart.id());
    } catch (IOException e) {
      LOG.warn("table {} is left for a day: {}", apart.id(), e.getMessage());
    }
  }

  private BigQueryTables tables() {
    return new BigQueryTables(BigQueryClients.rest(options));
  }
}
