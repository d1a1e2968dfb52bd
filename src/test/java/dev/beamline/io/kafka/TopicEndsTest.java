package dev.beamline.io.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

/** What is known of silent partitions, and for how long. */
final class TopicEndsTest {

  private static final TopicPartition ONE = new TopicPartition("t", 0);
  private static final TopicPartition TWO = new TopicPartition("t", 1);
  private static final long SECOND = 1_000_000_000L;

  private boolean answers = true;
  private final MockConsumer<byte[], byte[]> consumer =
      new MockConsumer<>(OffsetResetStrategy.EARLIEST) {
        @Override
        public Map<TopicPartition, Long> endOffsets(
            Collection<TopicPartition> partitions, Duration timeout) {
          if (!answers) {
            throw new TimeoutException("no broker");
          }
          return super.endOffsets(partitions, timeout);
        }
      };
  private final TopicEnds ends = new TopicEnds(consumer);

  @Test
  void aPartitionIsAtItsEndWhereItsBrokerSaysSo() {
    consumer.updateEndOffsets(Map.of(ONE, 5L, TWO, 9L));
    assertEquals(List.of(ONE), ends.reached(Map.of(ONE, 5L, TWO, 8L), 0));
    // More has come meanwhile.
    consumer.updateEndOffsets(Map.of(ONE, 6L, TWO, 9L));
    assertEquals(List.of(TWO), ends.reached(Map.of(ONE, 5L, TWO, 9L), 2 * SECOND));
  }

  @Test
  void whereNoBrokerAnswersNobodyKnows() {
    consumer.updateEndOffsets(Map.of(ONE, 5L));
    assertEquals(List.of(ONE), ends.reached(Map.of(ONE, 5L), 0));
    answers = false;
    assertEquals(List.of(ONE), ends.reached(Map.of(ONE, 5L), 2 * SECOND), "as of just now");
    assertEquals(List.of(), ends.reached(Map.of(ONE, 5L), 4 * SECOND));
  }

  @Test
  void aPartitionThatHasSpokenIsAskedForAgain() {
    consumer.updateEndOffsets(Map.of(ONE, 5L));
    assertEquals(List.of(ONE), ends.reached(Map.of(ONE, 5L), 0));
    assertEquals(List.of(), ends.reached(Map.of(), SECOND / 2));
    assertEquals(List.of(), ends.reached(Map.of(ONE, 6L), SECOND / 2), "not asked yet");
  }
}
