package dev.beamline.io.pubsub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.pubsub.v1.PubsubMessage;
import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.io.format.FileFormat;
import dev.beamline.io.pubsub.server.LocalPubsub;
import dev.beamline.io.record.DecodedRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.io.UnboundedSource.UnboundedReader;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubClient;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubClient.OutgoingMessage;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.util.CoderUtils;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;

/** What a reader says of its messages' times, and what the next one knows of them. */
final class PubsubReaderTest {

  private static final String TOPIC = "projects/demo-proj/topics/scores";
  private static final String SUBSCRIPTION = "projects/demo-proj/subscriptions/scores-beamline";
  private static final Schema COLUMNS =
      new Schema(List.of(new Column("event_time", ScalarType.TIMESTAMP, true, null)));
  private static final PubsubStream STREAM =
      new PubsubStream(
          new PubsubSettings(
              "scores",
              null,
              SUBSCRIPTION,
              FileFormat.JSON,
              COLUMNS,
              Map.of(),
              null,
              Duration.ofSeconds(30),
              null),
          COLUMNS,
          0);

  @Test
  void aReaderThatGoesOnIsNotBehindTheOneBefore() throws Exception {
    try (LocalPubsub pubsub = LocalPubsub.start()) {
      PipelineOptions options =
          PipelineOptionsFactory.fromArgs(
                  "--pubsubRootUrl=" + pubsub.rootUrl(),
                  "--credentialFactoryClass="
                      + "org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory")
              .create();
      try (PubsubClient client = PubsubClients.of(options)) {
        client.createTopic(PubsubClient.topicPathFromPath(TOPIC));
        client.createSubscription(
            PubsubClient.topicPathFromPath(TOPIC),
            PubsubClient.subscriptionPathFromPath(SUBSCRIPTION),
            60);

        publish(client, "2026-01-01T01:10:00Z");
        byte[] state;
        try (UnboundedReader<DecodedRecord> first = STREAM.createReader(options, null)) {
          assertTrue(first.start());
          assertEquals(Instant.parse("2026-01-01T01:10:00Z"), first.getCurrentTimestamp());
          assertEquals(Instant.parse("2026-01-01T01:09:30Z"), first.getWatermark());
          state =
              CoderUtils.encodeToByteArray(
                  STREAM.getCheckpointMarkCoder(), (PubsubMark) first.getCheckpointMark());
        }
        PubsubMark mark = CoderUtils.decodeFromByteArray(STREAM.getCheckpointMarkCoder(), state);

        publish(client, "2026-01-01T00:30:00Z");
        try (UnboundedReader<DecodedRecord> next = STREAM.createReader(options, mark)) {
          assertEquals(Instant.parse("2026-01-01T01:09:30Z"), next.getWatermark());
          assertTrue(next.start());
          // It is late, and the runner waits for it all the same.
          assertEquals(Instant.parse("2026-01-01T01:09:30Z"), next.getCurrentTimestamp());
          assertFalse(next.advance(), "what the first had read was acknowledged");
        }
      }
    }
  }

  private static void publish(PubsubClient client, String eventTime) throws Exception {
    PubsubMessage message =
        PubsubMessage.newBuilder()
            .setData(
                ByteString.copyFrom(
                    "{\"event_time\":\"" + eventTime + "\"}", StandardCharsets.UTF_8))
            .build();
    client.publish(
        PubsubClient.topicPathFromPath(TOPIC),
        List.of(OutgoingMessage.of(message, System.currentTimeMillis(), null, null)));
  }
}
