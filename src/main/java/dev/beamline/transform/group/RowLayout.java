package dev.beamline.transform.group;

import dev.beamline.catalog.Tuple;
import dev.beamline.transform.window.Window;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the columns of a row come from that stands for a group.
 *
 * @param sources for each column a position in the group's key, or {@link #WINDOW_START} or {@link
 *     #WINDOW_END}
 */
public record RowLayout(List<Integer> sources) implements Serializable {

  public static final int WINDOW_START = -1;
  public static final int WINDOW_END = -2;

  public RowLayout {
    sources = List.copyOf(sources);
  }

  /** Puts the columns at the beginning of a row. The ends of all time are NULL. */
  void fill(@Nullable Object[] row, Tuple key, Window window) {
    boolean timed = !window.equals(Window.ALL_TIME);
    for (int i = 0; i < sources.size(); i++) {
      int source = sources.get(i);
      row[i] =
          switch (source) {
            case WINDOW_START -> timed ? (Object) window.start() : null;
            case WINDOW_END -> timed ? (Object) window.end() : null;
            default -> key.get(source);
          };
    }
  }
}
