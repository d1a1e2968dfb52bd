package dev.beamline.io.kafka;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How far the event time of a partition has come, and whether anything still comes from it. */
final class PartitionClock {

  /** No event was seen yet. */
  static final long NONE = Long.MIN_VALUE;

  private final long idleNanos;
  private long newestMillis;
  private long lastRecordNanos;

  /**
   * Starts the clock.
   *
   * @param idleTimeout null: the partition is never idle
   * @param newestMillis {@link #NONE}, or what an earlier reader has seen
   * @param nowNanos of the process
   */
  PartitionClock(@Nullable Duration idleTimeout, long newestMillis, long nowNanos) {
    this.idleNanos = idleTimeout == null ? Long.MAX_VALUE : idleTimeout.toNanos();
    this.newestMillis = newestMillis;
    this.lastRecordNanos = nowNanos;
  }

  /** A good record was read. */
  void saw(long eventMillis, long nowNanos) {
    newestMillis = Math.max(newestMillis, eventMillis);
    lastRecordNanos = nowNanos;
  }

  /** A record was read that has no event time. */
  void sawAny(long nowNanos) {
    lastRecordNanos = nowNanos;
  }

  /** The newest event time, in milliseconds. */
  long newestMillis() {
    return newestMillis;
  }

  long lastRecordNanos() {
    return lastRecordNanos;
  }

  /**
   * Whether the partition need not be waited for.
   *
   * @param atEnd whether all that it has was read
   */
  boolean isIdle(boolean atEnd, long nowNanos) {
    return atEnd && nowNanos - lastRecordNanos >= idleNanos;
  }
}
