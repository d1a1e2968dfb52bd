package dev.beamline.transform.stage;

import dev.beamline.transform.StageOutput;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the links of a chain know of the row that is on its way. One thread uses it. */
final class Cursor {

  /** The row's event time in microseconds. */
  long eventTime;

  /** The time that the windows are found by, in microseconds. */
  long noted;

  /** Whether the ledger counts the row here: of its copies in several windows one counts. */
  boolean counts;

  /** How often the row has reached the end of the chain. */
  int arrived;

  @Nullable StageOutput output;

  StageOutput output() {
    return Objects.requireNonNull(output);
  }
}
