package dev.beamline.io.pubsub;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubClient;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubClient.SubscriptionPath;

/**
 * The messages that a reader has and that are not acknowledged yet. Their time to do so is extended
 * now and then; a process that dies lets it run out, and the messages come again.
 */
final class Leases {

  /** At most so many in one request. */
  private static final int BATCH = 1000;

  private final PubsubClient client;
  private final SubscriptionPath subscription;
  private final int seconds;
  private final Set<String> held = ConcurrentHashMap.newKeySet();
  private volatile long extended = System.nanoTime();

  Leases(PubsubClient client, SubscriptionPath subscription, int seconds) {
    this.client = client;
    this.subscription = subscription;
    this.seconds = seconds;
  }

  void add(String ackId) {
    held.add(ackId);
  }

  /** After so long without an answer the service sends messages again. Nanoseconds. */
  long nanos() {
    return seconds * 1_000_000_000L;
  }

  /** Extends all, where a third of the time is over. */
  void keep() throws IOException {
    if (System.nanoTime() - extended < nanos() / 3) {
      return;
    }
    extended = System.nanoTime();
    for (List<String> some : batches(held)) {
      client.modifyAckDeadline(subscription, some, seconds);
    }
  }

  /** The messages are dealt with for good. */
  void acknowledge(Collection<String> ackIds) throws IOException {
    for (List<String> some : batches(ackIds)) {
      client.acknowledge(subscription, some);
      some.forEach(held::remove);
    }
  }

  /** Others may have them now. */
  void giveBack(Collection<String> ackIds) throws IOException {
    for (List<String> some : batches(ackIds)) {
      client.modifyAckDeadline(subscription, some, 0);
      some.forEach(held::remove);
    }
  }

  private static List<List<String>> batches(Collection<String> ackIds) {
    List<String> all = List.copyOf(ackIds);
    List<List<String>> batches = new ArrayList<>();
    for (int from = 0; from < all.size(); from += BATCH) {
      batches.add(all.subList(from, Math.min(all.size(), from + BATCH)));
    }
    return batches;
  }
}
