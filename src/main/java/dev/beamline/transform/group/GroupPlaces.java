package dev.beamline.transform.group;

import dev.beamline.catalog.Tuple;
import dev.beamline.execution.row.Keys;
import dev.beamline.transform.window.TimeGrid;
import dev.beamline.transform.window.Window;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the groups and the slices of time that a row belongs to. */
final class GroupPlaces {

  private final GroupInput.Timing timing;
  private final int[] keys;
  private final int[][] sets;
  private final @Nullable Object[] keyValues;
  private final Tuple key;

  /** The slice of the row before; at first one that holds no time. */
  private long sliceStart = Long.MAX_VALUE;

  private long sliceEnd = Long.MIN_VALUE;
  private boolean inWindow;

  GroupPlaces(GroupInput input) {
    this.timing = input.timing();
    this.keys = input.keys().stream().mapToInt(Integer::intValue).toArray();
    this.keyValues = new @Nullable Object[keys.length];
    this.key = Tuple.of(keyValues);
    this.sets =
        input.groupingSets().stream()
            .map(set -> set.stream().mapToInt(Integer::intValue).toArray())
            .toArray(int[][]::new);
  }

  /** Who hears of a place. */
  interface Found {
    /**
     * A place of the row.
     *
     * @param key used again for the next row: who keeps it copies it
     * @param start of the slice or window; of a session, the row's own time, and end likewise
     * @param first whether the ledger counts the row here; true for one of all its places
     */
    void accept(Tuple key, long start, long end, boolean first);
  }

  /** Whether a row can have several places. */
  boolean mayBeMany() {
    return sets.length > 1 || timing instanceof GroupInput.Timing.EachWindow;
  }

  /**
   * Finds all places.
   *
   * @param time by which windows are found, microseconds
   * @return false where the row is in no window
   */
  boolean find(Tuple row, long time, Found found) {
    if (timing instanceof GroupInput.Timing.Slices slices) {
      TimeGrid grid = slices.grid();
      // Rows come nearly in the order of their times: most are in the slice of the one before.
      if (time < sliceStart || time >= sliceEnd) {
        sliceStart = grid.sliceStart(time);
        sliceEnd = grid.sliceEnd(sliceStart);
        inWindow = grid.inWindow(sliceStart);
      }
      if (!inWindow) {
        return false;
      }
      groups(row, sliceStart, sliceEnd, true, found);
    } else if (timing instanceof GroupInput.Timing.Sessions) {
      groups(row, time, time, true, found);
    } else if (timing instanceof GroupInput.Timing.Columns columns
        && row.get(columns.start()) instanceof Long start
        && row.get(columns.end()) instanceof Long end) {
      groups(row, start, end, true, found);
    } else if (timing instanceof GroupInput.Timing.EachWindow each) {
      List<Window> windows = each.grid().windows(each.grid().sliceStart(time));
      for (int i = 0; i < windows.size(); i++) {
        Window window = windows.get(i);
        groups(row, window.start(), window.end(), i == windows.size() - 1, found);
      }
      return !windows.isEmpty();
    } else {
      groups(row, Long.MIN_VALUE, Long.MAX_VALUE, true, found);
    }
    return true;
  }

  private void groups(Tuple row, long start, long end, boolean first, Found found) {
    if (sets.length == 1) {
      found.accept(key(row), start, end, first);
      return;
    }
    for (int i = 0; i < sets.length; i++) {
      found.accept(key(row, i), start, end, first && i == 0);
    }
  }

  private Tuple key(Tuple row) {
    for (int i = 0; i < keys.length; i++) {
      keyValues[i] = Keys.normalize(row.get(keys[i]));
    }
    return key;
  }

  private Tuple key(Tuple row, int set) {
    @Nullable Object[] values = new @Nullable Object[keys.length + 1];
    values[0] = (long) set;
    for (int position : sets[set]) {
      values[position + 1] = Keys.normalize(row.get(keys[position]));
    }
    return Tuple.of(values);
  }

  /** The key of a group whose windows are kept apart. */
  static Tuple withWindow(Tuple key, long start, long end) {
    @Nullable Object[] values = Arrays.copyOf(key.values(), key.size() + 2);
    values[key.size()] = start;
    values[key.size() + 1] = end;
    return Tuple.of(values);
  }

  /** The group's own key. */
  static Tuple withoutWindow(Tuple key) {
    return Tuple.of(Arrays.copyOf(key.values(), key.size() - 2));
  }
}
