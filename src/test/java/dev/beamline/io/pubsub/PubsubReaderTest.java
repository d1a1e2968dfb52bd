package dev.beamline.io.pubsub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.catalog.Column;
import dev.beamline.catalog.ScalarType;
import dev.beamline.catalog.Schema;
import dev.beamline.io.ServiceException;
import dev.beamline.io.format.FileFormat;
import dev.beamline.io.pubsub.server.LocalPubsub;
import dev.beamline.io.pubsub.server.PubsubService;
import dev.beamline.io.record.DecodedRecord;
import dev.beamline.io.stream.CurrentSources;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.io.UnboundedSource.UnboundedReader;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubClient;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.util.CoderUtils;
import org.joda.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
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

  private LocalPubsub pubsub;
  private PubsubClient client;
  private long clock;

  @BeforeEach
  void start() throws Exception {
    pubsub = LocalPubsub.start();
    client = pubsub.connect();
    client.createTopic(PubsubClient.topicPathFromPath(TOPIC));
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    pubsub.close();
  }

  @Test
  void aReaderThatGoesOnIsNotBehindTheOneBefore() throws Exception {
    subscribe(60);
    publish("2026-01-01T01:10:00Z");
    byte[] state;
    try (PubsubReader first = reader(null)) {
      assertTrue(first.start());
      assertEquals(Instant.parse("2026-01-01T01:10:00Z"), first.getCurrentTimestamp());
      pass(61);
      assertFalse(first.advance());
      assertEquals(Instant.parse("2026-01-01T01:09:30Z"), first.getWatermark());
      state =
          CoderUtils.encodeToByteArray(
              STREAM.getCheckpointMarkCoder(), (PubsubMark) first.getCheckpointMark());
    }
    PubsubMark mark = CoderUtils.decodeFromByteArray(STREAM.getCheckpointMarkCoder(), state);

    publish("2026-01-01T00:30:00Z");
    try (PubsubReader next = reader(mark)) {
      assertEquals(Instant.parse("2026-01-01T01:09:30Z"), next.getWatermark());
      assertTrue(next.start());
      // It is late, and the runner waits for it all the same.
      assertEquals(Instant.parse("2026-01-01T01:09:30Z"), next.getCurrentTimestamp());
      assertFalse(next.advance(), "what the first had read was acknowledged");
    }
  }

  @Test
  void theWatermarkWaitsForWhatAnotherReaderHeldWhenItDied() throws Exception {
    subscribe(1);
    publish("2026-01-01T00:30:00Z");
    try (PubsubReader dead = reader(null)) {
      assertTrue(dead.start());
      publish("2026-01-01T05:00:00Z");

      try (PubsubReader next = reader(null)) {
        assertTrue(next.start());
        assertEquals(Instant.parse("2026-01-01T05:00:00Z"), next.getCurrentTimestamp());
        pass(1);
        assertFalse(next.advance(), "the other is with the dead");
        assertEquals(BoundedWindow.TIMESTAMP_MIN_VALUE, next.getWatermark());

        // The service's clock is the real one.
        Thread.sleep(1100);
        pass(11);
        Set<Instant> again = new HashSet<>();
        while (next.advance()) {
          again.add(next.getCurrentTimestamp());
          assertEquals(BoundedWindow.TIMESTAMP_MIN_VALUE, next.getWatermark());
        }
        pass(1);
        assertFalse(next.advance());
        assertTrue(again.contains(Instant.parse("2026-01-01T00:30:00Z")), again::toString);
        assertEquals(Instant.parse("2026-01-01T04:59:30Z"), next.getWatermark());
      }
    }
  }

  /** Flink's runner sends the watermark on only where no message comes for a moment. */
  @Test
  void messagesGatherForAMomentAfterAPullThatBroughtAll() throws Exception {
    subscribe(60);
    publish("2026-01-01T05:00:00Z");
    try (PubsubReader reader = reader(null)) {
      assertTrue(reader.start());
      publish("2026-01-01T05:00:01Z");
      assertFalse(reader.advance());
      clock += 20_000_000L;
      assertTrue(reader.advance());
    }
  }

  @Test
  void nobodyHasHeldAnythingOfANewSubscription() throws Exception {
    subscribe(60);
    publish("2026-01-01T05:00:00Z");
    PubsubSettings settings =
        new PubsubSettings(
            "scores",
            TOPIC,
            null,
            FileFormat.JSON,
            COLUMNS,
            Map.of(),
            null,
            Duration.ofSeconds(30),
            null);
    PubsubStream made = new PubsubStream(settings.through(SUBSCRIPTION), COLUMNS, 0);
    try (PubsubReader reader = made.reader(pubsub.connect(), () -> clock, null)) {
      assertTrue(reader.start());
      assertEquals(Instant.parse("2026-01-01T04:59:30Z"), reader.getWatermark());
    }
  }

  @Test
  void whereMessagesNeverCeaseTheWatermarkWaitsForTwiceTheDeadline() throws Exception {
    subscribe(30);
    publish("2026-01-01T05:00:00Z");
    try (PubsubReader reader = reader(null)) {
      assertTrue(reader.start());
      pass(59);
      publish("2026-01-01T05:01:00Z");
      assertTrue(reader.advance());
      assertEquals(BoundedWindow.TIMESTAMP_MIN_VALUE, reader.getWatermark());
      pass(2);
      assertEquals(Instant.parse("2026-01-01T05:00:30Z"), reader.getWatermark());
    }
  }

  @Test
  void aRestoredStreamReadsWhatTheProjectReadsNow() throws Exception {
    subscribe(60);
    publish("2026-01-01T01:10:00Z");
    Schema more = Schema.of(COLUMNS.column(0), Column.of("extra", ScalarType.STRING));
    PubsubStream now =
        new PubsubStream(
            new PubsubSettings(
                "scores",
                null,
                SUBSCRIPTION,
                FileFormat.JSON,
                more,
                Map.of(),
                null,
                Duration.ofMinutes(5),
                null),
            more,
            0);
    PipelineOptions options = pubsub.options();
    CurrentSources.add(options, "scores", now);
    try (UnboundedReader<DecodedRecord> reader = STREAM.createReader(options, null)) {
      assertTrue(reader.start());
      assertEquals(2, reader.getCurrent().row().size());
    }
  }

  @Test
  void aServiceThatIsNotThereIsSaidBeforeTheRun() throws Exception {
    PubsubClients.reach(pubsub.options());
    PipelineOptions nobody =
        PipelineOptionsFactory.fromArgs("--pubsubRootUrl=http://127.0.0.1:9").create();
    ServiceException said = assertThrows(ServiceException.class, () -> PubsubClients.reach(nobody));
    assertTrue(
        said.getMessage().contains("Pub/Sub at http://127.0.0.1:9 cannot be reached"),
        said.getMessage());
  }

  private void pass(int seconds) {
    clock += seconds * 1_000_000_000L;
  }

  private PubsubReader reader(PubsubMark mark) throws Exception {
    return STREAM.reader(pubsub.connect(), () -> clock, mark);
  }

  private void subscribe(int deadlineSeconds) throws Exception {
    client.createSubscription(
        PubsubClient.topicPathFromPath(TOPIC),
        PubsubClient.subscriptionPathFromPath(SUBSCRIPTION),
        deadlineSeconds);
  }

  private void publish(String eventTime) throws Exception {
    byte[] payload = ("{\"event_time\":\"" + eventTime + "\"}").getBytes(StandardCharsets.UTF_8);
    PubsubService.publish(client, TOPIC, payload, Map.of());
  }
}
