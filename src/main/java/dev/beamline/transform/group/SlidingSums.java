package dev.beamline.transform.group;

import dev.beamline.transform.window.TimeGrid;
import dev.beamline.transform.window.Window;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts the slices of one group together to windows. Windows come in the order of their ends and
 * never start earlier than the one before, so that slices enter at one side and leave at the other:
 * two stacks of running sums make each window in a few merges, however many slices it has.
 */
final class SlidingSums {

  private final Kernel kernel;
  private final TimeGrid grid;
  private final Deque<Entry> leaving = new ArrayDeque<>();
  private final List<Entry> entered = new ArrayList<>();
  private @Nullable Object enteredSum;

  /** Slices to come, and the next of them. */
  private final Iterator<Map.Entry<Long, Object>> waiting;

  private Map.@Nullable Entry<Long, Object> next;

  private SlidingSums(Kernel kernel, TimeGrid grid, Iterator<Map.Entry<Long, Object>> slices) {
    this.kernel = kernel;
    this.grid = grid;
    this.waiting = slices;
    this.next = slices.hasNext() ? slices.next() : null;
  }

  /** A slice; in {@code leaving}, with the sum of it and all that leave after it. */
  private record Entry(long start, Object sum) {}

  /** Hands the sum of each window that has a slice to the consumer, who may not change it. */
  static void windows(
      Kernel kernel,
      TimeGrid grid,
      SortedMap<Long, Object> slices,
      BiConsumer<Window, Object> each) {
    SlidingSums sums = new SlidingSums(kernel, grid, slices.entrySet().iterator());
    Window last = null;
    // A slice has the windows of the one before it but for those that ended, and then later ones.
    for (long slice : slices.keySet()) {
      for (Window window : grid.windows(slice)) {
        if (last == null || window.compareTo(last) > 0) {
          each.accept(window, sums.slide(window));
          last = window;
        }
      }
    }
  }

  private Object slide(Window window) {
    while (next != null && grid.sliceEnd(next.getKey()) <= window.end()) {
      enter(next.getKey(), next.getValue());
      next = waiting.hasNext() ? waiting.next() : null;
    }
    leaveBefore(window.start());
    Object sum = kernel.create();
    Entry first = leaving.peek();
    if (first != null) {
      sum = kernel.merge(sum, first.sum());
    }
    if (enteredSum != null) {
      sum = kernel.merge(sum, enteredSum);
    }
    return sum;
  }

  private void enter(long start, Object sum) {
    entered.add(new Entry(start, sum));
    enteredSum = kernel.merge(enteredSum == null ? kernel.create() : enteredSum, sum);
  }

  private void leaveBefore(long start) {
    while (true) {
      if (leaving.isEmpty()) {
        if (entered.isEmpty() || entered.get(0).start() >= start) {
          return;
        }
        turnOver();
      }
      Entry first = leaving.peek();
      if (first == null || first.start() >= start) {
        return;
      }
      leaving.pop();
    }
  }

  private void turnOver() {
    Object after = null;
    for (int i = entered.size() - 1; i >= 0; i--) {
      Entry entry = entered.get(i);
      Object sum = kernel.merge(kernel.create(), entry.sum());
      if (after != null) {
        sum = kernel.merge(sum, after);
      }
      leaving.push(new Entry(entry.start(), sum));
      after = sum;
    }
    entered.clear();
    enteredSum = null;
  }
}
