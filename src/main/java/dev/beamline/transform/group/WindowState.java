package dev.beamline.transform.group;

import dev.beamline.catalog.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is known of one window of one group. */
final class WindowState {

  /** Not on any clock. */
  static final long NEVER = Long.MAX_VALUE;

  /** The sum, where windows keep their own; null where it is made of slices. */
  @Nullable Object sum;

  /** Rows since the last pane. */
  long pending;

  /** Panes so far. */
  long panes;

  /** Whether the watermark has passed the window's end. */
  boolean closed;

  /** When the next pane fires by the clock, in milliseconds; {@link #NEVER} where none is due. */
  long due = NEVER;

  /** For each branch the keys under which its readers have rows of the window. */
  final List<Set<Tuple>> sent = new ArrayList<>();

  /** All that is known of a group: its slices by their starts, and its windows. */
  static final class OfGroup {
    final TreeMap<Long, Object> slices = new TreeMap<>();
    final TreeMap<dev.beamline.transform.window.Window, WindowState> windows = new TreeMap<>();

    /** Grows with each pane and each withdrawal. */
    long sequence;

    /** What the timer of event time is set to; {@link #NEVER} where it is not. */
    long watermarkTimer = NEVER;

    /** What the timer of the clock is set to; {@link #NEVER} where it is not. */
    long clockTimer = NEVER;
  }
}
