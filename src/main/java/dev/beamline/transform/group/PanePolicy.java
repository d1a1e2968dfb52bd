package dev.beamline.transform.group;

import java.io.Serializable;

/**
 * When a window of a stream sends results, and how long it takes rows. All in milliseconds.
 *
 * @param lateness how long after its end (by the watermark) a window still takes rows
 * @param earlyEvery processing time from the first row of an early pane to its firing; 0: never
 * @param earlyCount rows of an early pane; 0: no matter
 * @param lateEvery the same for panes after the end; where neither is given, late rows fire after
 *     {@code settle}
 * @param lateCount rows of a late pane; 0: no matter
 * @param accumulating whether a pane holds all rows of its window so far, not only the new ones
 * @param settle processing time in which changes that follow each other closely become one pane, at
 *     operators over results that change and for late rows; 0: until the clock moves
 */
public record PanePolicy(
    long lateness,
    long earlyEvery,
    int earlyCount,
    long lateEvery,
    int lateCount,
    boolean accumulating,
    long settle)
    implements Serializable {

  public PanePolicy {
    if (lateness < 0 || earlyEvery < 0 || earlyCount < 0 || lateEvery < 0 || lateCount < 0) {
      throw new IllegalArgumentException("negative");
    }
  }

  /** One pane a window, at its end. */
  public static final PanePolicy ONE_PANE = new PanePolicy(0, 0, 0, 0, 0, true, 0);

  public boolean early() {
    return earlyEvery > 0 || earlyCount > 0;
  }

  /** Whether a window can send more than one pane. */
  public boolean manyPanes() {
    return early() || lateness > 0;
  }

  /** Whether some trigger counts rows, so that none may be summed on the way. */
  public boolean counts() {
    return earlyCount > 0 || lateCount > 0;
  }
}
