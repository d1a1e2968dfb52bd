package dev.beamline.sql.analyzer;

import dev.beamline.diagnostic.DiagnosticCode;
import dev.beamline.diagnostic.Place;

/** Functions and clauses whose result is not the same each time. */
final class Determinism {

  private Determinism() {}

  /** Refuses it in a stream, where a restart would give other rows; warns in a batch. */
  static void report(Compilation compilation, String what, Place place) {
    String hint =
        what.startsWith("LIMIT")
            ? "add ORDER BY"
            : what.startsWith("CURRENT_")
                ? "use the event's own time, or window_end"
                : "compute it from columns, as with FARM_FINGERPRINT(event_id)";
    String message = what + " does not give the same each time";
    if (compilation.context().streaming()) {
      compilation.error(
          DiagnosticCode.NOT_DETERMINISTIC,
          place,
          message + ", so a stream that restarts would give other rows",
          hint);
    } else if (!compilation.context().adHoc()) {
      compilation.warning(DiagnosticCode.NOT_DETERMINISTIC, place, message, hint);
    }
  }
}
