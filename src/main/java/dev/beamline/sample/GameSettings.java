package dev.beamline.sample;

import java.time.Duration;
import java.time.Instant;

/**
 * What to generate.
 *
 * @param seed the same seed gives the same events, byte for byte
 * @param players at least 10
 * @param start first event time
 * @param duration how long the game goes on, in event time; at least an hour
 * @param events roughly how many events; at least 1
 */
public record GameSettings(long seed, int players, Instant start, Duration duration, long events) {

  public GameSettings {
    if (players < 10) {
      throw new IllegalArgumentException("players must be at least 10, not " + players);
    }
    if (duration.compareTo(Duration.ofHours(1)) < 0) {
      throw new IllegalArgumentException("duration must be at least an hour, not " + duration);
    }
    if (events < 1) {
      throw new IllegalArgumentException("events must be at least 1, not " + events);
    }
  }
}
