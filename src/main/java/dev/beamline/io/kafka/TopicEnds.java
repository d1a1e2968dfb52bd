package dev.beamline.io.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Whether silent partitions are read to their end, as their brokers say. What a consumer knows
 * itself is from its last answer: of a partition whose broker cannot be reached, or where the
 * reader itself stood still for long, it still says that nothing is left. Event time that went on
 * by that would make late what is there.
 */
final class TopicEnds {

  /** For how long an answer counts, and how often to ask. */
  static final long ASK_NANOS = 1_000_000_000L;

  /** Short, since the reader waits for it. */
  private static final Duration PATIENCE = Duration.ofMillis(500);

  private final Consumer<byte[], byte[]> consumer;
  private final Map<TopicPartition, Long> confirmed = new HashMap<>();
  private long asked = Long.MIN_VALUE;

  TopicEnds(Consumer<byte[], byte[]> consumer) {
    this.consumer = consumer;
  }

  /**
   * Those that are at their end.
   *
   * @param next the offset that is read next, of each that is to be known
   * @param now nanoseconds of the process
   */
  List<TopicPartition> reached(Map<TopicPartition, Long> next, long now) {
    confirmed.keySet().retainAll(next.keySet());
    boolean due = asked == Long.MIN_VALUE || now - asked >= ASK_NANOS;
    if (due && !next.isEmpty()) {
      asked = now;
      ask(next, now);
    }
    return confirmed.entrySet().stream()
        .filter(entry -> now - entry.getValue() <= 2 * ASK_NANOS)
        .map(Map.Entry::getKey)
        .toList();
  }

  private void ask(Map<TopicPartition, Long> next, long now) {
    try {
      consumer
          .endOffsets(next.keySet(), PATIENCE)
          .forEach(
              (partition, end) -> {
                if (end <= next.getOrDefault(partition, -1L)) {
                  confirmed.put(partition, now);
                } else {
                  confirmed.remove(partition);
                }
              });
    } catch (TimeoutException e) {
      // Nobody knows; they are waited for until somebody does.
      System.getLogger(TopicEnds.class.getName())
          .log(System.Logger.Level.DEBUG, "the ends of " + next.keySet(), e);
    }
  }
}
