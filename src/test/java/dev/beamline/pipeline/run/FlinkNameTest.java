package dev.beamline.pipeline.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Names of jobs say whose they are, and others' jobs are left alone. */
class FlinkNameTest {

  @Test
  void isReadAsItWasWritten() {
    FlinkName deployed = new FlinkName("my/game", "live", "0123456789abcdef", "r1");
    assertEquals("beamline/my_game/live/0123456789abcdef/r1", deployed.toString());
    assertEquals(Optional.of(deployed), FlinkName.parse(deployed.toString()));
    assertTrue(deployed.isOf("my/game", "live"));
    assertFalse(deployed.isOf("my/game", "nightly"));
    FlinkName run = new FlinkName("game", "live", null, "r2");
    assertEquals(Optional.of(run), FlinkName.parse("beamline/game/live/run/r2"));
  }

  @Test
  void othersAreNotOurs() {
    assertEquals(Optional.empty(), FlinkName.parse("beamline"));
    assertEquals(Optional.empty(), FlinkName.parse("Carousel/game/live/run/r2"));
    assertEquals(Optional.empty(), FlinkName.parse("beamline/game/live/run"));
  }
}
