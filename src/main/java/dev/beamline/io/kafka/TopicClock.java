package dev.beamline.io.kafka;

import dev.beamline.transform.window.EventTimes;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * How far the event time of a topic has come, as all readers of it in this process know.
 *
 * <p>Partitions that are not idle decide: the least of their newest events, less the bound of the
 * disorder. Idle ones follow them. Where all are idle, event time goes on with the clock from the
 * newest event, so that the last windows close; it does not jump to the present, for a producer
 * that sends old events may only have paused. A topic without any event follows the present.
 */
final class TopicClock {

  private static final Map<String, TopicClock> CLOCKS = new ConcurrentHashMap<>();

  private final long disorderMillis;
  private final Map<Object, Reading> readings = new ConcurrentHashMap<>();

  TopicClock(Duration disorder) {
    this.disorderMillis = disorder.toMillis();
  }

  /** The clock that all readers of a source share in a run. */
  static TopicClock shared(String run, KafkaSource source) {
    return CLOCKS.computeIfAbsent(
        run + "/" + source.name(), k -> new TopicClock(source.maxOutOfOrderness()));
  }

  /** What one reader knows: of its active partitions, and of the newest event. */
  private record Reading(long activeMillis, long newestMillis, long newestSeenNanos) {}

  /**
   * What a reader may say of its progress.
   *
   * @param reader stands for itself
   * @param clocks of its partitions
   * @param idle of those
   * @param nowNanos of the process
   * @param nowMillis of the wall clock
   */
  long watermark(
      Object reader,
      Collection<PartitionClock> clocks,
      Predicate<PartitionClock> idle,
      long nowNanos,
      long nowMillis) {
    long active = Long.MAX_VALUE;
    long newest = PartitionClock.NONE;
    long seen = nowNanos;
    for (PartitionClock clock : clocks) {
      if (!idle.test(clock)) {
        active = Math.min(active, clock.newestMillis());
      }
      if (clock.newestMillis() > newest) {
        newest = clock.newestMillis();
        seen = clock.lastRecordNanos();
      }
    }
    readings.put(reader, new Reading(active, newest, seen));
    if (active != Long.MAX_VALUE) {
      return behind(active);
    }
    Reading known = new Reading(Long.MAX_VALUE, PartitionClock.NONE, nowNanos);
    for (Reading other : readings.values()) {
      active = Math.min(active, other.activeMillis());
      known = other.newestMillis() > known.newestMillis() ? other : known;
    }
    if (active != Long.MAX_VALUE) {
      return behind(active);
    }
    return known.newestMillis() == PartitionClock.NONE
        ? behind(nowMillis)
        : behind(known.newestMillis() + (nowNanos - known.newestSeenNanos()) / 1_000_000);
  }

  private long behind(long millis) {
    return millis == PartitionClock.NONE
        ? EventTimes.FIRST_MILLIS
        : EventTimes.clamp(millis - disorderMillis);
  }

  /** A reader that is gone no longer holds back the others. */
  void forget(Object reader) {
    readings.remove(reader);
  }
}
