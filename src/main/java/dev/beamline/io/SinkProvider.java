package dev.beamline.io;

import dev.beamline.diagnostic.Problems;
import dev.beamline.transform.Change;
import java.io.IOException;
import org.apache.beam.sdk.values.PCollection;

/**
 * A sink of one query, configured. The process that starts a pipeline calls, in this order: {@link
 * #check}, {@link #prepare}, {@link #write} for the graph (validation builds a graph without ever
 * preparing), and when the pipeline has ended {@link #complete} or {@link #abandon}.
 */
public interface SinkProvider {

  /** The table's name, as {@link Ledger} counts it. */
  String name();

  /** What can be known to be wrong before anything runs. */
  void check(Problems problems);

  /** Makes tables and whatever else must be there before the first row. */
  void prepare() throws IOException;

  /** Adds the writing steps. Step names are below the name that the caller has applied. */
  void write(PCollection<Change> changes);

  /**
   * Whether a runner may go back to a checkpoint inside a run: what it then writes again is in the
   * table once all the same, or comes twice by the user's own choice.
   */
  default boolean survivesRestart() {
    return true;
  }

  /** After success: what was written is all there, and becomes visible where it was not yet. */
  void complete() throws IOException;

  /** After failure: what was not yet visible goes away, as far as it can. */
  void abandon();
}
