package dev.beamline.io.files;

import java.io.Serializable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How files are played as a stream.
 *
 * @param maxOutOfOrderness how far behind the newest event time the watermark stays
 * @param eventsPerSecond at most so many; 0: no limit
 * @param speed seconds of event time in a second, such as 60; 0: no limit
 * @param recordsAtOnce after so many records at most the watermark moves
 * @param idleTimeout after so much event time without a record the watermark follows the time that
 *     is played; null: never, it waits for the next record
 */
public record StreamPace(
    Duration maxOutOfOrderness,
    double eventsPerSecond,
    double speed,
    int recordsAtOnce,
    @Nullable Duration idleTimeout)
    implements Serializable {

  /** A pace at which the watermark waits for records. */
  public StreamPace(
      Duration maxOutOfOrderness, double eventsPerSecond, double speed, int recordsAtOnce) {
    this(maxOutOfOrderness, eventsPerSecond, speed, recordsAtOnce, null);
  }

  /** As fast as it goes. */
  public static StreamPace unlimited(Duration maxOutOfOrderness) {
    return new StreamPace(maxOutOfOrderness, 0, 0, 2000);
  }

  public StreamPace {
    if (maxOutOfOrderness.isNegative() || eventsPerSecond < 0 || speed < 0 || recordsAtOnce < 1) {
      throw new IllegalArgumentException(
          "not a pace: " + maxOutOfOrderness + ", " + eventsPerSecond + ", " + speed);
    }
  }
}
