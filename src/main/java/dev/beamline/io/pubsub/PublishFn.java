package dev.beamline.io.pubsub;

import com.google.protobuf.ByteString;
import dev.beamline.io.Backoff;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubClient;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubClient.OutgoingMessage;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubMessage;
import org.apache.beam.sdk.transforms.DoFn;
import org.jspecify.annotations.Nullable;

/**
 * Publishes a bundle's messages in the order in which they came, before the bundle counts as done.
 * (Beam's own step holds messages for up to two seconds and deals them out anew, so that a key's
 * messages may change places.)
 */
final class PublishFn extends DoFn<PubsubMessage, Void> {

  private static final long serialVersionUID = 1L;

  /** A request takes 1000 messages and 10 MB, as base64. */
  private static final int MOST_MESSAGES = 1000;

  private static final int MOST_BYTES = 5 << 20;

  private final String topic;
  private transient @Nullable List<OutgoingMessage> waiting;
  private transient @Nullable PubsubClient client;
  private transient long bytes;

  /**
   * Into a topic.
   *
   * @param topic {@code projects/P/topics/T}
   */
  PublishFn(String topic) {
    this.topic = topic;
  }

  @StartBundle
  public void startBundle(StartBundleContext context) throws IOException {
    waiting = new ArrayList<>();
    bytes = 0;
    if (client == null) {
      client = PubsubClients.of(context.getPipelineOptions());
    }
  }

  @ProcessElement
  public void process(@Element PubsubMessage message) throws IOException, InterruptedException {
    byte[] payload = message.getPayload();
    com.google.pubsub.v1.PubsubMessage.Builder outgoing =
        com.google.pubsub.v1.PubsubMessage.newBuilder().setData(ByteString.copyFrom(payload));
    if (message.getAttributeMap() != null) {
      outgoing.putAllAttributes(message.getAttributeMap());
    }
    if (message.getOrderingKey() != null) {
      outgoing.setOrderingKey(message.getOrderingKey());
    }
    List<OutgoingMessage> all = Objects.requireNonNull(waiting);
    if (!all.isEmpty() && bytes + payload.length > MOST_BYTES) {
      publish();
    }
    all.add(OutgoingMessage.of(outgoing.build(), System.currentTimeMillis(), null, null));
    bytes += payload.length;
    if (all.size() >= MOST_MESSAGES) {
      publish();
    }
  }

  @FinishBundle
  public void finishBundle() throws IOException, InterruptedException {
    publish();
  }

  private void publish() throws IOException, InterruptedException {
    List<OutgoingMessage> all = Objects.requireNonNull(waiting);
    if (all.isEmpty()) {
      return;
    }
    Backoff backoff = new Backoff();
    while (true) {
      try {
        Objects.requireNonNull(client).publish(PubsubClient.topicPathFromPath(topic), all);
        break;
      } catch (IOException e) {
        if (!backoff.again()) {
          throw new IOException("messages cannot be published to " + topic, e);
        }
      }
    }
    all.clear();
    bytes = 0;
  }

  @Teardown
  public void teardown() throws IOException {
    PubsubClient open = client;
    client = null;
    if (open != null) {
      open.close();
    }
  }
}
