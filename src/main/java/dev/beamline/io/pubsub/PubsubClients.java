package dev.beamline.io.pubsub;

import java.io.IOException;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubClient;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubJsonClient;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubOptions;
import org.apache.beam.sdk.options.PipelineOptions;

/** Clients of Pub/Sub, with the address and credentials of pipeline options. */
public final class PubsubClients {

  private PubsubClients() {}

  /** A client that leaves event times and ids to us: a message without them is no fault. */
  public static PubsubClient of(PipelineOptions options) throws IOException {
    PubsubOptions pubsub = options.as(PubsubOptions.class);
    return PubsubJsonClient.FACTORY.newClient(null, null, pubsub);
  }
}
