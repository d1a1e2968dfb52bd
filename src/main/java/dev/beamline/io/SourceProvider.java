package dev.beamline.io;

import dev.beamline.diagnostic.Problems;
import dev.beamline.transform.lookup.TableReading;
import java.io.IOException;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.jspecify.annotations.Nullable;

/**
 * A source of the project, configured. Its counters, in Beam's metrics under {@link Ledger}, tell
 * how many records were read and refused.
 */
public interface SourceProvider {

  /** The source's name in the project. */
  String name();

  /** Whether it is no stream. */
  boolean bounded();

  /** Whether it ends, as files do also where they are read as a stream. */
  default boolean ends() {
    return bounded();
  }

  /** What can be known to be wrong before anything runs, such as a missing file. */
  void check(Problems problems);

  /**
   * Before a run that reads it from this machine.
   *
   * @throws IOException where it cannot be read, such as a service that is not there
   */
  default void prepare() throws IOException {
    // Most are asked as they are read, and say then what is wrong.
  }

  /** How workers of a stream read it anew; null: it is read once. */
  default @Nullable TableReading reading() {
    return null;
  }

  /**
   * Reads, decodes and feeds the stage, in one step. Step names are below the name under which the
   * caller applies it.
   */
  PCollectionTuple read(PBegin begin, ScanRequest request);
}
