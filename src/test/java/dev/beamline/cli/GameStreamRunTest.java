package dev.beamline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The game as a stream: the same final rows, each of them final. */
class GameStreamRunTest extends GameRun {

  GameStreamRunTest() {
    super("live");
  }

  @ParameterizedTest
  @MethodSource("queries")
  void eachRowIsFinal(String name) throws Exception {
    assertEquals(0, number("SELECT count(*) FROM w." + name + " WHERE NOT is_final"));
  }
}
