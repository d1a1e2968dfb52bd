package dev.beamline.io.pubsub;

import com.google.api.client.http.GenericUrl;
import dev.beamline.io.ServiceException;
import java.io.IOException;
import org.apache.beam.sdk.extensions.gcp.util.Transport;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubClient;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubJsonClient;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubOptions;
import org.apache.beam.sdk.options.PipelineOptions;

/** Clients of Pub/Sub, with the address and credentials of pipeline options. */
public final class PubsubClients {

  private static final int PATIENCE_MILLIS = 5_000;

  private PubsubClients() {}

  /**
   * Tries whether the service is there. Its clients try for many minutes, and so does a run.
   *
   * @throws ServiceException where nobody answers, or one who is not trusted
   */
  static void reach(PipelineOptions options) throws ServiceException {
    String root = options.as(PubsubOptions.class).getPubsubRootUrl();
    String url = root == null || root.isEmpty() ? "https://pubsub.googleapis.com" : root;
    try {
      Transport.getTransport()
          .createRequestFactory()
          .buildGetRequest(new GenericUrl(url))
          .setConnectTimeout(PATIENCE_MILLIS)
          .setReadTimeout(PATIENCE_MILLIS)
          .setThrowExceptionOnExecuteError(false)
          .execute()
          .disconnect();
    } catch (IOException e) {
      if (ServiceException.isUnreachable(e)) {
        throw ServiceException.unreachable("Pub/Sub at " + url, e);
      }
      // It is there, whatever it thinks of the question.
    }
  }

  /** A client that leaves event times and ids to us: a message without them is no fault. */
  public static PubsubClient of(PipelineOptions options) throws IOException {
    PubsubOptions pubsub = options.as(PubsubOptions.class);
    return PubsubJsonClient.FACTORY.newClient(null, null, pubsub);
  }
}
