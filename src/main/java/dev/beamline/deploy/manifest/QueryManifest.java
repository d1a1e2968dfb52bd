package dev.beamline.deploy.manifest;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A query of a manifest.
 *
 * @param output whether it is written; else others only read it
 * @param sql the file's text
 * @param plan hash of what it computes from its inputs, whatever the SQL looks like
 * @param queries that it reads
 * @param sources that it reads itself
 * @param columns of its rows as the table has them
 * @param key names of the columns that tell rows apart; empty: none
 * @param window such as {@code TUMBLE(1h)}; {@code none} where there is none
 * @param gridPeriod microseconds from one start of a window to the next; 0: windows have no grid
 * @param gridOffset microseconds since the epoch of some start of a window
 * @param firing when panes fire, and how long late rows are taken
 * @param accumulation as in YAML: a pane holds all rows of its window, or only the new ones
 * @param upsert whether its table has one row a key
 * @param sink where its rows go
 * @param state what its operators keep, one after the other; equal lists can read each other
 */
public record QueryManifest(
    boolean output,
    String sql,
    String plan,
    List<String> queries,
    List<String> sources,
    List<ColumnManifest> columns,
    List<String> key,
    String window,
    long gridPeriod,
    long gridOffset,
    Map<String, String> firing,
    String accumulation,
    boolean upsert,
    SinkManifest sink,
    List<String> state,
    @Nullable String description) {

  public QueryManifest {
    queries = List.copyOf(queries);
    sources = List.copyOf(sources);
    columns = List.copyOf(columns);
    key = List.copyOf(key);
    firing = Collections.unmodifiableMap(new TreeMap<>(firing));
    state = List.copyOf(state);
  }

  QueryManifest withSql(String text) {
    return new QueryManifest(
        output,
        text,
        plan,
        queries,
        sources,
        columns,
        key,
        window,
        gridPeriod,
        gridOffset,
        firing,
        accumulation,
        upsert,
        sink,
        state,
        description);
  }

  public boolean windowed() {
    return !window.equals("none");
  }

  /** A column and its type as BigQuery writes it. */
  public record ColumnManifest(String name, String type) {}

  /**
   * Where rows go.
   *
   * @param table the full name: of a table, topic or file
   * @param settings all else that says how it is written
   */
  public record SinkManifest(String type, String table, Map<String, String> settings) {
    public SinkManifest {
      settings = Collections.unmodifiableMap(new TreeMap<>(settings));
    }
  }
}
