package dev.beamline.transform.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.beamline.plan.WindowSpec;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimeGridTest {

  /** What is told without making the windows is what the windows say, and they come in order. */
  @Test
  void tellsOfWindowsWhatTheirListSays() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      long period = 1 + random.nextInt(12);
      WindowSpec spec =
          switch (random.nextInt(3)) {
            case 0 -> new WindowSpec.Tumble(period, random.nextInt((int) period));
            case 1 ->
                new WindowSpec.Hop(period, 1 + random.nextInt(30), random.nextInt((int) period));
            default ->
                new WindowSpec.Cumulate(
                    period, period * (1 + random.nextInt(6)), random.nextInt((int) period));
          };
      TimeGrid grid = TimeGrid.of(spec);
      long time = random.nextInt(400) - 200;
      long slice = grid.sliceStart(time);
      List<Window> windows = grid.windows(slice);
      assertEquals(!windows.isEmpty(), grid.inWindow(slice), spec + " at " + time);
      assertEquals(
          windows.isEmpty() ? slice : windows.get(windows.size() - 1).end(),
          grid.lastWindowEnd(slice),
          spec + " at " + time);
      for (int w = 1; w < windows.size(); w++) {
        assertTrue(windows.get(w - 1).compareTo(windows.get(w)) < 0, spec + " at " + time);
      }
      for (Window window : grid.windows(grid.sliceEnd(slice))) {
        assertTrue(
            windows.isEmpty()
                || windows.contains(window)
                || windows.get(windows.size() - 1).compareTo(window) < 0,
            spec + " after " + time);
      }
    }
  }
}
