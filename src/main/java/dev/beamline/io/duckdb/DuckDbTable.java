package dev.beamline.io.duckdb;

import dev.beamline.io.SinkTable;
import java.io.Serializable;
import java.util.Objects;

/**
 * A table of a warehouse as a run writes it.
 *
 * @param path of the database file
 * @param start what becomes of the rows that are there
 * @param run the same for all that one run writes, and for a run that is restored from its own
 *     checkpoint; another for every other. Sequences of changes compare within a run, and any
 *     change of a later run is newer
 * @param commitEachBundle whether a bundle's changes are on disk before the bundle is done, so that
 *     a runner that restarts from checkpoints loses nothing. Else they are committed a moment
 *     later, many bundles at once: right for runners that lose all progress with the process anyway
 * @param numbered whether the sequences of changes are numbers that tell each of them for good: one
 *     that comes a second time is left out. Of tables that are appended to
 */
public record DuckDbTable(
    String path,
    SinkTable table,
    Start start,
    String run,
    boolean commitEachBundle,
    boolean numbered)
    implements Serializable {

  /** What becomes of a table's rows when a run begins. */
  public enum Start {
    /**
     * The run makes the whole table anew: it is written apart and takes the old one's place in
     * {@link DuckDbSink#complete()}, so that until then, and for ever if the run dies, readers see
     * the old one.
     */
    REPLACE_AT_END,
    /** The run makes the whole table anew, and readers see it grow: the old rows go at once. */
    EMPTY,
    /** The run adds to the table. */
    CONTINUE
  }

  /** Changes without numbers. */
  public DuckDbTable(
      String path, SinkTable table, Start start, String run, boolean commitEachBundle) {
    this(path, table, start, run, commitEachBundle, false);
  }

  public DuckDbTable {
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(table, "table");
    if (!run.matches("[A-Za-z0-9_]{1,64}")) {
      throw new IllegalArgumentException("not a run's id: " + run);
    }
  }

  /** The same, for changes that a writer has numbered, whose id outlives the process. */
  DuckDbTable numberedBy(String writer) {
    return new DuckDbTable(path, table, start, writer, commitEachBundle, true);
  }

  /** The table that rows go to while the run goes on. */
  String target() {
    return start == Start.REPLACE_AT_END ? StagingTables.name(table.name(), run) : table.name();
  }
}
