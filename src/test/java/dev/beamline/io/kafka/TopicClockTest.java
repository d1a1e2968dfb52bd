package dev.beamline.io.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.beamline.transform.window.EventTimes;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TopicClockTest {

  private static final Duration IDLE = Duration.ofSeconds(5);
  private static final long SECOND = 1_000_000_000L;

  private final TopicClock topic = new TopicClock(Duration.ofMillis(100));
  private final PartitionClock first = new PartitionClock(IDLE, PartitionClock.NONE, 0);
  private final PartitionClock second = new PartitionClock(IDLE, PartitionClock.NONE, 0);

  private long watermark(Object reader, List<PartitionClock> clocks, long nowNanos) {
    return topic.watermark(reader, clocks, c -> c.isIdle(true, nowNanos), nowNanos, 9_000_000);
  }

  @Test
  void theSlowestPartitionDecidesUntilItIsIdle() {
    first.saw(5000, SECOND);
    assertEquals(EventTimes.FIRST_MILLIS, watermark("a", List.of(first, second), SECOND));
    second.saw(3000, SECOND);
    assertEquals(2900, watermark("a", List.of(first, second), SECOND));
    first.saw(8000, 7 * SECOND);
    assertEquals(7900, watermark("a", List.of(first, second), 7 * SECOND));
  }

  @Test
  void aReaderThatIsIdleFollowsTheOthers() {
    second.saw(3000, SECOND);
    first.saw(8000, 9 * SECOND);
    assertEquals(7900, watermark("a", List.of(first), 9 * SECOND));
    assertEquals(7900, watermark("b", List.of(second), 9 * SECOND));
  }

  @Test
  void whereAllAreIdleTimeGoesOnFromTheNewestEvent() {
    first.saw(8000, SECOND);
    second.saw(3000, 2 * SECOND);
    assertEquals(8000 - 100 + 10_000, watermark("a", List.of(first, second), 11 * SECOND));
  }

  @Test
  void aTopicWithoutEventsFollowsThePresentWhenItIsIdle() {
    assertEquals(EventTimes.FIRST_MILLIS, watermark("a", List.of(first), SECOND));
    assertEquals(9_000_000 - 100, watermark("a", List.of(first), 6 * SECOND));
  }
}
