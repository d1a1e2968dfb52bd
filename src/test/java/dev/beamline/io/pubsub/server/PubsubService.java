package dev.beamline.io.pubsub.server;

import com.google.protobuf.ByteString;
import com.google.pubsub.v1.PubsubMessage;
import dev.beamline.io.pubsub.PubsubClients;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubClient;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubClient.OutgoingMessage;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/** A Pub/Sub that tests can reach. */
public interface PubsubService extends AutoCloseable {

  /** The value of Beam's option pubsubRootUrl. */
  String rootUrl();

  /** A client of it as Beam's are. */
  default PubsubClient connect() throws IOException {
    return PubsubClients.of(options());
  }

  /** What pipelines and clients are told of it. */
  default PipelineOptions options() {
    return PipelineOptionsFactory.fromArgs(
            "--pubsubRootUrl=" + rootUrl(),
            "--credentialFactoryClass="
                + "org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory")
        .create();
  }

  /** Publishes one message to a topic, {@code projects/P/topics/T}. */
  static void publish(
      PubsubClient client, String topic, byte[] payload, Map<String, String> attributes)
      throws IOException {
    PubsubMessage message =
        PubsubMessage.newBuilder()
            .setData(ByteString.copyFrom(payload))
            .putAllAttributes(attributes)
            .build();
    client.publish(
        PubsubClient.topicPathFromPath(topic),
        List.of(OutgoingMessage.of(message, System.currentTimeMillis(), null, null)));
  }

  @Override
  void close() throws IOException;
}
