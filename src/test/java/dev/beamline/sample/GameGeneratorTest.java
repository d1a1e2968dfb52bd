package dev.beamline.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

final class GameGeneratorTest {

  private static final GameSettings SETTINGS =
      new GameSettings(7, 100, Instant.parse("2026-01-05T00:00:00Z"), Duration.ofDays(2), 10_000);

  private static List<GameEvent> all(GameSettings settings) {
    List<GameEvent> events = new ArrayList<>();
    new GameGenerator(settings).forEachRemaining(events::add);
    return events;
  }

  @Test
  void theSameSeedGivesTheSameEvents() {
    assertEquals(all(SETTINGS), all(SETTINGS));
  }

  @Test
  void anotherSeedGivesOthers() {
    GameSettings other =
        new GameSettings(8, 100, SETTINGS.start(), SETTINGS.duration(), SETTINGS.events());
    assertFalse(all(SETTINGS).equals(all(other)));
  }

  @Test
  void arrivesInOrderAndRoughlyInTheNumberAskedFor() {
    List<GameEvent> events = all(SETTINGS);
    for (int i = 1; i < events.size(); i++) {
      assertFalse(events.get(i).arrival().isBefore(events.get(i - 1).arrival()));
    }
    assertTrue(Math.abs(events.size() - 10_000) < 2_500, () -> events.size() + " events");
  }

  @Test
  void hasWhatMakesStreamsHard() {
    List<GameEvent> events = all(SETTINGS);
    long late = events.stream().filter(e -> lateness(e).toMinutes() >= 10).count();
    long doubled =
        events.size() - new HashSet<>(events.stream().map(GameEvent::json).toList()).size();
    long broken = events.stream().filter(e -> !e.json().startsWith("{\"event_id\"")).count();
    assertTrue(late > 100, () -> late + " late");
    assertTrue(doubled > 20, () -> doubled + " doubled");
    assertTrue(broken > 0, () -> broken + " broken");
    assertTrue(new GameGenerator(SETTINGS).players().stream().anyMatch(Player::cheater));
  }

  private static Duration lateness(GameEvent event) {
    return Duration.between(event.eventTime(), event.arrival());
  }
}
