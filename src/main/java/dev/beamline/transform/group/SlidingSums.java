package dev.beamline.transform.group;

import dev.beamline.transform.window.TimeGrid;
import dev.beamline.transform.window.Window;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
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

  private SlidingSums(Kernel kernel, TimeGrid grid) {
    this.kernel = kernel;
    this.grid = grid;
  }

  /** A slice; in {@code leaving}, with the sum of it and all that leave after it. */
  private record Entry(long start, Object sum) {}

  /** Hands the sum of each window that has a slice to the consumer, who may not change it. */
  static void windows(
      Kernel kernel,
      TimeGrid grid,
      SortedMap<Long, Object> slices,
      BiConsumer<Window, Object> each) {
    TreeSet<Window> windows = new TreeSet<>();
    for (long slice : slices.keySet()) {
      windows.addAll(grid.windows(slice));
    }
    SlidingSums sums = new SlidingSums(kernel, grid);
    NavigableMap<Long, Object> waiting = new TreeMap<>(slices);
    for (Window window : windows) {
      each.accept(window, sums.slide(window, waiting));
    }
  }

  private Object slide(Window window, NavigableMap<Long, Object> waiting) {
    Map.Entry<Long, Object> next = waiting.firstEntry();
    while (next != null && grid.sliceEnd(next.getKey()) <= window.end()) {
      waiting.pollFirstEntry();
      enter(next.getKey(), next.getValue());
      next = waiting.firstEntry();
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
