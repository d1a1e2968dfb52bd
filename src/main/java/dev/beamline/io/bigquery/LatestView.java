package dev.beamline.io.bigquery;

import dev.beamline.catalog.Schema;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The view of a table of panes that shows the newest pane of each key, so that reports never sum
 * panes.
 *
 * @param key the columns that tell rows of one pane apart
 * @param session the columns of the session's start and end; null: the windows are no sessions. A
 *     session that grew has left panes of its shorter self behind
 */
public record LatestView(List<String> key, @Nullable Session session) implements Serializable {

  /** The columns that hold a session's ends. */
  public record Session(String start, String end) implements Serializable {}

  public LatestView {
    key = List.copyOf(key);
    if (key.isEmpty()) {
      throw new IllegalArgumentException("a view of newest panes needs a key");
    }
  }

  /** The name of the view of a table. */
  static TableId of(TableId table) {
    return table.beside(table.table() + "_latest");
  }

  /** What the view says. */
  String query(TableId table, Schema schema) {
    String newest =
        "SELECT * FROM "
            + table.quoted()
            + " QUALIFY ROW_NUMBER() OVER (PARTITION BY "
            + key.stream().map(LatestView::quoted).collect(Collectors.joining(", "))
            + " ORDER BY pane_index DESC, is_final DESC) = 1";
    if (session == null) {
      return newest;
    }
    String start = quoted(session.start());
    String end = quoted(session.end());
    String same =
        key.stream()
            .filter(c -> !c.equalsIgnoreCase(session.start()) && !c.equalsIgnoreCase(session.end()))
            .map(c -> " AND longer." + quoted(c) + " IS NOT DISTINCT FROM pane." + quoted(c))
            .collect(Collectors.joining());
    Objects.checkIndex(schema.indexOf(session.start()), schema.size());
    return "WITH newest AS ("
        + newest
        + ") SELECT * FROM newest AS pane WHERE NOT EXISTS (SELECT 1 FROM newest AS longer WHERE"
        + " longer."
        + start
        + " <= pane."
        + start
        + " AND longer."
        + end
        + " >= pane."
        + end
        + " AND (longer."
        + start
        + " < pane."
        + start
        + " OR longer."
        + end
        + " > pane."
        + end
        + ")"
        + same
        + ")";
  }

  private static String quoted(String column) {
    return "`" + column + "`";
  }
}
