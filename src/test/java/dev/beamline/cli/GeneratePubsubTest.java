package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.io.pubsub.server.LocalPubsub;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events of the game go to Pub/Sub. */
final class GeneratePubsubTest {

  @TempDir private Path folder;

  @Test
  void publishesEachEventAtTheRate() throws Exception {
    try (LocalPubsub pubsub = LocalPubsub.start();
        PubsubClient client = pubsub.connect()) {
      client.createTopic(PubsubClient.topicPathFromPath("projects/demo-proj/topics/events"));
      client.createSubscription(
          PubsubClient.topicPathFromPath("projects/demo-proj/topics/events"),
          PubsubClient.subscriptionPathFromPath("projects/demo-proj/subscriptions/mine"),
          60);
      Files.writeString(
          folder.resolve("pipelines.yaml"),
          """
          version: 1
          sources:
            events: {type: pubsub, topic: events, columns: {a: STRING}}
          pipelines:
            live: {mode: streaming, queries: ["*"]}
          targets:
            cloud: {runner: direct, options: {project: demo-proj, pubsubRootUrl: "%s"}}
          """
              .formatted(pubsub.rootUrl()));
      long began = System.nanoTime();
      CommandRun run =
          CommandRun.of(
              "generate",
              "-C",
              folder.toString(),
              "--target",
              "cloud",
              "--to",
              "pubsub:events",
              "--events",
              "300",
              "--rate",
              "300");
      assertEquals(0, run.code(), run.err());
      assertTrue(System.nanoTime() - began > 700_000_000L, "it took no second");
      long published = Long.parseLong(run.err().replaceFirst("(?s).*?(\\d+) events.*", "$1"));
      int pulled =
          client
              .pull(
                  0,
                  PubsubClient.subscriptionPathFromPath("projects/demo-proj/subscriptions/mine"),
                  1000,
                  true)
              .size();
      assertEquals(published, pulled);

      CommandRun missing =
          CommandRun.of(
              "generate", "-C", folder.toString(), "--target", "cloud", "--to", "pubsub:nobody");
      assertTrue(missing.code() != 0);
      assertTrue(missing.err().contains("there is no topic"), missing.err());
      assertEquals(2, CommandRun.of("generate", "--to", "elsewhere").code());
    }
  }
}
