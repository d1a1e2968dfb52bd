package dev.beamline.deploy.dataflow;

import com.google.api.client.http.HttpBackOffUnsuccessfulResponseHandler;
import com.google.api.client.http.HttpRequestInitializer;
import com.google.api.client.util.ExponentialBackOff;
import com.google.api.services.dataflow.Dataflow;
import com.google.api.services.storage.Storage;
import com.google.auth.Credentials;
import com.google.auth.http.HttpCredentialsAdapter;
import java.net.URI;
import org.apache.beam.runners.dataflow.options.DataflowPipelineDebugOptions;
import org.apache.beam.sdk.extensions.gcp.options.GcpOptions;
import org.apache.beam.sdk.extensions.gcp.options.GcsOptions;
import org.apache.beam.sdk.extensions.gcp.util.Transport;
import org.jspecify.annotations.Nullable;

/**
 * Clients for a person who waits: Beam's own try again for minutes where nothing answers, which is
 * right for workers only.
 */
final class CloudClients {

  private static final String NAME = "beamline";
  private static final int CONNECT_MILLIS = 10_000;
  private static final int READ_MILLIS = 60_000;
  private static final int LONGEST_RETRY_MILLIS = 15_000;

  private CloudClients() {}

  static Dataflow dataflow(GcpOptions options) {
    DataflowPipelineDebugOptions endpoints = options.as(DataflowPipelineDebugOptions.class);
    Dataflow.Builder builder =
        new Dataflow.Builder(
                Transport.getTransport(), Transport.getJsonFactory(), initializer(options))
            .setApplicationName(NAME);
    String endpoint = endpoints.getDataflowEndpoint();
    return endpoint.contains("://")
        ? builder.setRootUrl(root(endpoint)).setServicePath(path(endpoint)).build()
        : builder.setRootUrl(endpoints.getApiRootUrl()).setServicePath(endpoint).build();
  }

  static Storage storage(GcsOptions options) {
    Storage.Builder builder =
        new Storage.Builder(
                Transport.getTransport(),
                Transport.getJsonFactory(),
                initializer(options.as(GcpOptions.class)))
            .setApplicationName(NAME);
    String endpoint = options.getGcsEndpoint();
    return endpoint == null
        ? builder.build()
        : builder.setRootUrl(root(endpoint)).setServicePath(path(endpoint)).build();
  }

  private static HttpRequestInitializer initializer(GcpOptions options) {
    @Nullable Credentials credentials = options.getGcpCredential();
    @Nullable HttpRequestInitializer signed =
        credentials == null ? null : new HttpCredentialsAdapter(credentials);
    return request -> {
      if (signed != null) {
        signed.initialize(request);
      }
      request.setConnectTimeout(CONNECT_MILLIS).setReadTimeout(READ_MILLIS);
      if (signed == null) {
        request.setUnsuccessfulResponseHandler(
            new HttpBackOffUnsuccessfulResponseHandler(
                new ExponentialBackOff.Builder()
                    .setMaxElapsedTimeMillis(LONGEST_RETRY_MILLIS)
                    .build()));
      }
    };
  }

  private static String root(String endpoint) {
    URI uri = URI.create(endpoint);
    return uri.getScheme() + "://" + uri.getAuthority() + "/";
  }

  private static String path(String endpoint) {
    String path = URI.create(endpoint).getPath().replaceAll("^/+|/+$", "");
    return path.isEmpty() ? "" : path + "/";
  }
}
