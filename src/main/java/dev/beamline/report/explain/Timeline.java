package dev.beamline.report.explain;

import java.util.List;

/**
 * A query's sample as it would arrive: event time against processing time. Microseconds since the
 * epoch. The clock goes as the events do: a row comes when the newest event before it happened.
 *
 * @param policy when results are sent, in words
 */
public record Timeline(String query, String policy, List<Play> windows) {

  public Timeline {
    windows = List.copyOf(windows);
  }

  /** What happens to one window. */
  public record Play(long start, long end, List<Arrival> arrivals, List<Pane> panes) {
    public Play {
      arrivals = List.copyOf(arrivals);
      panes = List.copyOf(panes);
    }
  }

  /** What becomes of a row. */
  public enum Fate {
    /** Before the watermark passed the end of its window. */
    IN_TIME,
    /** After it, but within the allowed lateness. */
    LATE,
    /** Too late. */
    DROPPED
  }

  /** A row comes. */
  public record Arrival(long event, long clock, long watermark, Fate fate) {}

  /**
   * A result is sent.
   *
   * @param timing EARLY, ON_TIME or LATE
   * @param rows of the window that have come so far
   * @param results rows of the result
   * @param changed those that are new or other than in the pane before, as text
   */
  public record Pane(
      String timing,
      int index,
      long clock,
      long watermark,
      int rows,
      int results,
      List<String> changed) {
    public Pane {
      changed = List.copyOf(changed);
    }
  }
}
