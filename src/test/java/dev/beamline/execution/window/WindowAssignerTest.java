package dev.beamline.execution.window;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.beamline.plan.WindowSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WindowAssignerTest {

  private static List<String> windows(WindowSpec spec, long micros) {
    List<String> windows = new ArrayList<>();
    WindowAssigner.of(spec).assign(micros, (start, end) -> windows.add(start + ".." + end));
    return windows;
  }

  @Test
  void tumblingWindowsAreRightBeforeTheEpoch() {
    WindowSpec spec = new WindowSpec.Tumble(10, 0);
    assertEquals(List.of("0..10"), windows(spec, 0));
    assertEquals(List.of("0..10"), windows(spec, 9));
    assertEquals(List.of("10..20"), windows(spec, 10));
    assertEquals(List.of("-10..0"), windows(spec, -1));
    assertEquals(List.of("-10..0"), windows(spec, -10));
    assertEquals(List.of("-20..-10"), windows(spec, -11));
  }

  @Test
  void offsetsShiftWindows() {
    assertEquals(List.of("-7..3"), windows(new WindowSpec.Tumble(10, 3), 2));
    assertEquals(List.of("3..13"), windows(new WindowSpec.Tumble(10, 3), 3));
    assertEquals(List.of("-2..8", "3..13"), windows(new WindowSpec.Hop(5, 10, 3), 5));
  }

  @Test
  void hopsOverlapOrLeaveGaps() {
    assertEquals(List.of("-5..5", "0..10"), windows(new WindowSpec.Hop(5, 10, 0), 0));
    assertEquals(List.of("0..10", "5..15"), windows(new WindowSpec.Hop(5, 10, 0), 9));
    assertEquals(List.of("0..3"), windows(new WindowSpec.Hop(5, 3, 0), 2));
    assertEquals(List.of(), windows(new WindowSpec.Hop(5, 3, 0), 3));
    assertEquals(List.of("-6..1", "-4..3", "-2..5"), windows(new WindowSpec.Hop(2, 7, 0), -1));
  }

  @Test
  void cumulatingWindowsShareTheirStart() {
    WindowSpec spec = new WindowSpec.Cumulate(5, 15, 0);
    assertEquals(List.of("0..5", "0..10", "0..15"), windows(spec, 0));
    assertEquals(List.of("0..10", "0..15"), windows(spec, 5));
    assertEquals(List.of("0..15"), windows(spec, 14));
    assertEquals(List.of("-15..0"), windows(spec, -1));
  }

  /** Against the definition: the windows of a time are those that contain it. */
  @Test
  void windowsAreThoseThatContainTheTime() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int round = 0; round < 2000; round++) {
      long period = 1 + random.nextInt(9);
      long size = 1 + random.nextInt(20);
      long offset = random.nextInt((int) period);
      long time = random.nextInt(200) - 100;
      List<String> expected = new ArrayList<>();
      for (long start = -150; start < 150; start++) {
        if (Math.floorMod(start - offset, period) == 0 && start <= time && time < start + size) {
          expected.add(start + ".." + (start + size));
        }
      }
      assertEquals(
          expected, windows(new WindowSpec.Hop(period, size, offset), time), () -> "seed " + seed);
    }
  }

  @Test
  void theFirstAndLastTimestampsHaveWindows() {
    long first = -62_135_596_800_000_000L;
    long last = 253_402_300_799_999_999L;
    long hour = 3_600_000_000L;
    assertEquals(
        List.of(first + ".." + (first + hour)), windows(new WindowSpec.Tumble(hour, 0), first));
    assertEquals(
        List.of((last + 1 - hour) + ".." + (last + 1)),
        windows(new WindowSpec.Tumble(hour, 0), last));
  }

  @Test
  void sessionsNeedOtherRows() {
    assertThrows(
        IllegalArgumentException.class, () -> WindowAssigner.of(new WindowSpec.Session(5)));
  }

  @Test
  void sessionsEndAfterTheGap() {
    // Less than the gap apart is one session; exactly the gap apart is two.
    assertArrayEquals(
        new long[] {0, 13, 20, 25, 0, 13, 0, 13, -20, -15, 13, 18},
        Sessions.assign(new long[] {0, 20, 8, 4, -20, 13}, 5));
    assertArrayEquals(new long[0], Sessions.assign(new long[0], 5));
    assertArrayEquals(new long[] {7, 12, 7, 12}, Sessions.assign(new long[] {7, 7}, 5));
  }
}
