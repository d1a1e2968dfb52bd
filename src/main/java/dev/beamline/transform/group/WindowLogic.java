package dev.beamline.transform.group;

import dev.beamline.transform.Panes;
import dev.beamline.transform.window.EventTimes;
import dev.beamline.transform.window.TimeGrid;
import dev.beamline.transform.window.Window;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What happens to the windows of one group as rows come, the watermark moves and the clock ticks:
 * Beam's trigger {@code AfterWatermark} with early and late firings, allowed lateness and both
 * modes of accumulation, over sums that slices may share. It knows no runner, and keeps nothing
 * between two calls but what is in the group's state.
 *
 * <p>A window closes when the watermark passes its last millisecond (and {@code slack} more, where
 * its rows are results that only come then), and is forgotten, with all rows that come later, once
 * the watermark is past that by the allowed lateness.
 */
final class WindowLogic {

  private final Kernel kernel;
  private final GroupInput.Timing timing;
  private final PanePolicy policy;
  private final long slack;
  private final boolean updates;

  /**
   * @param slack milliseconds after a window's end until its last rows are there
   * @param updates whether rows are results that change, which have had their delay already
   */
  WindowLogic(
      Kernel kernel, GroupInput.Timing timing, PanePolicy policy, long slack, boolean updates) {
    this.kernel = kernel;
    this.timing = timing;
    this.policy = policy;
    this.slack = slack;
    this.updates = updates;
  }

  /** Who hears of the panes. */
  interface Listener {
    /**
     * A pane.
     *
     * @param sum of the pane's rows, not to be changed
     */
    void fire(Window window, WindowState state, Panes.Timing timing, long index, Object sum);

    /** A window that has sent panes is there no more: it is part of a longer session now. */
    void withdraw(Window window, WindowState state);
  }

  /**
   * What became of rows.
   *
   * @param dropped whether all their windows had been forgotten
   * @param late whether they came after some window of theirs had closed
   * @param lateness how many milliseconds their last window had been closed for; 0: it was open
   */
  record Fate(boolean dropped, boolean late, long lateness) {}

  /** The time at which the window closes, by the watermark, in milliseconds. */
  long closes(Window window) {
    return EventTimes.clamp(window.lastMillis() + slack);
  }

  private long expires(Window window) {
    return EventTimes.clamp(closes(window) + policy.lateness());
  }

  /** Whether windows share slices instead of keeping sums of their own. */
  private boolean sliced() {
    return policy.accumulating()
        && timing instanceof GroupInput.Timing.Slices slices
        && !slices.grid().slicesAreWindows();
  }

  /**
   * Takes rows in.
   *
   * @param watermark in milliseconds: no more rows are expected before it
   * @param now the clock, in milliseconds
   */
  Fate add(
      WindowState.OfGroup group, Partial partial, long watermark, long now, Listener listener) {
    if (timing instanceof GroupInput.Timing.Sessions sessions) {
      return addToSession(group, partial, sessions.gap(), watermark, now, listener);
    }
    List<Window> windows =
        sliced() && timing instanceof GroupInput.Timing.Slices slices
            ? slices.grid().windows(partial.start())
            : List.of(new Window(partial.start(), partial.end()));
    Window last = windows.get(windows.size() - 1);
    long lateness = Math.max(0, watermark - closes(last));
    if (expires(last) < watermark) {
      return new Fate(true, true, lateness);
    }
    if (sliced()) {
      Object sum = group.slices.get(partial.start());
      group.slices.put(
          partial.start(),
          kernel.merge(sum == null ? kernel.create() : sum, partial.accumulator()));
    }
    boolean late = false;
    for (Window window : windows) {
      if (expires(window) < watermark) {
        late = true;
        continue;
      }
      WindowState state = group.windows.get(window);
      if (state == null) {
        state = new WindowState();
        state.closed = closes(window) < watermark;
        group.windows.put(window, state);
      }
      if (!sliced()) {
        state.sum =
            kernel.merge(state.sum == null ? kernel.create() : state.sum, partial.accumulator());
      }
      late |= state.closed;
      arrived(group, window, state, partial.rows(), now, listener);
    }
    return new Fate(false, late, lateness);
  }

  private Fate addToSession(
      WindowState.OfGroup group,
      Partial partial,
      long gap,
      long watermark,
      long now,
      Listener listener) {
    Window window = new Window(partial.start(), partial.end() + gap);
    long lateness = Math.max(0, watermark - closes(window));
    WindowState merged = new WindowState();
    merged.sum = kernel.merge(kernel.create(), partial.accumulator());
    List<Map.Entry<Window, WindowState>> replaced = new ArrayList<>();
    boolean late = closes(window) < watermark;
    // A session that grows may touch another one: look again until none is added.
    boolean again = true;
    while (again) {
      again = false;
      for (Iterator<Map.Entry<Window, WindowState>> i = group.windows.entrySet().iterator();
          i.hasNext(); ) {
        Map.Entry<Window, WindowState> other = i.next();
        Window theirs = other.getKey();
        if (theirs.start() < window.end()
            && window.start() < theirs.end()
            && expires(theirs) >= watermark) {
          window =
              new Window(
                  Math.min(window.start(), theirs.start()), Math.max(window.end(), theirs.end()));
          replaced.add(Map.entry(theirs, other.getValue()));
          i.remove();
          again = true;
        }
      }
    }
    if (replaced.isEmpty() && expires(window) < watermark) {
      return new Fate(true, true, lateness);
    }
    boolean open = closes(window) >= watermark;
    for (Map.Entry<Window, WindowState> old : replaced) {
      WindowState state = old.getValue();
      late |= state.closed;
      merged.pending += state.pending;
      // A late pane is not due any more where the session is open again.
      if (!open || !state.closed) {
        merged.due = Math.min(merged.due, state.due);
      }
      merged.sum = kernel.merge(merged.sum, java.util.Objects.requireNonNull(state.sum));
      if (old.getKey().equals(window)) {
        merged.panes = state.panes;
        merged.closed = state.closed;
        merged.sent.addAll(state.sent);
      } else if (state.panes > 0) {
        group.sequence = later(group.sequence);
        listener.withdraw(old.getKey(), state);
      }
    }
    merged.closed |= !open;
    group.windows.put(window, merged);
    arrived(group, window, merged, partial.rows(), now, listener);
    return new Fate(false, late, lateness);
  }

  private void arrived(
      WindowState.OfGroup group,
      Window window,
      WindowState state,
      long rows,
      long now,
      Listener listener) {
    state.pending += rows;
    long every = state.closed ? policy.lateEvery() : policy.earlyEvery();
    int count = state.closed ? policy.lateCount() : policy.earlyCount();
    boolean fires = state.closed || policy.early();
    if (!fires) {
      return;
    }
    if (updates || (every == 0 && count == 0)) {
      due(state, now + policy.settle());
      return;
    }
    if (count > 0 && state.pending >= count) {
      fire(group, window, state, state.closed ? Panes.Timing.LATE : Panes.Timing.EARLY, listener);
    } else if (every > 0) {
      // A timer fires once the clock is past it.
      due(state, now + every - 1);
    }
  }

  private static void due(WindowState state, long time) {
    if (state.due == WindowState.NEVER) {
      state.due = time;
    }
  }

  private void fire(
      WindowState.OfGroup group,
      Window window,
      WindowState state,
      Panes.Timing paneTiming,
      Listener listener) {
    group.sequence = later(group.sequence);
    Object sum = sliced() ? sliceSum(group, window) : state.sum;
    listener.fire(window, state, paneTiming, state.panes, sum == null ? kernel.create() : sum);
    state.panes++;
    state.pending = 0;
    state.due = WindowState.NEVER;
    if (!policy.accumulating()) {
      state.sum = null;
    }
  }

  /**
   * Grows for ever: a pipeline that goes on from an older state, or begins without any, has later
   * sequences than the ones it has sent before, since the clock goes on. Microseconds.
   */
  private static long later(long sequence) {
    return Math.max(sequence + 1, System.currentTimeMillis() * 1000);
  }

  private Object sliceSum(WindowState.OfGroup group, Window window) {
    Object sum = kernel.create();
    for (Object slice : group.slices.subMap(window.start(), window.end()).values()) {
      sum = kernel.merge(sum, slice);
    }
    return sum;
  }

  /** The watermark has moved: no more rows are expected before it. */
  void watermark(WindowState.OfGroup group, long watermark, Listener listener) {
    long passed = watermark - 1;
    List<Window> windows = new ArrayList<>(group.windows.keySet());
    for (Window window : windows) {
      WindowState state = group.windows.get(window);
      if (state == null || closes(window) > passed) {
        continue;
      }
      if (!state.closed) {
        state.closed = true;
        if (policy.accumulating() || state.pending > 0) {
          fire(group, window, state, Panes.Timing.ON_TIME, listener);
        }
      }
      if (expires(window) <= passed) {
        if (state.pending > 0) {
          fire(group, window, state, Panes.Timing.LATE, listener);
        }
        group.windows.remove(window);
      }
    }
    if (timing instanceof GroupInput.Timing.Slices slices) {
      dropSlices(group, slices.grid(), passed);
    }
  }

  private void dropSlices(WindowState.OfGroup group, TimeGrid grid, long passed) {
    Iterator<Long> starts = group.slices.keySet().iterator();
    while (starts.hasNext()) {
      long start = starts.next();
      if (expires(new Window(start, grid.lastWindowEnd(start))) > passed) {
        return;
      }
      starts.remove();
    }
  }

  /** The clock has reached a time. */
  void clock(WindowState.OfGroup group, long now, Listener listener) {
    for (Map.Entry<Window, WindowState> entry : List.copyOf(group.windows.entrySet())) {
      WindowState state = entry.getValue();
      if (state.due <= now) {
        state.due = WindowState.NEVER;
        if (state.pending > 0) {
          fire(
              group,
              entry.getKey(),
              state,
              state.closed ? Panes.Timing.LATE : Panes.Timing.EARLY,
              listener);
        }
      }
    }
  }

  /** When the watermark next matters; {@link WindowState#NEVER} where nothing is left. */
  long nextWatermark(WindowState.OfGroup group) {
    long next = WindowState.NEVER;
    for (Map.Entry<Window, WindowState> entry : group.windows.entrySet()) {
      Window window = entry.getKey();
      next = Math.min(next, entry.getValue().closed ? expires(window) : closes(window));
    }
    return next;
  }

  /** When the clock next matters. */
  long nextClock(WindowState.OfGroup group) {
    long next = WindowState.NEVER;
    for (WindowState state : group.windows.values()) {
      next = Math.min(next, state.due);
    }
    return next;
  }

  /** Whether nothing is left to remember. */
  static boolean isEmpty(WindowState.@Nullable OfGroup group) {
    return group == null || (group.windows.isEmpty() && group.slices.isEmpty());
  }
}
