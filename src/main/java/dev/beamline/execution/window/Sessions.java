package dev.beamline.execution.window;

import java.util.Arrays;

/** Sessions: rows of one key that follow each other within less than the gap. */
public final class Sessions {

  private Sessions() {}

  /**
   * The session of each time: its start at {@code 2 * i} and its end, the last time in it plus the
   * gap, at {@code 2 * i + 1}. The times may come in any order.
   */
  public static long[] assign(long[] times, long gap) {
    long[] sorted = times.clone();
    Arrays.sort(sorted);
    long[] starts = new long[sorted.length];
    long[] ends = new long[sorted.length];
    int sessions = 0;
    for (int i = 0; i < sorted.length; i++) {
      if (i == 0 || sorted[i] >= ends[sessions - 1]) {
        starts[sessions++] = sorted[i];
      }
      ends[sessions - 1] = sorted[i] + gap;
    }
    long[] result = new long[2 * times.length];
    for (int i = 0; i < times.length; i++) {
      int at = Arrays.binarySearch(starts, 0, sessions, times[i]);
      int session = at >= 0 ? at : -at - 2;
      result[2 * i] = starts[session];
      result[2 * i + 1] = ends[session];
    }
    return result;
  }
}
