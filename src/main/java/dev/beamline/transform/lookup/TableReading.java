package dev.beamline.transform.lookup;

import dev.beamline.catalog.Schema;
import dev.beamline.catalog.Tuple;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a worker reads a table that changes slowly, again and again. */
public interface TableReading extends Serializable {

  /** How old what was read may become. */
  Duration refresh();

  /** Whether a row meets the version that was current at its event time; else the newest one. */
  default boolean byEventTime() {
    return false;
  }

  /** Where versions are kept for later processes; null: each process knows those it has seen. */
  default @Nullable VersionStore versions() {
    return null;
  }

  /**
   * All rows as they are now.
   *
   * @param columns of the rows
   */
  List<Tuple> read(Schema columns) throws IOException;
}
