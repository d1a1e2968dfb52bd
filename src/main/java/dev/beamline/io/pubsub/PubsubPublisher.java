package dev.beamline.io.pubsub;

import com.google.protobuf.ByteString;
import com.google.pubsub.v1.PubsubMessage;
import dev.beamline.io.TextPublisher;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubClient;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubClient.OutgoingMessage;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubClient.TopicPath;
import org.apache.beam.sdk.options.PipelineOptions;

/** Publishes texts from this process, some together. One thread uses it. */
public final class PubsubPublisher implements TextPublisher {

  private static final int MOST_MESSAGES = 500;
  private static final int MOST_BYTES = 1 << 20;

  private final PubsubClient client;
  private final TopicPath topic;
  private final List<OutgoingMessage> waiting = new ArrayList<>();
  private int bytes;

  /**
   * A publisher.
   *
   * @param topic {@code projects/P/topics/T}
   * @throws IOException where there is no such topic, or the service does not answer
   */
  public PubsubPublisher(PipelineOptions options, String topic) throws IOException {
    this.client = PubsubClients.of(options);
    this.topic = PubsubClient.topicPathFromPath(topic);
    if (!client.isTopicExists(this.topic)) {
      throw new IOException("there is no topic " + topic);
    }
  }

  /** Sends a text with the next ones, or at {@link #flush}. */
  @Override
  public void publish(String text) throws IOException {
    ByteString payload = ByteString.copyFrom(text, StandardCharsets.UTF_8);
    PubsubMessage message = PubsubMessage.newBuilder().setData(payload).build();
    waiting.add(OutgoingMessage.of(message, System.currentTimeMillis(), null, null));
    bytes += payload.size();
    if (waiting.size() >= MOST_MESSAGES || bytes >= MOST_BYTES) {
      flush();
    }
  }

  /** Sends what waits. */
  @Override
  public void flush() throws IOException {
    if (!waiting.isEmpty()) {
      client.publish(topic, waiting);
      waiting.clear();
      bytes = 0;
    }
  }

  @Override
  public void close() throws IOException {
    flush();
    client.close();
  }
}
