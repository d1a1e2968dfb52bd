package dev.beamline.io.bigquery;

import com.google.api.client.http.HttpBackOffIOExceptionHandler;
import com.google.api.client.http.HttpBackOffUnsuccessfulResponseHandler;
import com.google.api.client.http.HttpRequestInitializer;
import com.google.api.client.http.HttpUnsuccessfulResponseHandler;
import com.google.api.client.util.BackOff;
import com.google.api.client.util.ExponentialBackOff;
import com.google.api.services.bigquery.Bigquery;
import com.google.auth.Credentials;
import com.google.auth.http.HttpCredentialsAdapter;
import org.apache.beam.sdk.extensions.gcp.options.GcpOptions;
import org.apache.beam.sdk.extensions.gcp.util.Transport;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryOptions;
import org.apache.beam.sdk.options.PipelineOptions;
import org.jspecify.annotations.Nullable;

/** Clients of BigQuery's REST, with the endpoint and credentials of pipeline options. */
public final class BigQueryClients {

  private static final int CONNECT_MILLIS = 5_000;
  private static final int READ_MILLIS = 60_000;

  /** A person waits for these calls. */
  private static final int MOST_RETRY_MILLIS = 15_000;

  /** Where nobody answers at all, as without a network. */
  private static final int MOST_CONNECT_MILLIS = 2_000;

  private BigQueryClients() {}

  public static Bigquery rest(PipelineOptions options) {
    @Nullable Credentials credentials = options.as(GcpOptions.class).getGcpCredential();
    HttpRequestInitializer initializer =
        request -> {
          if (credentials != null) {
            new HttpCredentialsAdapter(credentials).initialize(request);
          }
          request.setConnectTimeout(CONNECT_MILLIS).setReadTimeout(READ_MILLIS);
          request.setIOExceptionHandler(
              new HttpBackOffIOExceptionHandler(backOff(MOST_CONNECT_MILLIS)));
          HttpUnsuccessfulResponseHandler known = request.getUnsuccessfulResponseHandler();
          HttpUnsuccessfulResponseHandler again =
              new HttpBackOffUnsuccessfulResponseHandler(backOff(MOST_RETRY_MILLIS));
          request.setUnsuccessfulResponseHandler(
              (asked, response, retries) ->
                  (known != null && known.handleResponse(asked, response, retries))
                      || again.handleResponse(asked, response, retries));
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

  private static BackOff backOff(int mostMillis) {
    return new ExponentialBackOff.Builder().setMaxElapsedTimeMillis(mostMillis).build();
  }
}
