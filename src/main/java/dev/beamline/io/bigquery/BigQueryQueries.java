package dev.beamline.io.bigquery;

import com.google.api.client.googleapis.json.GoogleJsonResponseException;
import com.google.api.services.bigquery.Bigquery;
import com.google.api.services.bigquery.model.DataFormatOptions;
import com.google.api.services.bigquery.model.ErrorProto;
import com.google.api.services.bigquery.model.GetQueryResultsResponse;
import com.google.api.services.bigquery.model.Job;
import com.google.api.services.bigquery.model.JobConfiguration;
import com.google.api.services.bigquery.model.JobConfigurationQuery;
import com.google.api.services.bigquery.model.JobReference;
import com.google.api.services.bigquery.model.QueryRequest;
import com.google.api.services.bigquery.model.QueryResponse;
import com.google.api.services.bigquery.model.TableRow;
import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Queries and scripts that BigQuery itself runs. */
public final class BigQueryQueries {

  private static final long PAGE = 10_000;
  private static final long WAIT_MILLIS = 10_000;
  private static final Duration POLL = Duration.ofMillis(500);
  private static final int CONFLICT = 409;

  private final Bigquery client;
  private final String project;

  /**
   * @param project that the queries are billed to
   */
  public BigQueryQueries(Bigquery client, String project) {
    this.client = client;
    this.project = project;
  }

  /** All rows of a query's result. */
  public List<Tuple> rows(String sql, Schema schema) throws IOException {
    List<Tuple> rows = new ArrayList<>();
    forEach(sql, schema, rows::add);
    return rows;
  }

  /**
   * Rows of a query's result, one after the other.
   *
   * @param schema of the result, in its order
   * @throws IOException where BigQuery refuses the query, with its words
   */
  public void forEach(String sql, Schema schema, Consumer<Tuple> each) throws IOException {
    QueryResponse first =
        client
            .jobs()
            .query(
                project,
                new QueryRequest()
                    .setQuery(sql)
                    .setUseLegacySql(false)
                    .setTimeoutMs(WAIT_MILLIS)
                    .setMaxResults(PAGE)
                    .setFormatOptions(new DataFormatOptions().setUseInt64Timestamp(true)))
            .execute();
    boolean complete = Boolean.TRUE.equals(first.getJobComplete());
    if (complete) {
      give(first.getRows(), schema, each);
    }
    String page = first.getPageToken();
    JobReference job = first.getJobReference();
    while (!complete || page != null) {
      GetQueryResultsResponse next =
          client
              .jobs()
              .getQueryResults(project, job.getJobId())
              .setLocation(job.getLocation())
              .setTimeoutMs(WAIT_MILLIS)
              .setMaxResults(PAGE)
              .setPageToken(page)
              .setFormatOptionsUseInt64Timestamp(true)
              .execute();
      complete = Boolean.TRUE.equals(next.getJobComplete());
      if (complete) {
        give(next.getRows(), schema, each);
        page = next.getPageToken();
      }
    }
  }

  private static void give(@Nullable List<TableRow> rows, Schema schema, Consumer<Tuple> each)
      throws IOException {
    if (rows != null) {
      for (TableRow row : rows) {
        each.accept(QueryValues.row(schema.columns(), row));
      }
    }
  }

  /** The bytes that a query would read, which BigQuery bills. */
  public long bytes(String sql) throws IOException {
    QueryResponse told =
        client
            .jobs()
            .query(project, new QueryRequest().setQuery(sql).setUseLegacySql(false).setDryRun(true))
            .execute();
    return told.getTotalBytesProcessed() == null ? 0 : told.getTotalBytesProcessed();
  }

  /**
   * Runs statements, and waits until they are done.
   *
   * @param name of the job, another for each; where it was begun before, it is not begun again
   * @throws IOException where one fails; statements in a transaction have changed nothing then
   */
  public void script(String sql, String name) throws IOException, InterruptedException {
    @Nullable Job job = begin(sql, name);
    while (job == null || !"DONE".equals(job.getStatus().getState())) {
      if (job != null) {
        Thread.sleep(POLL.toMillis());
      }
      Bigquery.Jobs.Get get = client.jobs().get(project, name);
      if (job != null) {
        get.setLocation(job.getJobReference().getLocation());
      }
      job = get.execute();
    }
    ErrorProto error = job.getStatus().getErrorResult();
    if (error != null) {
      throw new IOException("BigQuery refused: " + error.getMessage());
    }
  }

  /** Begins the job; null: it was there already. */
  private @Nullable Job begin(String sql, String name) throws IOException {
    Job wanted =
        new Job()
            .setJobReference(new JobReference().setProjectId(project).setJobId(name))
            .setConfiguration(
                new JobConfiguration()
                    .setQuery(new JobConfigurationQuery().setQuery(sql).setUseLegacySql(false)));
    try {
      return client.jobs().insert(project, wanted).execute();
    } catch (GoogleJsonResponseException e) {
      if (e.getStatusCode() == CONFLICT) {
        return null;
      }
      throw e;
    }
  }
}
