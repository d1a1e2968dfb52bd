package dev.beamline.io.bigquery;

import com.google.api.client.http.HttpRequestInitializer;
import com.google.api.services.bigquery.Bigquery;
import com.google.auth.Credentials;
import com.google.auth.http.HttpCredentialsAdapter;
import java.util.List;
import org.apache.beam.sdk.extensions.gcp.options.GcpOptions;
import org.apache.beam.sdk.extensions.gcp.util.RetryHttpRequestInitializer;
import org.apache.beam.sdk.extensions.gcp.util.Transport;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryOptions;
import org.apache.beam.sdk.options.PipelineOptions;
import org.jspecify.annotations.Nullable;

/** Clients of BigQuery's REST, with the endpoint and credentials of pipeline options. */
public final class BigQueryClients {

  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;

  private BigQueryClients() {}

  public static Bigquery rest(PipelineOptions options) {
    RetryHttpRequestInitializer retries =
        new RetryHttpRequestInitializer(List.of(NOT_FOUND, CONFLICT));
    @Nullable Credentials credentials = options.as(GcpOptions.class).getGcpCredential();
    HttpRequestInitializer initializer =
        credentials == null
            ? retries
            : request -> {
              new HttpCredentialsAdapter(credentials).initialize(request);
              retries.initialize(request);
            };
    Bigquery.Builder builder =
        new Bigquery.Builder(Transport.getTransport(), Transport.getJsonFactory(), initializer)
            .setApplicationName("beamline");
    @Nullable String endpoint = options.as(BigQueryOptions.class).getBigQueryEndpoint();
    if (endpoint != null && !endpoint.isEmpty()) {
      builder.setRootUrl(endpoint.endsWith("/") ? endpoint : endpoint + "/");
    }
    return builder.build();
  }
}
